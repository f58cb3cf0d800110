// After the end: what never arrived is handed over as evidence, the person is told, and this device forgets the attempt.

import { Server } from "./server.js";
import { Store } from "./store.js";

const BATCH = 50;
const LONGEST = 60000;
const page = document.getElementById("left").dataset;
const store = new Store(page.attempt);

/** Whether the server has heard of everything. */
async function handOver(waiting) {
  const server = new Server(page.attempt, page);
  for (let pause = 2000; ; pause = Math.min(pause * 2, LONGEST)) {
    try {
      for (let from = 0; from < waiting.length; from += BATCH) await server.save(waiting.slice(from, from + BATCH));
      return true;
    } catch (error) {
      if (error.kind !== "unreachable") return error.kind === "refused"; // signed out, or somebody else: the next visit tries again
      await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
  }
}

const { answers } = await store.open();
const lost = document.getElementById("lost");
if (answers.length && lost) {
  lost.querySelector("p").textContent = lost.dataset.text.replace("{n}", answers.length);
  lost.hidden = false;
}
if (!answers.length || await handOver(answers.map(({ slot, seq, answer }) => ({ slot, seq, answer })))) await store.forget();
