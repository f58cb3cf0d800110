// Bringing answers to the server: soon after a change, at once when asked, and again and again while it fails.
// "Saved" is said only when the server has acknowledged everything.

import { Failure } from "./server.js";

const BATCH = 50;
const PAUSE = 800;
const LONGEST = 30000;

export class Sender {
  /** `on` is told: state(name), received(body), refused(list), failed(kind). */
  constructor(server, answers, on) {
    Object.assign(this, { server, answers, on, timer: 0, busy: null, fails: 0, stopped: false });
    window.addEventListener("online", () => this.soon(0));
  }

  /** Send within `pause` ms; a change while sending is sent right after. */
  soon(pause = PAUSE) {
    if (this.stopped) return;
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
      for (let waiting; (waiting = this.answers.waiting()).length && !this.stopped;) await this.send(waiting.slice(0, BATCH));
      this.fails = 0;
      if (!this.stopped) this.on.state("saved");
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  async send(responses) {
    this.on.state(this.fails ? "waiting" : "saving");
    const body = await this.server.save(responses);
    for (const one of body.saved) this.answers.acknowledge(one);
    this.answers.keep();
    this.on.received(body);
    if (body.refused.length) await this.on.refused(body.refused);
    const still = new Map(this.answers.waiting().map((one) => [one.slot, one.seq]));
    if (!this.stopped && responses.every((one) => still.get(one.slot) === one.seq)) throw new Failure("unreachable"); // an answer to something else
  }

  fail(error) {
    const kind = error instanceof Failure ? error.kind : "unreachable";
    this.fails += 1;
    this.on.state("waiting");
    this.on.failed(kind);
    if (this.stopped) return;
    const pause = Math.min(LONGEST, 1000 * 2 ** (this.fails - 1));
    this.timer = setTimeout(() => this.flush().catch(() => {}), pause * (0.75 + Math.random() / 2));
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}
