// "This question looks wrong": written beside the question, kept on this device, and brought to the server by itself.
//
// Answers come first: a remark is sent only while no answer waits, apart from them, and again and again while it fails. It says
// "sent" only when the server has acknowledged it. What is not sent at the hand-in is sent from the page that follows (left.js).

import { sendAll } from "./remark-sending.js";
import { Failure } from "./server.js";
import { say } from "./words.js";

const PAUSE = 1500;
const LONGEST = 60000;
const find = (id) => document.getElementById(id);

export class Remarks {
  /** `facts` tells {slot, waiting}: where the person is, and how many answers wait. */
  constructor(server, store, facts) {
    Object.assign(this, { server, store, facts, list: [], timer: 0, busy: null, fails: 0, shown: 0, held: true, stopped: false });
    find("remark").addEventListener("click", () => this.ask());
    find("remark-form").addEventListener("submit", (event) => this.take(event));
  }

  /** Take over what this device holds; what was written here meanwhile is newer. */
  restore(held = []) {
    const known = new Set(this.list.map((one) => one.slot));
    this.list = [...held.filter((one) => !known.has(one.slot)), ...this.list];
    this.paint();
    this.soon();
  }

  of(slot) { return this.list.find((one) => one.slot === slot); }

  unsent() { return this.list.filter((one) => one.state === "waiting"); }

  ask() {
    const { slot } = this.facts();
    if (this.shown !== slot) {
      find("remark-form").reset();
      const before = this.of(slot);
      if (before) {
        find(`remark-${before.reason}`).checked = true;
        find("remark-text").value = before.text;
      }
    }
    this.shown = slot;
    this.problem("");
    find("remark-about").textContent = say("remarkAbout", { n: slot });
    find("remark-sheet").showModal();
  }

  close() { if (find("remark-sheet").open) find("remark-sheet").close(); }

  take(event) {
    event.preventDefault();
    const reason = find("remark-form").querySelector("input[type=radio]:checked")?.value;
    const text = find("remark-text").value.replace(/\p{Surrogate}/gu, "\ufffd").trim();
    if (!reason || (reason === "other" && !text)) {
      this.problem(say(reason ? "remarkText" : "remarkReason"));
      find("remark-form").querySelector(reason ? "textarea" : "input").focus();
      return;
    }
    this.list = [...this.list.filter((one) => one.slot !== this.shown), { slot: this.shown, reason, text, state: "waiting" }];
    this.keep();
    this.close();
    this.fails = 0;
    this.soon(0);
  }

  problem(text) {
    find("remark-problem").hidden = !text;
    find("remark-problem").querySelector("span").textContent = text;
  }

  keep() {
    const list = this.list;
    this.held = false;
    this.store.keepRemarks(list, () => {
      if (list !== this.list) return;
      this.held = true;
      this.paint();
    });
    this.paint();
  }

  /** What stands beside the button: nothing, "being sent", "sent", or why not. */
  paint() {
    const one = this.of(this.facts().slot);
    const words = { waiting: this.fails ? (this.held ? "remarkWaiting" : "remarkMemory") : "remarkSending", sent: "remarkSent", refused: "remarkRefused" }[one?.state];
    const text = words ? say(words) : "";
    if (find("remark-state").textContent !== text) find("remark-state").textContent = text;
  }

  /** Send after `pause`, unless answers wait: those go first, and nudge this when they are through. */
  soon(pause = PAUSE) {
    clearTimeout(this.timer);
    if (this.unsent().length && !this.stopped) this.timer = setTimeout(() => this.send(), pause);
  }

  /** Another page of this attempt goes on with them. */
  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.close();
  }

  /** One call runs at a time; answers whether everything is sent. */
  send() {
    clearTimeout(this.timer);
    if (!this.unsent().length) return Promise.resolve(true);
    if (this.facts().waiting) return Promise.resolve(false);
    this.busy ??= this.run().finally(() => { this.busy = null; });
    return this.busy;
  }

  async run() {
    try {
      await sendAll(this.server, this.list, () => this.keep());
      this.fails = 0;
      this.soon(0); // one that was written meanwhile
      return true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.fails += 1;
      this.paint();
      if (error.kind === "unreachable") this.soon(Math.min(LONGEST, PAUSE * 2 ** this.fails) * (0.75 + Math.random() / 2));
      return false; // signed out, or somebody else: signing in again nudges this
    }
  }
}
