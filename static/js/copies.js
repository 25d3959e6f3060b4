// <button data-copies="#text" data-copy="Copy" data-copied="Copied"> puts a text on the clipboard, then sends its form.
eachTime("[data-copies]", (button) => {
  const text = document.querySelector(button.dataset.copies)
  button.textContent = button.dataset.copy
  button.addEventListener("click", () => {
    text.select()
    const copied = navigator.clipboard?.writeText(text.value) ?? (document.execCommand("copy") ? Promise.resolve() : Promise.reject())
    copied.then(() => { button.textContent = button.dataset.copied }).catch(() => {}) // it stays selected: copy it by hand
  })
})
