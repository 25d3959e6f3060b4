// Pictures are shown before they are sent, put in order with buttons, and made no larger than 2,000 px to save data.
{
  const longest = 2000

  const smaller = async (file) => {
    try {
      const bitmap = await createImageBitmap(file)
      const scale = longest / Math.max(bitmap.width, bitmap.height)
      if (scale >= 1) return file
      const canvas = make("canvas", { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) })
      canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height)
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85))
      return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" })
    } catch {
      return file // the server reads more kinds than this browser does
    }
  }

  eachTime("[data-photos]", (picker) => {
    const input = picker.querySelector("input[multiple]")
    const camera = picker.querySelector("input[capture]")
    const most = Number(picker.dataset.photos)
    const list = make("ol", { className: "photo-previews" })
    let files = []
    picker.append(list)

    const button = (symbol, label, act, disabled = false) => {
      const one = make("button", { type: "button", disabled, title: label }, drawing(symbol))
      one.setAttribute("aria-label", label)
      one.addEventListener("click", act)
      return one
    }

    const show = () => {
      const transfer = new DataTransfer()
      files.forEach((file) => transfer.items.add(file))
      input.files = transfer.files
      list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src))
      list.replaceChildren(...files.map((file, index) => {
        const label = `${words.photo} ${index + 1}`
        const move = (by) => () => {
          files.splice(index + by, 0, ...files.splice(index, 1))
          show()
          list.children[index + by].querySelectorAll("button")[by < 0 ? 0 : 1].focus()
        }
        const remove = () => {
          files.splice(index, 1)
          show()
          input.focus()
        }
        return make("li", {}, make("img", { src: URL.createObjectURL(file), alt: label }), make("div", {},
          button("arrow-left", `${label}: ${words.left}`, move(-1), index === 0),
          button("arrow-right", `${label}: ${words.right}`, move(1), index === files.length - 1),
          button("trash-2", `${label}: ${words.remove}`, remove)))
      }))
    }

    const add = async (chosen) => {
      const added = await Promise.all([...chosen].map(smaller))
      input.setCustomValidity("")
      if (files.length + added.length > most) {
        input.setCustomValidity(`${words.toomany} ${most}`)
        input.reportValidity()
        input.setCustomValidity("")
      }
      files = [...files, ...added].slice(0, most)
      show()
    }

    input.addEventListener("change", () => add(input.files))
    camera?.addEventListener("change", async () => {
      await add(camera.files)
      camera.value = "" // it is among the others now
    })
    input.form?.addEventListener("reset", () => { files = []; show() })
  })
}
