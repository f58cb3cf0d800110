// The time that is left, by the server's clock. The device's own clock is never asked what time it is.

import { say } from "./words.js";

const SPOKEN = [10, 5, 1];
const SOON = 5 * 60;

export class Clock {
  constructor(onEnd) {
    this.onEnd = onEnd;
    this.face = document.getElementById("time-left");
    this.speaker = document.getElementById("time-speaker");
    this.spoken = new Set();
    this.ended = false;
    setInterval(() => this.tick(), 500);
  }

  /** Take the server's time and deadline out of an answer that has just arrived. */
  set({ server_time: now, deadline }) {
    this.server = Date.parse(now);
    this.mark = performance.now();
    this.deadline = Date.parse(deadline);
    const past = (minutes, seconds) => this.left() < minutes * 60 - seconds;
    this.spoken = new Set(SPOKEN.filter((minutes) => past(minutes, this.spoken.has(minutes) ? 0 : 30)));
    this.tick();
  }

  left() {
    return Math.max(0, (this.deadline - this.server - (performance.now() - this.mark)) / 1000);
  }

  tick() {
    if (this.deadline === undefined || this.ended) return;
    const left = this.left();
    const whole = Math.ceil(left);
    const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = (number) => String(number).padStart(2, "0");
    this.face.textContent = hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
    this.face.parentElement.classList.toggle("soon", left <= SOON);
    const due = SPOKEN.filter((one) => left <= one * 60 && !this.spoken.has(one));
    if (due.length && left > 0) {
      due.forEach((one) => this.spoken.add(one));
      this.speaker.textContent = say("minutesLeft", { n: Math.min(...due) });
    }
    if (left <= 0) {
      this.ended = true;
      this.onEnd();
    }
  }
}
