// A post that stayed open for a moment is read: its board no longer shows it as new.
{
  const tell = () => {
    const post = document.querySelector("[data-read]")
    if (!post || document.hidden) return
    const token = post.querySelector("input[name=csrf]")?.value
    if (!token) return
    fetch(post.dataset.read, { method: "POST", headers: { "X-CSRF-Token": token }, keepalive: true }).catch(() => {})
  }
  addEventListener("load", () => setTimeout(tell, 1000))
}
