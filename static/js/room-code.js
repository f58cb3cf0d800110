// The projected entry code: the whole screen for it, and a new one as soon as there is one.

const EVERY = 10000;
const button = document.getElementById("whole-screen");

if (document.fullscreenEnabled) {
  button.hidden = false;
  button.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
}

setInterval(async () => {
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
    if (!answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    const main = document.querySelector("main");
    if (found && found.querySelector("#code").textContent !== main.querySelector("#code").textContent) main.replaceWith(document.adoptNode(found));
  } catch {
    // Out of reach for a moment: the code on the wall is still the last one known.
  }
}, EVERY);
