// Two sides to match: the right side as a lettered list, and a native select for each on the left.

import { put } from "../rich.js";
import { say } from "../words.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const find = (id) => document.getElementById(id);

export class Match {
  constructor(item, place, tell) {
    this.tell = tell;
    this.selects = new Map();
    const frame = find("match-frame").content.cloneNode(true).firstElementChild;
    const [beside, rows] = frame.querySelectorAll("ol");
    beside.replaceChildren(...item.right.map((option, index) => this.offer(option, index)));
    rows.replaceChildren(...item.left.map((option, index) => this.row(option, index, item.right)));
    place.replaceChildren(frame);
  }

  offer(option, index) {
    const line = find("match-offer").content.cloneNode(true).firstElementChild;
    const [letter, text] = line.querySelectorAll("span");
    letter.textContent = LETTERS[index] ?? index + 1;
    put(text, option);
    return line;
  }

  row(option, index, right) {
    const row = find("match-row").content.cloneNode(true).firstElementChild;
    const label = row.querySelector("label");
    const select = row.querySelector("select");
    select.id = `match-${index}`;
    label.htmlFor = select.id;
    put(label, option);
    select.add(new Option(say("choose"), ""));
    right.forEach((one, at) => select.add(new Option(`${LETTERS[at] ?? at + 1}  ${one.text}`, one.id)));
    select.addEventListener("change", () => this.tell(this.answer()));
    this.selects.set(option.id, select);
    return row;
  }

  answer() {
    const pairs = [...this.selects].filter(([, select]) => select.value).map(([left, select]) => [left, select.value]);
    return pairs.length ? Object.fromEntries(pairs) : null;
  }

  fill(answer) {
    for (const [left, select] of this.selects) select.value = answer?.[left] ?? "";
  }

  lock(locked) {
    for (const select of this.selects.values()) select.disabled = locked;
  }
}
