// What is on the screen: one question, the bar above it, the buttons below it, the sheet with all of them.

import { Overview } from "./overview.js";
import { fetchAhead } from "./rich.js";
import { say } from "./words.js";

const find = (id) => document.getElementById(id);

export class Stage {
  /** `sender` is nudged when the person moves on, and `moved` told; `handIn` is what the overview's last button does. */
  constructor(question, answers, sender, handIn, moved) {
    Object.assign(this, { question, answers, sender, handIn, moved, items: [], overview: null, locked: true });
    find("next").addEventListener("click", () => this.step(1, true));
    find("previous").addEventListener("click", () => this.step(-1));
    find("flag").addEventListener("click", () => this.flag());
    find("room").addEventListener("submit", (event) => event.preventDefault());
  }

  /** Show the paper for the first time. */
  open(form) {
    this.items = form.sections.flatMap((section) => section.items);
    const blank = (item, answer) => this.question.blank(item, answer);
    this.overview = new Overview(this.answers, this.items, blank, (slot) => this.go(slot), this.handIn);
    this.go(Math.min(Math.max(1, this.answers.at), this.items.length), false);
    this.question.focus();
    fetchAhead(this.items);
  }

  go(slot, moved = true) {
    this.answers.go(slot);
    this.question.show(this.items[slot - 1], this.answers.answer(slot));
    find("number").textContent = slot;
    find("previous").disabled = slot === 1;
    find("next").textContent = slot === this.items.length ? say("finish") : say("next");
    this.paint();
    if (!moved) return;
    this.moved();
    window.scrollTo(0, 0);
    this.question.focus();
    if (this.answers.waiting().length) this.sender.soon(0);
  }

  /** A question further or back; beyond the last one, with `finish`, to the hand-in. */
  step(by, finish = false) {
    const slot = this.answers.at + by;
    if (slot >= 1 && slot <= this.items.length) this.go(slot);
    else if (finish && by > 0 && !this.locked) this.overview.ask();
    return true;
  }

  flag() {
    this.answers.toggleFlag(this.answers.at);
    this.paint();
    return true;
  }

  /** Some answers came from elsewhere: show them, and touch nothing else that is being typed. */
  refresh(slots) {
    if (this.overview && slots.includes(this.answers.at)) this.question.fill(this.answers.answer(this.answers.at));
    this.paint();
  }

  paint() {
    if (!this.overview) return;
    find("flag").setAttribute("aria-pressed", String(this.answers.flags.has(this.answers.at)));
    find("progress").value = this.overview.count();
    this.overview.paint(this.answers.at);
  }

  /** Whether answering is possible; one may still leaf through what there is when `leaf`. */
  lock(locked, leaf) {
    this.locked = locked;
    this.question.lock(locked);
    if (locked) this.overview?.close();
    for (const id of ["flag", "list"]) find(id).disabled = locked;
    find("next").disabled = locked && !leaf;
    find("previous").disabled = (locked && !leaf) || this.answers.at === 1;
  }
}
