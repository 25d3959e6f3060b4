// <button data-confirm="Delete this post?"> asks first. <a href="#id" data-opens> shows that section as a dialog.
{
  const ask = (question, verb, agreed) => {
    const no = make("button", { className: "button quiet", type: "submit", value: "no", textContent: words.no })
    const yes = make("button", { className: "button danger", type: "submit", value: "yes", textContent: verb })
    const form = make("form", { method: "dialog", className: "buttons" }, yes, no)
    const title = make("h2", { id: "question", textContent: question })
    const dialog = make("dialog", { className: "dialog" }, title, form)
    dialog.setAttribute("aria-labelledby", "question")
    dialog.addEventListener("close", () => {
      dialog.remove()
      if (dialog.returnValue === "yes") agreed()
    })
    document.body.append(dialog)
    dialog.showModal()
    no.focus()
  }

  document.addEventListener("submit", (event) => {
    const button = event.submitter
    if (!button?.dataset.confirm || button.agreed) return
    event.preventDefault()
    event.stopImmediatePropagation()
    ask(button.dataset.confirm, button.textContent.trim(), () => {
      button.agreed = true
      event.target.requestSubmit(button)
      button.agreed = false
    })
  }, true)

  eachTime("section[data-dialog]", (section) => {
    const dialog = make("dialog", { className: section.className, id: section.id })
    dialog.setAttribute("aria-labelledby", section.getAttribute("aria-labelledby"))
    const wrong = section.querySelector(".error-summary")
    dialog.append(...section.childNodes)
    section.replaceWith(dialog)
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close())
    if (wrong || location.hash === `#${dialog.id}`) dialog.showModal()
  })

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]")
    const dialog = opener && document.querySelector(opener.getAttribute("href") ?? opener.dataset.opens)
    if (dialog?.showModal) {
      event.preventDefault()
      dialog.showModal()
    }
    if (event.target.closest("dialog [data-closes]")) event.target.closest("dialog").close()
  })
}
