// Mistakes are said aloud (autofocus takes the reader there), and so is what HTMX brings and a fallen network.
{
  const live = document.getElementById("live")
  const say = (text) => {
    live.textContent = ""
    setTimeout(() => { live.textContent = text }, 50)
  }

  eachTime(".error-summary", () => say(words.errors))

  eachTime("[data-announce]", (element) => say(element.dataset.announce))

  document.addEventListener("htmx:after:swap", (event) => {
    const swapped = event.detail.ctx.target
    if (!swapped?.querySelector?.("[data-announce], .error-summary, [role=status]")) say(words.updated)
  })

  document.addEventListener("htmx:error", (event) => {
    if (!event.detail.ctx || event.detail.ctx.response) return
    const notice = make("div", { className: "notice warn" }, drawing("triangle-alert"), make("div", {}, make("p", { textContent: words.offline })))
    document.getElementById("flash")?.replaceChildren(notice)
    notice.scrollIntoView({ block: "nearest" })
  })

  document.querySelectorAll(".board-strip [aria-current], .tabs [aria-current]").forEach((current) => {
    const strip = current.parentElement
    strip.scrollLeft = current.offsetLeft - (strip.clientWidth - current.clientWidth) / 2
  })
}
