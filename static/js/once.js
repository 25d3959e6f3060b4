// A form on its way is not sent a second time by an impatient thumb.
{
  const sending = new Set()
  const free = (form) => {
    sending.delete(form)
    form?.querySelectorAll?.("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"))
  }

  document.addEventListener("submit", (event) => {
    const form = event.target
    if (form.method !== "post") return
    if (sending.has(form)) {
      event.preventDefault()
      event.stopImmediatePropagation()
      return
    }
    sending.add(form)
    event.submitter?.setAttribute("aria-disabled", "true")
    setTimeout(() => free(form), 20000)
  }, true)

  addEventListener("pageshow", () => [...sending].forEach(free))
  document.addEventListener("htmx:finally:request", (event) => free(event.detail.ctx.request.form ?? event.target))
}
