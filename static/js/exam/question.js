// One question on the page. Everything that comes from the server is put in as text.

import { say } from "./words.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const NAMES = { single: "single", multiple: "multiple", true_false: "trueFalse", situational: "situational" };
const find = (id) => document.getElementById(id);

export class Question {
  constructor(onChange) {
    this.onChange = onChange;
    this.locked = false;
    find("choices").addEventListener("change", () => this.changed());
    find("clear").addEventListener("click", () => this.fill(null, true));
  }

  show(item, answer) {
    this.item = item;
    this.many = item.kind === "multiple";
    find("kind").textContent = say("points", { kind: say(NAMES[item.kind] ?? "single"), points: item.points });
    find("stem").textContent = item.stem;
    find("hint").textContent = this.many ? say("pickSeveral") : "";
    find("hint").hidden = !this.many;
    find("choices").replaceChildren(...item.options.map((option, index) => this.tile(option, index)));
    find("skeleton").hidden = true;
    find("question").hidden = false;
    this.fill(answer);
  }

  tile(option, index) {
    const tile = find(this.many ? "tile-many" : "tile-one").content.cloneNode(true);
    const input = tile.querySelector("input");
    input.value = option.id;
    input.disabled = this.locked;
    tile.querySelector(".choice-letter span").textContent = LETTERS[index] ?? "";
    tile.querySelector(".choice-text").textContent = option.text;
    return tile;
  }

  inputs() { return [...find("choices").querySelectorAll("input")]; }

  /** Show `answer` (an id, a list of ids or null); with `tell` it counts as the person's own doing. */
  fill(answer, tell = false) {
    const chosen = new Set([answer].flat());
    for (const input of this.inputs()) input.checked = chosen.has(input.value);
    find("clear").hidden = this.locked || !this.inputs().some((input) => input.checked);
    if (tell) this.changed();
  }

  changed() {
    if (this.locked) return;
    const chosen = this.inputs().filter((input) => input.checked).map((input) => input.value);
    find("clear").hidden = !chosen.length;
    this.onChange(this.item.slot, this.many ? (chosen.length ? chosen : null) : chosen[0] ?? null);
  }

  /** Choose or drop the option of that index, as a click would. */
  press(index) {
    const input = this.inputs()[index];
    if (!input || input.disabled) return false;
    input.focus();
    if (this.many || !input.checked) input.click();
    return true;
  }

  lock(locked) {
    this.locked = locked;
    for (const input of this.inputs()) input.disabled = locked;
    find("clear").hidden = locked || !this.inputs().some((input) => input.checked);
  }

  focus() { find("stem").focus({ preventScroll: true }); }
}
