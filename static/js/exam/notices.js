// Saying things: what is saved, a strip about the network, and a notice above the buttons with a link or a button that cures it.

import { say } from "./words.js";

const find = (id) => document.getElementById(id);

export function net(text) {
  if (find("net-text").textContent === text) return; // a status that is said again and again is noise
  find("net-text").textContent = text;
  find("net").hidden = !text;
}

/** `cure` is an address, or what is to be done. */
export function notice(text, label = "", cure = null) {
  const held = !text && find("notice").contains(document.activeElement);
  find("notice-text").textContent = text;
  find("notice").hidden = !text;
  const [link, button] = [find("notice-link"), find("notice-button")];
  link.hidden = typeof cure !== "string";
  button.hidden = typeof cure !== "function";
  if (typeof cure === "string") { link.href = cure; link.textContent = label; }
  if (typeof cure === "function") { button.textContent = label; button.onclick = cure; }
  if (held) find("stem").focus({ preventScroll: true }); // whoever used its button goes on with the question
}

/** A notice that stays until it was read. */
export function tell(text) {
  notice(text, say("understood"), () => notice(""));
}

/** The dot and the words in the bar: "saved" only while nothing waits here and nothing was refused. Answers what is shown. */
export function saving(state, waiting, refused) {
  const words = state === "saved" ? (waiting ? "saving" : refused ? "unsaved" : "saved") : state;
  find("saved").dataset.state = { unsaved: "waiting", readOnly: "saving" }[words] ?? words;
  find("saved-text").textContent = say(words, { n: words === "unsaved" ? refused : waiting });
  return words;
}
