// One question on the page: what all kinds share. How it is answered is its kind's own (kinds/).
// Everything that comes from the server is put in as text, or built from a short list of tags (rich.js).

import { Choice } from "./kinds/choice.js";
import { Fill } from "./kinds/fill.js";
import { Match } from "./kinds/match.js";
import { Order } from "./kinds/order.js";
import { Short } from "./kinds/short.js";
import { put } from "./rich.js";
import { say } from "./words.js";

/** By kind: its word, what answers it, and a hint above it. */
const KINDS = {
  single: ["single", Choice, ""],
  multiple: ["multiple", Choice, "pickSeveral"],
  true_false: ["trueFalse", Choice, ""],
  situational: ["situational", Choice, "pickBest"],
  order: ["order", Order, "hintOrder"],
  match: ["match", Match, "hintMatch"],
  fill: ["fill", Fill, "hintFill"],
  short: ["short", Short, "hintShort"],
};
const find = (id) => document.getElementById(id);

export class Question {
  /** `onChange(slot, answer or null)` is told of every change, down to the letter, before anything else happens. */
  constructor(onChange) {
    this.onChange = onChange;
    this.locked = false;
    find("clear").addEventListener("click", () => {
      if (this.locked) return;
      this.part.fill(null);
      this.changed(null);
      this.focus();
    });
  }

  show(item, answer) {
    const [word, Part, hint] = KINDS[item.kind];
    this.item = item;
    find("kind").textContent = say("points", { kind: say(word), points: item.points });
    put(find("stem"), { text: item.stem, html: item.html });
    find("stem").classList.remove("visually-hidden");
    find("hint").textContent = hint ? say(hint) : "";
    find("hint").hidden = !hint;
    find("question-speaker").textContent = "";
    find("choices").className = "choices";
    this.part = new Part(item, find("choices"), (changed) => this.changed(changed));
    find("skeleton").hidden = true;
    find("question").hidden = false;
    this.fill(answer);
  }

  /** Show `answer`, which came from elsewhere or from before. */
  fill(answer) {
    this.known = answer;
    this.part.fill(answer);
    this.lock(this.locked);
  }

  changed(answer) {
    if (this.locked) { // a row that was still held, a word still being composed: nobody keeps it, so it is not shown
      this.part.fill(this.known);
      return;
    }
    this.known = answer;
    this.offerClear(answer);
    this.onChange(this.item.slot, answer);
  }

  /** What is typed is deleted like any text; everything else is cleared by the button. */
  offerClear(answer) {
    find("clear").hidden = this.locked || this.part.typed || answer === null || answer === undefined;
  }

  /** Choose or drop the option of that index, as a click would; false where there is none. */
  press(index) {
    return !this.locked && (this.part.press?.(index) ?? false);
  }

  lock(locked) {
    this.locked = locked;
    this.part?.lock(locked);
    if (this.part) this.offerClear(this.part.answer());
  }

  focus() { find("stem").focus({ preventScroll: true }); }

  /** Whether something is still to do: nothing said, a gap left empty, a pair not made. */
  blank(item, answer) {
    if (answer === null || answer === undefined) return true;
    if (item.kind === "fill") return [...Array(item.blanks).keys()].some((at) => !String(answer[at] ?? "").trim());
    if (item.kind === "match") return item.left.some((one) => !(one.id in answer));
    return typeof answer === "string" ? !answer.trim() : !answer.length;
  }
}
