// Steps to put in order: up and down buttons, or dragging by the handle. As dealt it is not answered:
// the person moves something, or says that it is right as it stands.

import { put } from "../rich.js";
import { say } from "../words.js";

const find = (id) => document.getElementById(id);

export class Order {
  constructor(item, place, tell) {
    this.tell = tell;
    this.locked = false;
    this.dealt = item.options.map((option) => option.id);
    this.frame = find("order-frame").content.cloneNode(true).firstElementChild;
    this.list = this.frame.querySelector("ol");
    this.rows = new Map(item.options.map((option) => [option.id, this.row(option)]));
    this.frame.querySelector("[data-confirm]").addEventListener("click", () => {
      this.settle();
      this.list.querySelector("button:not(:disabled)")?.focus();
    });
    place.replaceChildren(this.frame);
  }

  row(option) {
    const row = find("order-row").content.cloneNode(true).firstElementChild;
    row.dataset.id = option.id;
    row.dataset.text = option.text;
    put(row.querySelector(".order-text"), option);
    for (const [name, by] of [["up", -1], ["down", 1]]) {
      const button = row.querySelector(`[data-${name}]`);
      button.setAttribute("aria-label", say(name === "up" ? "moveUp" : "moveDown", { text: option.text }));
      button.addEventListener("click", () => this.move(row, by, button));
    }
    row.querySelector(".order-handle").addEventListener("pointerdown", (event) => this.grip(event, row));
    return row;
  }

  answer() { return this.answered ? [...this.list.children].map((row) => row.dataset.id) : null; }

  fill(answer) {
    const known = (answer ?? []).filter((id) => this.rows.has(id));
    this.answered = known.length > 0;
    this.list.replaceChildren(...[...known, ...this.dealt.filter((id) => !known.includes(id))].map((id) => this.rows.get(id)));
    this.paint();
  }

  lock(locked) {
    this.locked = locked;
    this.paint();
  }

  paint() {
    const rows = [...this.list.children];
    rows.forEach((row, at) => {
      row.querySelector(".order-number").textContent = at + 1;
      row.querySelector("[data-up]").disabled = this.locked || at === 0;
      row.querySelector("[data-down]").disabled = this.locked || at === rows.length - 1;
    });
    this.frame.classList.toggle("order-open", !this.answered);
    this.frame.querySelector("[data-open]").hidden = this.answered;
    this.frame.querySelector("[data-confirm]").disabled = this.locked;
  }

  move(row, by, button) {
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other || this.locked) return;
    if (by < 0) row.after(other);
    else row.before(other);
    this.settle();
    this.speak(row);
    (button.disabled ? row.querySelector("button:not(:disabled)") : button)?.focus();
  }

  /** From here on the order is the person's own. */
  settle() {
    this.answered = true;
    this.paint();
    this.tell(this.answer());
  }

  speak(row) {
    const at = [...this.list.children].indexOf(row) + 1;
    find("question-speaker").textContent = say("moved", { text: row.dataset.text, n: at, total: this.list.children.length });
  }

  /** Drag by the handle. Only neighbours are moved in the page, so that the dragged row keeps hold of the pointer. */
  grip(event, row) {
    if (this.locked || (event.pointerType === "mouse" && event.button !== 0)) return;
    event.preventDefault();
    const handle = event.currentTarget;
    const before = this.answer() ?? this.dealt;
    handle.setPointerCapture(event.pointerId);
    row.classList.add("order-held");
    const follow = (moved) => this.follow(row, moved.clientY);
    const drop = () => {
      handle.removeEventListener("pointermove", follow);
      for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) handle.removeEventListener(end, drop);
      row.classList.remove("order-held");
      const now = [...this.list.children].map((one) => one.dataset.id);
      if (now.join() === before.join()) return;
      this.settle();
      this.speak(row);
    };
    handle.addEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) handle.addEventListener(end, drop);
  }

  follow(row, y) {
    for (let other; (other = row.previousElementSibling) && y < middle(other);) row.after(other);
    for (let other; (other = row.nextElementSibling) && y > middle(other);) row.before(other);
    this.paint();
  }
}

function middle(row) {
  const box = row.getBoundingClientRect();
  return box.top + box.height / 2;
}
