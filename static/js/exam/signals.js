// Signs of life: where the person is, how much waits here, and what may interest whoever looks at the attempt later.
// They never stand in the way of saving: one that does not arrive is tried with the next, and nobody is told.

const BEAT = 30000;
const SOON = 2000;
const MOST = 50; // signs that wait here at most; the oldest go first

export class Signals {
  /** `facts` tells {slot, waiting}; `heard` gets the server's answer. */
  constructor(server, facts, heard) {
    Object.assign(this, { server, facts, heard, signs: [], timer: 0, busy: false, told: null, due: 0, lost: 0, started: false });
    window.addEventListener("blur", () => this.away());
    window.addEventListener("focus", () => this.back());
    document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? this.away() : this.back()));
    document.addEventListener("fullscreenchange", () => { if (!document.fullscreenElement) this.add("fullscreen_left"); });
    document.addEventListener("paste", (event) => this.add("pasted", event.clipboardData?.getData("text").length));
    document.addEventListener("copy", () => this.add("copied", String(getSelection()).length));
  }

  start() {
    if (this.started) return;
    this.started = true;
    this.beat();
  }

  stop() {
    this.started = false;
    clearTimeout(this.timer);
  }

  away() {
    if (this.lost) return;
    this.lost = Date.now();
    this.add("focus_lost");
  }

  back() {
    if (!this.lost) return;
    this.add("focus_back", Date.now() - this.lost);
    this.lost = 0;
  }

  add(kind, amount = 0) {
    this.signs = [...this.signs, { kind, slot: this.facts().slot, amount: Math.max(0, Math.round(amount)) }].slice(-MOST);
    this.soon();
  }

  /** Another question is on the screen. Leafing through the paper is told once, where it stops; coming back, not at all. */
  moved() {
    if (this.facts().slot !== this.told || this.signs.length) this.soon();
    else if (!this.busy) this.later(BEAT);
  }

  soon() {
    if (!this.busy) this.later(SOON);
  }

  /** The next sign after `pause`, but never later than the regular one is due. */
  later(pause) {
    clearTimeout(this.timer);
    if (this.started) this.timer = setTimeout(() => this.beat(), Math.max(0, Math.min(pause, this.due - Date.now())));
  }

  async beat() {
    clearTimeout(this.timer);
    this.busy = true;
    const signs = this.signs.splice(0);
    const facts = this.facts();
    try {
      this.heard(await this.server.signal({ ...facts, hidden: document.visibilityState === "hidden", signs }));
      this.told = facts.slot;
    } catch {
      this.signs = [...signs, ...this.signs].slice(-MOST); // silence: saving has its own ways to say that nothing goes through
    } finally {
      this.busy = false;
      this.due = Date.now() + BEAT;
      this.later(this.told === facts.slot && this.facts().slot !== facts.slot ? SOON : BEAT);
    }
  }
}
