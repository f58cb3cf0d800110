// What was answered, what of it the server has acknowledged, and what still waits: here and, until the server has it, in the store.
//
// A sequence number is the time at which the answer was given, in tenths of a second since the sitting opened by the server's clock,
// and always more than the one before. So the answer that was given last is the newest one wherever it was given: a phone that
// comes back after another device took over does not overwrite what was typed there later.

const MOST = 2 ** 31 - 1;
const REMEMBERED = 200; // of the sequence numbers that were given here
const NOTHING = { answer: null, seq: 0, saved: 0, mine: [] };
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The same answer in well-formed text: half a surrogate pair, which some keyboards leave behind, is no UTF-8. */
function wellFormed(answer) {
  return JSON.parse(JSON.stringify(answer), (_key, value) => (typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value));
}

export class Answers {
  /** `tenths` tells the time for a sequence number. */
  constructor(store, tenths) {
    Object.assign(this, { store, tenths });
    // slot → {answer, seq, saved: the seq that the server has, mine: seqs given here and not acknowledged, refused: a seq it will not take}
    this.slots = new Map();
    this.contested = new Set(); // slots that were answered differently elsewhere while something waited here
    this.flags = new Set();
    this.at = 1;
    this.tab = null;
  }

  /** Take over what this device holds; answers the slots whose answer changed. */
  restore({ answers, place }) {
    const newer = answers.filter(({ slot, seq }) => !(this.slots.get(slot)?.seq >= seq));
    for (const { slot, answer, seq, mine } of newer) this.slots.set(slot, { answer, seq, saved: 0, mine });
    this.flags = new Set([...this.flags, ...(place.flags ?? [])]);
    this.at = place.at ?? this.at;
    return newer.map((one) => one.slot);
  }

  /**
   * Take over what the server has, by sequence: the newer one stays, and what is newer here, or what the server has lost, is sent.
   * Answers the slots whose answer changed here.
   */
  merge(responses) {
    const changed = [];
    for (const [slot, known] of this.slots) if (!(slot in responses)) known.saved = 0;
    for (const [name, { answer, seq }] of Object.entries(responses)) {
      const slot = Number(name);
      const known = this.slots.get(slot) ?? NOTHING;
      const differs = !same(answer, known.answer);
      if (differs && known.mine.length && seq > known.saved && (seq === known.seq || !known.mine.includes(seq))) this.contested.add(slot);
      if (seq < known.seq) { known.saved = seq; continue; }
      if (differs) changed.push(slot);
      this.slots.set(slot, { answer, seq, saved: seq, mine: [] });
      this.store.remove(slot, seq);
    }
    return changed;
  }

  answer(slot) { return this.slots.get(slot)?.answer ?? null; }

  /** A change by the person; false when it is none. */
  set(slot, given) {
    const answer = wellFormed(given);
    const known = this.slots.get(slot) ?? NOTHING;
    if (same(known.answer, answer)) return false;
    const seq = Math.max(known.seq + 1, Math.min(this.tenths(), MOST));
    const mine = [...known.mine, seq].slice(-REMEMBERED);
    this.slots.set(slot, { answer, seq, saved: known.saved, mine });
    this.store.put({ slot, seq, answer, mine });
    return true;
  }

  list(test) {
    return [...this.slots].filter(([, one]) => test(one)).map(([slot, { answer, seq }]) => ({ slot, answer, seq }));
  }

  /** What is to be sent. */
  waiting() { return this.list((one) => one.saved !== one.seq && one.refused !== one.seq); }

  /** What the server would not take: it stays on the page until it is changed. */
  refused() { return this.list((one) => one.refused === one.seq); }

  /** The server has this. A newer one may have come up meanwhile and goes on waiting. */
  acknowledge({ slot, seq }) {
    const known = this.slots.get(slot);
    if (known) {
      known.saved = Math.max(known.saved, seq);
      known.mine = known.mine.filter((one) => one > known.saved);
    }
    this.store.remove(slot, seq);
  }

  refuse({ slot, seq }) {
    const known = this.slots.get(slot);
    if (known) known.refused = seq;
  }

  toggleFlag(slot) {
    if (!this.flags.delete(slot)) this.flags.add(slot);
    this.keepPlace();
  }

  go(slot) {
    this.at = slot;
    this.keepPlace();
  }

  keepPlace() { this.store.place(this.at, [...this.flags], this.tab); }
}
