// What was ticked off under data-ticks="name" is kept on this device, for this account, until somebody signs out.
{
  const mine = `ticks:${document.body.dataset.account ?? "guest"}:`
  const store = (act) => { try { return act(localStorage) } catch { return null } } // storage may be full or forbidden
  eachTime("[data-ticks]", (list) => {
    const name = mine + list.dataset.ticks
    const boxes = [...list.querySelectorAll("input[type=checkbox]")]
    const ticked = JSON.parse(store((box) => box.getItem(name)) ?? "[]")
    for (const box of boxes) if (ticked.includes(box.name)) box.checked = true
    list.addEventListener("change", () => {
      const now = boxes.filter((box) => box.checked).map((box) => box.name)
      store((box) => now.length ? box.setItem(name, JSON.stringify(now)) : box.removeItem(name))
    })
  })
  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action, location).pathname !== "/logout") return
    store((box) => Object.keys(box).filter((key) => key.startsWith("ticks:")).forEach((key) => box.removeItem(key)))
  })
}
