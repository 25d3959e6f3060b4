// A list marked data-keys is walked by keys: J and K from row to row, X ticks, T takes, R replies, O opens, ? tells them.
// They rest while somebody types, and can be switched off on this device (WCAG 2.1.4).
{
  const KEPT = "keys-off"
  const typing = (element) => element?.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")
  const off = () => localStorage.getItem(KEPT) === "1"
  const rows = () => [...document.querySelectorAll("[data-keys] [data-row]")].filter((row) => row.offsetParent)
  const current = () => document.querySelector("[data-row].here")

  const go = (by) => {
    const all = rows()
    if (!all.length) return
    const at = all.indexOf(current())
    const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]
    current()?.classList.remove("here")
    next.classList.add("here")
    next.querySelector("h3 a")?.focus()
    next.scrollIntoView({ block: "nearest" })
  }

  const press = (selector) => current()?.querySelector(selector)?.click()
  const deeds = {
    j: () => go(1),
    k: () => go(-1),
    x: () => press(".tick input"),
    t: () => press("[data-take]"),
    r: () => press("[data-reply]"),
    o: () => press("h3 a"),
    "?": () => {
      const keys = document.getElementById("keys")
      keys.open = !keys.open
      if (keys.open) keys.querySelector("summary").focus()
    },
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat && event.key === "t") return
    const deed = deeds[event.key.toLowerCase()]
    if (!deed || off() || typing(event.target) || !document.querySelector("[data-keys]")) return
    event.preventDefault()
    deed()
  })

  eachTime("[data-keys-switch]", (place) => {
    const box = place.querySelector("input")
    place.hidden = false
    box.checked = !off()
    box.addEventListener("change", () => box.checked ? localStorage.removeItem(KEPT) : localStorage.setItem(KEPT, "1"))
  })
}
