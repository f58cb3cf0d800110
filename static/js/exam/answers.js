// What was answered, what of it the server has acknowledged, and what still waits.
// What waits is also kept on the device, by attempt, until the server has it.

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const blank = (answer) => answer === null || answer === undefined || answer.length === 0;

export class Answers {
  constructor(attempt) {
    this.key = `chizheng.exam.${attempt}`;
    this.slots = new Map(); // slot → {answer, seq, saved: the seq that the server has}
    this.flags = new Set();
    this.at = 1;
    this.kept = true; // whether this device could keep what waits
  }

  /** Take over what the server has, then what this device kept and the server has not. Answers slots where both differ. */
  restore(responses) {
    for (const [slot, { answer, seq }] of Object.entries(responses)) this.slots.set(Number(slot), { answer, seq, saved: seq });
    const conflicts = [];
    const local = this.read();
    for (const [slot, { answer, seq }] of Object.entries(local.waiting ?? {})) {
      const known = this.slots.get(Number(slot));
      if (!known || seq > known.seq) this.slots.set(Number(slot), { answer, seq, saved: known?.seq ?? 0 });
      else if (!same(answer, known.answer)) conflicts.push(Number(slot));
    }
    this.flags = new Set(local.flags ?? []);
    this.at = local.at ?? 1;
    this.keep();
    return conflicts;
  }

  /** After a conflict: the server's answers win, except where something newer waits here. */
  adopt(responses) {
    for (const [name, { answer, seq }] of Object.entries(responses)) {
      const slot = Number(name);
      const known = this.slots.get(slot);
      if (!known || seq >= known.seq) this.slots.set(slot, { answer, seq, saved: seq });
    }
    this.keep();
  }

  answer(slot) { return this.slots.get(slot)?.answer ?? null; }

  done(slot) { return !blank(this.answer(slot)); }

  set(slot, answer) {
    const known = this.slots.get(slot) ?? { seq: 0, saved: 0 };
    if (known.seq && same(known.answer, answer)) return false;
    this.slots.set(slot, { answer, seq: known.seq + 1, saved: known.saved });
    this.keep();
    return true;
  }

  waiting() {
    return [...this.slots].filter(([, one]) => one.saved !== one.seq).map(([slot, { answer, seq }]) => ({ slot, answer, seq }));
  }

  /** The server has this seq of the slot; a newer one may have come up meanwhile and goes on waiting. */
  acknowledge({ slot, seq, sha256 }) {
    const known = this.slots.get(slot);
    if (known && known.seq === seq && typeof sha256 === "string") known.saved = seq;
  }

  /** The server will never have this: stop sending it. */
  drop(slot) {
    this.slots.delete(slot);
  }

  toggleFlag(slot) {
    if (!this.flags.delete(slot)) this.flags.add(slot);
    this.keep();
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch {
      return {};
    }
  }

  keep() {
    const waiting = Object.fromEntries(this.waiting().map(({ slot, answer, seq }) => [slot, { answer, seq }]));
    try {
      localStorage.setItem(this.key, JSON.stringify({ waiting, flags: [...this.flags], at: this.at }));
      this.kept = true;
    } catch {
      this.kept = false; // full, or forbidden by the browser: the room says so when it matters
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      this.kept = false;
    }
  }
}
