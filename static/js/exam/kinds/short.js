// An answer in one's own words, with a count of its characters.

import { say } from "../words.js";

export class Short {
  constructor(item, place, tell) {
    this.typed = true;
    const frame = document.getElementById("short-frame").content.cloneNode(true);
    this.text = frame.querySelector("textarea");
    this.count = frame.querySelector("p");
    this.text.setAttribute("aria-labelledby", "stem");
    this.text.addEventListener("input", () => {
      this.paint();
      tell(this.answer());
    });
    place.replaceChildren(frame);
  }

  answer() { return this.text.value || null; }

  /** What stands there already is left alone, with its cursor. */
  fill(answer) {
    if (this.text.value !== (answer ?? "")) this.text.value = answer ?? "";
    this.paint();
  }

  lock(locked) { this.text.readOnly = locked; }

  paint() {
    this.count.textContent = say("count", { n: this.text.value.length, max: this.text.maxLength });
  }
}
