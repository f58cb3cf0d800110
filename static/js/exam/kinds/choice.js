// One option or several: tiles with a real radio button or checkbox in them.

import { put } from "../rich.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export class Choice {
  /** `tell(answer or null)`: the person chose. */
  constructor(item, place, tell) {
    this.many = item.kind === "multiple";
    this.place = place;
    this.tell = tell;
    place.replaceChildren(...item.options.map((option, index) => this.tile(option, index)));
  }

  tile(option, index) {
    const tile = document.getElementById(this.many ? "tile-many" : "tile-one").content.cloneNode(true);
    const input = tile.querySelector("input");
    input.value = option.id;
    input.addEventListener("change", () => this.tell(this.answer()));
    tile.querySelector(".choice-letter span").textContent = LETTERS[index] ?? "";
    put(tile.querySelector(".choice-text"), option);
    return tile;
  }

  inputs() { return [...this.place.querySelectorAll("input")]; }

  answer() {
    const chosen = this.inputs().filter((input) => input.checked).map((input) => input.value);
    return this.many ? (chosen.length ? chosen : null) : chosen[0] ?? null;
  }

  fill(answer) {
    const chosen = new Set([answer].flat());
    for (const input of this.inputs()) input.checked = chosen.has(input.value);
  }

  lock(locked) {
    for (const input of this.inputs()) input.disabled = locked;
  }

  press(index) {
    const input = this.inputs()[index];
    if (!input || input.disabled) return false;
    input.focus();
    if (this.many || !input.checked) input.click();
    return true;
  }
}
