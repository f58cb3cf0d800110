// Bringing remarks to the server, from the room and from the page after it.

import { Failure } from "./server.js";

/**
 * Send those of `list` ({slot, reason, text, state}) that wait, one after the other; `changed` is told of each that is settled.
 * Fails with the Failure that stopped it. A remark that is sent twice, because its acknowledgement was lost, is one remark.
 */
export async function sendAll(server, list, changed) {
  for (const one of list.filter((entry) => entry.state === "waiting")) {
    try {
      await server.remark({ slot: one.slot, reason: one.reason, text: one.text });
      one.state = "sent";
    } catch (error) {
      if (error.kind !== "refused") throw error;
      if (error.body.error?.code === "too_many") throw new Failure("unreachable");
      one.state = "refused"; // it will never be taken as it is: the person is told, and may write it anew
    }
    changed();
  }
}
