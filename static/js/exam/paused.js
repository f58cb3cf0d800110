// The page of a paused attempt: looks now and then, and opens the room as soon as it goes on.

import { Server } from "./server.js";

const LOOK_AGAIN = 4000; // ms, and up to as much again by chance: a whole room waits at once
const page = document.getElementById("waiting").dataset;
const server = new Server(page.attempt, page);

async function look() {
  const body = await server.look().catch(() => null); // silence: the next look may be answered
  if (body && body.state !== "paused") location.replace(page.page);
  else setTimeout(look, LOOK_AGAIN * (1 + Math.random()));
}

setTimeout(look, LOOK_AGAIN);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") look(); });
