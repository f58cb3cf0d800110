// Bringing answers to the server: soon after a change, at once when asked, and again and again while it fails.
// "Saved" is said only when the server has acknowledged everything: slot, sequence and fingerprint of what was sent.

import { fingerprint } from "./fingerprint.js";
import { Failure } from "./server.js";

const BATCH = 50;
const LENGTH = 500000; // characters in a batch, so that a few long texts do not make one body too large
const PAUSE = 800;
const LONGEST = 30000;

export class Sender {
  /** `on` is told: state(name), received(body), refused(list of {slot, seq, code}), failed(kind). */
  constructor(server, answers, on) {
    Object.assign(this, { server, answers, on, timer: 0, busy: null, fails: 0, held: false });
  }

  /** Send within `pause` ms; a change while sending is sent right after. */
  soon(pause = PAUSE) {
    if (this.held) return;
    clearTimeout(this.timer);
    if (this.answers.waiting().length && !this.fails) this.on.state("saving");
    this.timer = setTimeout(() => this.flush().catch(() => {}), pause);
  }

  /** Send everything that waits; fails with the Failure that stopped it. One call runs at a time. */
  flush() {
    clearTimeout(this.timer);
    this.busy ??= this.run().finally(() => { this.busy = null; });
    return this.busy;
  }

  async run() {
    try {
      for (let batch; (batch = this.batch()).length && !this.held;) await this.send(batch);
      this.fails = 0;
      if (!this.held) this.on.state("saved");
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  batch() {
    let length = 0;
    return this.answers.waiting().slice(0, BATCH).filter((one, index) => {
      length += JSON.stringify(one.answer).length;
      return index === 0 || length < LENGTH;
    });
  }

  async send(batch) {
    this.on.state(this.fails ? "waiting" : "saving");
    const marks = await Promise.all(batch.map((one) => fingerprint(this.server.attempt, one)));
    const body = await this.server.save(batch).catch((error) => this.refusedWhole(error, batch));
    if (!body) return;
    const meant = (list, one) => list.find((entry) => entry?.slot === one.slot && entry.seq === one.seq);
    const saved = batch.filter((one, index) => meant(body.saved, one)?.sha256 === marks[index]);
    const refused = batch.map((one) => ({ ...one, code: meant(body.refused, one)?.code })).filter((one) => typeof one.code === "string");
    saved.forEach((one) => this.answers.acknowledge(one));
    this.on.received(body);
    if (refused.length) await this.on.refused(refused);
    if (saved.length || this.held) return;
    const still = new Map(this.answers.waiting().map((one) => [one.slot, one.seq]));
    if (batch.every((one) => still.get(one.slot) === one.seq)) throw new Failure("unreachable"); // an answer to something else: later again
  }

  /** The body as a whole was refused, because of one of the answers in it: find out which. */
  async refusedWhole(error, batch) {
    if (error.kind !== "refused" || error.body.error?.code === "too_many") throw error;
    if (batch.length > 1) for (const one of batch) await this.send([one]);
    else await this.on.refused([{ ...batch[0], code: "bad_shape" }]);
  }

  fail(error) {
    const kind = error instanceof Failure ? error.kind : "unreachable";
    this.fails += 1;
    this.on.state("waiting");
    this.on.failed(kind);
    if (this.held) return;
    const pause = Math.min(LONGEST, 1000 * 2 ** (this.fails - 1));
    this.timer = setTimeout(() => this.flush().catch(() => {}), pause * (0.75 + Math.random() / 2));
  }

  /** Send nothing until `resume`; what waits goes on waiting. */
  hold() {
    this.held = true;
    clearTimeout(this.timer);
  }

  resume() {
    this.held = false;
    this.fails = 0;
    this.soon(0);
  }
}
