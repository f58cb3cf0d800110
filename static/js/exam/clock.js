// The time that is left, by the server's clock. The device's own clock is never asked what time it is, only how much has passed.

import { say } from "./words.js";

const SPOKEN = [10, 5, 1];
const SOON = 5 * 60;

export class Clock {
  /** `opened` is the instant (ms, by the server) from which `tenths` are counted. */
  constructor(opened, onEnd) {
    Object.assign(this, { opened, onEnd, face: document.getElementById("time-left"), speaker: document.getElementById("time-speaker") });
    this.spoken = new Set();
    this.ended = false;
    this.paused = false;
    setInterval(() => this.tick(), 500);
  }

  /** Take the server's time and deadline out of an answer that has just arrived; answers by how many seconds the end has moved. */
  set({ server_time: now, deadline }) {
    const before = this.deadline;
    this.server = Date.parse(now);
    this.mark = performance.now();
    this.wall = Date.now();
    this.deadline = Date.parse(deadline);
    if (this.left() > 0) this.ended = false;
    const past = (minutes, seconds) => this.left() < minutes * 60 - seconds;
    this.spoken = new Set(SPOKEN.filter((minutes) => past(minutes, this.spoken.has(minutes) ? 0 : 30)));
    this.tick();
    return before === undefined ? 0 : (this.deadline - before) / 1000;
  }

  /** Milliseconds since the server's time was heard. The steady counter stands still while some devices sleep, the other one does not. */
  passed() { return Math.max(performance.now() - this.mark, Date.now() - this.wall); }

  left() { return Math.max(0, (this.deadline - this.server - this.passed()) / 1000); }

  tenths() { return Math.floor((this.server + this.passed() - this.opened) / 100); }

  /** Stand still, and show `text` instead of a time. */
  pause(text) {
    this.paused = true;
    this.face.textContent = text;
    this.face.parentElement.classList.remove("soon");
  }

  resume() {
    this.paused = false;
    this.tick();
  }

  speak(text) { this.speaker.textContent = text; }

  tick() {
    if (this.deadline === undefined || this.ended || this.paused) return;
    const left = this.left();
    const whole = Math.ceil(left);
    const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = (number) => String(number).padStart(2, "0");
    this.face.textContent = hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
    this.face.parentElement.classList.toggle("soon", left <= SOON);
    const due = SPOKEN.filter((one) => left <= one * 60 && !this.spoken.has(one));
    if (due.length && left > 0) {
      due.forEach((one) => this.spoken.add(one));
      this.speak(say("minutesLeft", { n: Math.min(...due) }));
    }
    if (left <= 0) {
      this.ended = true;
      this.onEnd();
    }
  }
}
