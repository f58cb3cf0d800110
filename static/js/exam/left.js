// After the end: what never arrived is handed over as evidence, remarks are sent, the person is told, and this device forgets the attempt.

import { sendAll } from "./remark-sending.js";
import { Server } from "./server.js";
import { Store } from "./store.js";

const BATCH = 50;
const LONGEST = 60000;
const page = document.getElementById("left").dataset;
const store = new Store(page.attempt);

const lost = document.getElementById("lost");

function tell(n) {
  if (!lost) return;
  lost.querySelector("p").textContent = lost.dataset.text.replace("{n}", n);
  lost.hidden = !n;
}

/** Whether the server has heard of everything. */
async function handOver(held) {
  const server = new Server(page.attempt, page);
  for (let pause = 2000; ; pause = Math.min(pause * 2, LONGEST)) {
    try {
      const { responses } = await server.look(); // where only the acknowledgement was lost, the answer is there
      const waiting = held.filter(({ slot, seq }) => !(responses[slot]?.seq >= seq)).map(({ slot, answer, seq }) => ({ slot, answer, seq }));
      tell(waiting.length);
      for (let from = 0; from < waiting.length; from += BATCH) await server.save(waiting.slice(from, from + BATCH));
      return true;
    } catch (error) {
      if (error.kind !== "unreachable") return error.kind === "refused"; // signed out, or somebody else: the next visit tries again
      await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
  }
}

/** Bring the remarks that still wait; answers whether none is left to bring. */
async function remark(list) {
  for (let pause = 2000; ; pause = Math.min(pause * 2, LONGEST)) {
    try {
      await sendAll(new Server(page.attempt, page), list, () => store.keepRemarks(list));
      return true;
    } catch (error) {
      if (error.kind !== "unreachable") return false; // signed out, or somebody else: the next visit tries again
      await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
  }
}

const { answers, remarks = [] } = await store.open();
const [arrived, said] = await Promise.all([!answers.length || handOver(answers), remark(remarks)]);
if (arrived) await store.forget(said ? [] : remarks);
