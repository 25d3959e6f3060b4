// <form data-kept="/page"> is sent without leaving the page. Without a network it waits on this phone, for this account,
// and is sent once there is one: its `once` number lets the server write it once, however often it arrives.
{
  const account = document.body.dataset.account ?? "guest"
  const prefix = `visit:${account}:`
  const week = 7 * 24 * 3600 * 1000
  const store = (act) => { try { return act(localStorage) } catch { return null } } // storage may be full or forbidden
  const waiting = () => store((box) => Object.keys(box).filter((key) => key.startsWith(prefix))) ?? []
  const token = () => document.querySelector("[name=csrf]")?.value ?? ""

  const say = (form, text, tone) => {
    const line = make("p", { className: `notice ${tone}` }, text)
    line.setAttribute("role", "status")
    form.closest("details").replaceWith(line)
  }

  const post = (action, fields) => fetch(action, { method: "POST", headers: { "X-CSRF-Token": token() }, body: new URLSearchParams(fields) })

  eachTime("form[data-kept]", (form) => form.addEventListener("submit", async (event) => {
    event.preventDefault()
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrf")
    try {
      const answer = await post(form.action, fields)
      if (answer.ok) say(form, form.dataset.keptDone, "good")
      else form.submit() // the page with the mistakes, as without JavaScript
    } catch {
      const kept = store((box) => { box.setItem(prefix + fields.find(([name]) => name === "once")[1], JSON.stringify({ at: Date.now(), action: form.action, fields })); return true })
      if (kept) say(form, form.dataset.keptWaits, "warn")
    }
  }))

  // One after the other. What the server took is forgotten here; what it refuses is told, and forgotten after a week.
  let sending = false
  const send = async () => {
    const list = document.querySelector("[data-kept-list]")
    if (sending || !list) return
    sending = true
    for (const key of waiting()) {
      const { at, action, fields } = JSON.parse(localStorage.getItem(key))
      try {
        const answer = await post(action, fields)
        if (answer.ok || Date.now() - at > week) localStorage.removeItem(key)
      } catch { break }
    }
    sending = false
    const left = waiting().length
    list.hidden = !left
    list.className = "notice warn"
    list.textContent = left ? `${list.dataset.keptList} ${left}` : ""
  }
  addEventListener("online", send)
  send()
}
