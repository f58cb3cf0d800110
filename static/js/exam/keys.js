// The keyboard: arrows go from question to question, letters and digits choose, * flags, ? helps.

const TYPED = "textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]";

/** `room` does: forward(), back(), flag(), help(), press(index) and says whether it is `ready()`. */
export function listen(room) {
  document.addEventListener("keydown", (event) => {
    if (!room.ready() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.target.closest(TYPED)) return;
    if (act(room, event)) event.preventDefault();
  });
}

function act(room, event) {
  const { key, target } = event;
  if (key === "ArrowRight") return room.forward(false);
  if (key === "ArrowLeft") return room.back();
  if (key === "?") return room.help();
  if (!document.getElementById("main").contains(target)) return false; // letters act only while the question has the focus
  if (key === "Enter") return target.closest("button, a, summary") ? false : room.forward(true);
  if (key === "*") return room.flag();
  const index = /^[1-9]$/.test(key) ? Number(key) - 1 : /^[a-z]$/i.test(key) ? key.toUpperCase().charCodeAt(0) - 65 : -1;
  return index >= 0 && room.press(index);
}
