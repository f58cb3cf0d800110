// After the hand-in: this device forgets the attempt, and says so if something never arrived.

const key = `chizheng.exam.${document.getElementById("left").dataset.attempt}`;

try {
  const waiting = Object.keys(JSON.parse(localStorage.getItem(key))?.waiting ?? {}).length;
  const lost = document.getElementById("lost");
  if (waiting && lost) {
    lost.querySelector("p").textContent = lost.dataset.text.replace("{n}", waiting);
    lost.hidden = false;
  }
  localStorage.removeItem(key);
  localStorage.removeItem(`${key}.tab`);
} catch {
  // No storage on this device: nothing was kept, nothing is to be forgotten.
}
