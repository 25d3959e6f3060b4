// An open menu closes on Escape and on a touch elsewhere.
{
  const close = (except) => document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(except)) menu.open = false
  })

  document.addEventListener("click", (event) => close(event.target))
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]")
    if (!menu) return
    menu.open = false
    menu.querySelector("summary").focus()
  })
}
