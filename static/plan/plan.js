// Plans that can be moved and enlarged, and a pin that is put on one by finger, mouse or keyboard. Leaflet is fetched
// once a plan is looked at; without it the drawing stays, and a place is told by building and words.
{
  const thousandths = 1000
  let coming

  const leaflet = (frame) => (coming ??= new Promise((done, failed) => {
    const sheet = make("link", { rel: "stylesheet", href: frame.dataset.leafletCss })
    const ours = document.querySelector('link[href*="plan/plan.css"]')
    sheet.onload = () => {
      document.head.append(make("script", { src: frame.dataset.leaflet, onload: () => done(window.L), onerror: failed }))
    }
    sheet.onerror = failed
    ours ? ours.before(sheet) : document.head.append(sheet)
  }))

  const sizeOf = (address) => new Promise((done, failed) => {
    const image = new Image()
    image.onload = () => done([image.naturalWidth, image.naturalHeight])
    image.onerror = failed
    image.src = address
  })

  // A map of the picture; `at` turns thousandths into its places, `where` the other way.
  const draw = async (frame, address, label) => {
    const [L, [width, height]] = await Promise.all([leaflet(frame), sizeOf(address)])
    const room = make("div", { className: "plan-map" })
    frame.replaceChildren(room)
    frame.classList.add("moves")
    frame.style.aspectRatio = `${width} / ${height}`
    const bounds = L.latLngBounds([0, 0], [height, width])
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches
    const map = L.map(room, {
      crs: L.CRS.Simple, attributionControl: false, minZoom: -6, maxZoom: 2, zoomSnap: 0.25, zoomControl: false,
      maxBounds: bounds.pad(0.2), maxBoundsViscosity: 1, scrollWheelZoom: false,
      zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
    })
    L.control.zoom({ zoomInTitle: frame.dataset.nearer, zoomOutTitle: frame.dataset.farther }).addTo(map)
    L.imageOverlay(address, bounds, { alt: label }).addTo(map)
    map.fitBounds(bounds)
    map.setMinZoom(map.getZoom())
    room.setAttribute("role", "group")
    room.setAttribute("aria-label", label)
    const pin = (number) => L.divIcon({ className: "plan-pin", html: number ? String(Number(number)) : "", iconSize: [26, 26], iconAnchor: [0, 26] })
    const at = (across, down) => [height - (down * height) / thousandths, (across * width) / thousandths]
    const where = ({ lat, lng }) => [Math.round((lng / width) * thousandths), Math.round(((height - lat) / height) * thousandths)]
    return { L, map, pin, at, where }
  }

  eachTime("[data-plan]", (frame) => {
    const drawing = frame.querySelector("svg")
    const marks = [...frame.querySelectorAll(".plan-mark")].map((mark) => ({ ...mark.dataset }))
    const watch = new IntersectionObserver(async (seen) => {
      if (!seen.some((entry) => entry.isIntersecting)) return
      watch.disconnect()
      try {
        const { L, map, pin, at } = await draw(frame, frame.dataset.plan, drawing.getAttribute("aria-label"))
        for (const mark of marks) {
          const one = L.marker(at(mark.across, mark.down), { icon: pin(mark.number), title: mark.label, alt: mark.label, keyboard: Boolean(mark.href) })
          if (mark.href) one.on("click", () => location.assign(mark.href))
          one.addTo(map)
        }
      } catch { frame.replaceChildren(drawing) }
    })
    watch.observe(frame)
  })

  eachTime("[data-pin-field]", (picker) => {
    const field = document.getElementById(picker.dataset.pinField)
    const frame = picker.querySelector(".plan-frame")
    const choices = [...picker.querySelectorAll(".plan-choice")]
    const told = make("p", { className: "meta" })
    told.setAttribute("role", "status")
    const [put, left, up, down, right, away] = picker.dataset.steps.split("|")
    let plan, marker, compound

    const read = () => field.value.match(/^(\d+):(-?\d+),(-?\d+)$/)?.slice(1).map(Number)
    const say = (words) => { told.textContent = words }
    const show = () => {
      const pin = read()
      marker?.remove()
      marker = undefined
      if (!pin || String(pin[0]) !== compound) return say(picker.dataset.none)
      marker = plan.L.marker(plan.at(pin[1], pin[2]), { icon: plan.pin(), draggable: true, keyboard: false, alt: "" }).addTo(plan.map)
      marker.on("dragend", () => set(...plan.where(marker.getLatLng())))
      say(picker.dataset.at.replace("{across}", `${Math.round(pin[1] / 10)}%`).replace("{down}", `${Math.round(pin[2] / 10)}%`))
    }
    const set = (across, downwards) => {
      if (Math.min(across, downwards) < 0 || Math.max(across, downwards) > thousandths) {
        show()
        return say(picker.dataset.outside)
      }
      field.value = `${compound}:${across},${downwards}`
      field.dispatchEvent(new Event("input", { bubbles: true }))
      show()
    }
    const move = (across, downwards) => () => {
      const pin = read() ?? [0, 500, 500]
      set(Math.max(0, Math.min(thousandths, pin[1] + across)), Math.max(0, Math.min(thousandths, pin[2] + downwards)))
      plan.map.panTo(plan.at(...read().slice(1)))
    }
    const button = (symbol, label, act, said = "") => {
      const one = make("button", { type: "button", className: "button quiet small", title: label }, drawing(symbol), said)
      if (!said) one.setAttribute("aria-label", label)
      one.addEventListener("click", act)
      return one
    }
    const steps = make("div", { className: "plan-steps" },
      button("map-pin", put, () => { if (!read()) set(500, 500) }, put),
      button("arrow-left", left, move(-20, 0)), button("arrow-up", up, move(0, -20)),
      button("arrow-down", down, move(0, 20)), button("arrow-right", right, move(20, 0)),
      button("trash-2", away, () => { field.value = ""; show() }))

    const choose = async (choice) => {
      compound = choice.dataset.compound
      choices.forEach((each) => each.setAttribute("aria-pressed", each === choice))
      plan?.map.remove()
      plan = await draw(frame, choice.dataset.picture, choice.textContent)
      plan.map.on("click", ({ latlng }) => set(...plan.where(latlng)))
      show()
    }
    const open = async () => {
      if (plan) return
      const first = choices.find((each) => Number(each.dataset.compound) === read()?.[0]) ?? choices[0]
      choices.forEach((each) => { each.hidden = choices.length < 2; each.onclick = () => choose(each) })
      try {
        await choose(first)
        frame.after(steps, told)
        show()
      } catch { frame.replaceChildren() }
    }
    const fold = picker.closest("details")
    fold.open ? open() : fold.addEventListener("toggle", open, { once: true })
  })
}
