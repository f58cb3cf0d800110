// The sheet with all questions, and the hand-in, which shows first what is unanswered or flagged.

import { row, say } from "./words.js";

const find = (id) => document.getElementById(id);

export class Overview {
  /** `blank` tells whether an answer says nothing; `go` leads to a question; `finish` hands in and fails with a text to show. */
  constructor(answers, items, blank, go, finish) {
    Object.assign(this, { answers, items, blank, go, finish });
    this.cells = [...find("overview").querySelectorAll(".slot")];
    for (const sheet of [find("overview"), find("hand-in")]) sheet.addEventListener("click", (event) => this.follow(event, sheet));
    find("finish").addEventListener("click", () => this.ask());
    find("go-on").addEventListener("click", () => find("hand-in").close());
    find("hand-in-form").addEventListener("submit", (event) => this.submit(event));
  }

  follow(event, sheet) {
    const cell = event.target.closest("a.slot");
    if (!cell) return;
    event.preventDefault();
    sheet.close();
    this.go(Number(cell.hash.slice(1)));
  }

  done(slot) { return !this.blank(this.items[slot - 1], this.answers.answer(slot)); }

  count() { return this.items.filter((item) => this.done(item.slot)).length; }

  paint(current) {
    for (const cell of this.cells) this.dress(cell, Number(cell.hash.slice(1)), current);
  }

  dress(cell, slot, current) {
    const flagged = this.answers.flags.has(slot);
    const done = this.done(slot);
    const state = slot === current ? "current" : flagged ? "flagged" : done ? "done" : "todo";
    cell.className = `slot slot-${state}`;
    cell.toggleAttribute("aria-current", slot === current);
    const words = say(`slot${flagged ? "Flagged" : ""}${done ? "Done" : "Todo"}`, { n: slot });
    cell.querySelector(".visually-hidden").textContent = slot === current ? say("slotCurrent", { words }) : words;
    cell.querySelector(".icon")?.remove();
    if (flagged) cell.append(find("flag-mark").content.cloneNode(true));
  }

  ask() {
    find("overview").close();
    const slots = this.items.map((item) => item.slot);
    const todo = slots.filter((slot) => !this.done(slot));
    const flagged = slots.filter((slot) => this.answers.flags.has(slot) && this.done(slot));
    const done = slots.length - todo.length;
    find("left-words").textContent = todo.length ? say("someLeft", { done, todo: todo.length }) : say("allDone", { total: slots.length });
    this.list("left-todo", todo);
    this.list("left-flagged", flagged);
    this.ready();
    const refused = this.answers.refused();
    this.problem(refused.length ? say("notKept", { n: row(refused.map((one) => one.slot)) }) : "");
    find("hand-in").showModal();
  }

  list(id, slots) {
    find(id).hidden = !slots.length;
    find(`${id}-list`).replaceChildren(...slots.map((slot) => {
      const entry = this.cells[slot - 1].closest("li").cloneNode(true);
      this.dress(entry.querySelector(".slot"), slot, 0);
      return entry;
    }));
  }

  async submit(event) {
    event.preventDefault();
    const button = find("confirm");
    button.disabled = true;
    button.textContent = say("handingIn");
    this.problem("");
    try {
      await this.finish();
    } catch (error) {
      this.ready();
      this.problem(error.message);
    }
  }

  ready() {
    find("confirm").disabled = false;
    find("confirm").textContent = say("confirm");
  }

  problem(text) {
    const line = find("hand-in-problem");
    line.hidden = !text;
    line.querySelector("span").textContent = text;
  }

  close() {
    for (const sheet of [find("overview"), find("hand-in")]) if (sheet.open) sheet.close();
  }
}
