// How far an import is: asked each second while the page is looked at; a new state brings the page anew.

const box = document.getElementById("import-progress");
const bar = box.querySelector("progress");
const line = box.querySelector("[role=status]");
const EVERY = 1000;
const SLOWEST = 15000;

let wait = EVERY;

async function ask() {
  if (!document.hidden) {
    try {
      const answer = await fetch(box.dataset.url, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect" || answer.status === 404 || answer.status === 403) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const { state, busy, done, total } = await answer.json();
      if (!busy || (state !== box.dataset.state && state === "keeping")) return location.reload();
      if (total) {
        bar.max = total;
        bar.value = done;
        line.textContent = box.dataset.words.replace("{done}", done).replace("{total}", total);
      }
      wait = EVERY;
    } catch {
      wait = Math.min(SLOWEST, wait * 2); // the net will come back; what the server does goes on without us
    }
  }
  setTimeout(ask, wait);
}

setTimeout(ask, EVERY);
