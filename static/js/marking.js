// Marking by number keys, and a comment that outlives a reload or a new sign-in. The page works without it.

const form = document.querySelector("form[data-marking]");
const DRAFT = "marking:", SENT = "marking-sent";

if (form) {
  const name = DRAFT + form.dataset.marking;
  const comment = form.elements.namedItem("comment");
  const sent = sessionStorage.getItem(SENT);
  if (sent && sent !== name) {  // it was kept: this is the next answer
    sessionStorage.removeItem(sent);
    sessionStorage.removeItem(SENT);
  }
  const draft = sessionStorage.getItem(name);
  if (draft !== null && !comment.value) comment.value = draft;
  comment.addEventListener("input", () => sessionStorage.setItem(name, comment.value));
  document.addEventListener("submit", (event) => { if (event.target === form && !event.defaultPrevented) sessionStorage.setItem(SENT, name); });

  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("textarea, input, select, dialog") || document.querySelector("dialog[open]")) return;
    const button = /^[0-4]$/.test(event.key) && form.querySelector(`button[name="mark"][value="${event.key}"]`);
    if (!button) return;
    event.preventDefault();
    button.focus();
    form.requestSubmit(button);
  });
}
