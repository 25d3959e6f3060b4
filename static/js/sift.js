// A long list of boxes marked data-sift="Find one" gets a field above it: what is typed hides what does not hold it.
eachTime("[data-sift]", (list) => {
  const field = make("input", { type: "search", className: "input", autocomplete: "off" })
  field.setAttribute("aria-label", list.dataset.sift)
  field.placeholder = list.dataset.sift
  const sift = () => {
    const wanted = field.value.trim()
    const fits = (box) => box.textContent.includes(wanted)
    for (const box of list.querySelectorAll(".choice")) box.hidden = !fits(box) && !box.querySelector(":checked")
    for (const branch of list.querySelectorAll(".branch")) {
      const own = branch.querySelector(".choice")
      const inside = [...branch.querySelectorAll("details .choice")]
      const found = inside.some(fits)
      if (wanted && fits(own)) for (const box of inside) box.hidden = false
      own.hidden = false
      branch.hidden = Boolean(wanted) && !found && !fits(own) && !branch.querySelector(":checked")
      branch.querySelector("details").open = Boolean((wanted && found) || branch.querySelector("details :checked"))
    }
  }
  field.addEventListener("input", sift)
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault())
  list.querySelector(".choice, .branch")?.before(field)
})
