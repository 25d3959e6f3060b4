// <form data-draft="goods-new"> keeps what was typed on this device, for this account, until it is sent or two weeks old.
{
  const account = document.body.dataset.account ?? "guest"
  const mine = `draft:${account}:`
  const twoWeeks = 14 * 24 * 3600 * 1000
  const nameOf = (form) => `${mine}${location.pathname}:${form.dataset.draft}`
  const kept = (element) => element.name && !["hidden", "password", "file", "submit", "button"].includes(element.type)
  const ticks = (element) => ["checkbox", "radio"].includes(element.type)
  const store = (act) => { try { return act(localStorage) } catch { return null } } // storage may be full or forbidden

  const typed = (form) => [...form.elements].filter(kept).map((element) => [element.name, element.value, ticks(element) ? element.checked : null])
  const untouched = (form) => [...form.elements].filter(kept).every((element) =>
    ticks(element) ? element.checked === element.defaultChecked
      : element.options ? [...element.options].every((option) => option.selected === option.defaultSelected) || element.selectedIndex === 0
        : element.value === element.defaultValue)

  const restore = (form, values) => {
    for (const [name, value, checked] of values)
      for (const element of form.elements)
        if (element.name === name && kept(element))
          if (checked === null) element.value = value
          else if (element.value === value) element.checked = checked
  }

  const note = (form) => {
    const button = make("button", { type: "button", className: "button plain small", textContent: words.fresh })
    const line = make("p", { className: "draft-note" }, words.drafted, " ", button)
    line.setAttribute("role", "status")
    button.addEventListener("click", () => {
      store((box) => box.removeItem(nameOf(form)))
      form.reset()
      line.remove()
    })
    form.prepend(line)
  }

  // Sent and answered without a mistake: the page that a submit leads to is a new one, not a reload or a step back.
  const sent = sessionStorage.getItem("sent")
  const arrived = performance.getEntriesByType("navigation")[0]?.type === "navigate"
  if (sent && arrived && !document.querySelector(".error-summary")) store((box) => box.removeItem(sent))
  sessionStorage.removeItem("sent")

  eachTime("form[data-draft]", (form) => {
    const name = nameOf(form)
    const draft = JSON.parse(store((box) => box.getItem(name)) ?? "null")
    if (draft && Date.now() - draft.at < twoWeeks && untouched(form) && !form.querySelector(".error-summary")) {
      restore(form, draft.values)
      if (!untouched(form)) note(form)
    }
    let timer
    form.addEventListener("input", () => {
      clearTimeout(timer)
      timer = setTimeout(() => store((box) => box.setItem(name, JSON.stringify({ at: Date.now(), values: typed(form) }))), 300)
    })
    form.addEventListener("submit", () => {
      clearTimeout(timer)
      store((box) => box.setItem(name, JSON.stringify({ at: Date.now(), values: typed(form) })))
      sessionStorage.setItem("sent", name)
    })
    form.addEventListener("htmx:after:request", (event) => {
      sessionStorage.removeItem("sent")
      if (event.detail.ctx.response.status < 400) store((box) => box.removeItem(name))
    })
  })

  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action, location).pathname !== "/logout") return
    store((box) => Object.keys(box).filter((key) => key.startsWith("draft:")).forEach((key) => box.removeItem(key)))
  })
}
