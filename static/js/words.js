// What the scripts say, in the reader's language; and one way to make an element. Everything works without any of this.
document.documentElement.classList.add("js")
const words = JSON.parse(document.body.dataset.words)
const sprite = document.querySelector("use")?.getAttribute("href").split("#")[0]

const make = (name, attributes = {}, ...children) => {
  const element = Object.assign(document.createElement(name), attributes)
  element.append(...children)
  return element
}

const drawing = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use")
  svg.setAttribute("class", "icon")
  svg.setAttribute("aria-hidden", "true")
  use.setAttribute("href", `${sprite}#${name}`)
  svg.append(use)
  return svg
}

// Runs now for what is on the page, and again for whatever HTMX brings.
const eachTime = (selector, start) => {
  const begin = (root) => {
    for (const element of [root, ...root.querySelectorAll(selector)])
      if (element.matches(selector) && !element.started?.has(start)) {
        (element.started ??= new Set()).add(start)
        start(element)
      }
  }
  begin(document.body)
  document.addEventListener("htmx:after:process", (event) => event.target.matches && begin(event.target))
}
