// Gaps in a sentence: an input where each gap is, all equally long. The heading keeps the sentence for
// screen readers, with the gaps numbered; sighted people read the one with the inputs.

import { nodes } from "../rich.js";
import { say } from "../words.js";

const GAP = /[_＿]{2,}/;
const LONGEST = 200;

export class Fill {
  constructor(item, place, tell) {
    this.tell = tell;
    this.typed = true;
    this.inputs = [];
    const parts = item.stem.split(GAP);
    const sentence = document.createElement(item.html ? "div" : "p");
    sentence.className = "question-stem fill-sentence";
    sentence.append(...(item.html ? nodes(item.html) : [item.stem]));
    this.open(sentence, item.blanks);
    if (parts.length === 1) sentence.classList.add("fill-whole"); // a question without a gap is answered below it
    const heading = document.getElementById("stem");
    heading.textContent = parts.reduce((text, part, at) => `${text} ${say("gap", { n: at, total: item.blanks })} ${part}`);
    heading.classList.add("visually-hidden");
    place.classList.remove("choices");
    place.replaceChildren(sentence);
  }

  /** Put an input in the place of every gap, wherever in the sentence it stands; the server wants one for each, and no more. */
  open(sentence, blanks) {
    const walker = document.createTreeWalker(sentence, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
      const [first, ...rest] = text.data.split(GAP);
      text.replaceWith(first, ...rest.flatMap((part) => [this.inputs.length < blanks ? this.input(blanks) : "____", part]));
    }
    while (this.inputs.length < blanks) sentence.append(this.input(blanks));
  }

  input(total) {
    const input = document.createElement("input");
    const at = this.inputs.push(input);
    Object.assign(input, { type: "text", className: "form-control fill-gap", maxLength: LONGEST, autocomplete: "off", spellcheck: false });
    input.setAttribute("aria-label", say("gap", { n: at, total }));
    input.setAttribute("autocapitalize", "off");
    input.setAttribute("enterkeyhint", at < total ? "next" : "done");
    input.addEventListener("input", () => this.tell(this.answer()));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      this.inputs[at]?.focus();
    });
    return input;
  }

  answer() {
    const texts = this.inputs.map((input) => input.value);
    return texts.some((text) => text) ? texts : null;
  }

  /** What stands there already is left alone, with its cursor. */
  fill(answer) {
    this.inputs.forEach((input, at) => {
      const text = answer?.[at] ?? "";
      if (input.value !== text) input.value = text;
    });
  }

  lock(locked) {
    for (const input of this.inputs) input.readOnly = locked;
  }
}
