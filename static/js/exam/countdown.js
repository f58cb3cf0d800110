// Counting down to the opening of a sitting, by the server's clock; then the page is opened anew.

const line = document.querySelector("[data-opens]");
const begin = performance.now();
const gap = Number(line.dataset.opens) - Number(line.dataset.now);
const two = (number) => String(number).padStart(2, "0");

function tick() {
  const left = Math.ceil((gap - (performance.now() - begin)) / 1000);
  line.hidden = false;
  if (left <= 0) {
    line.textContent = line.dataset.open;
    clearInterval(timer);
    setTimeout(() => location.reload(), 300 + Math.random() * 2000); // a whole room does not come in one second
    return;
  }
  const days = Math.floor(left / 86400);
  const time = `${two(Math.floor(left / 3600))}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
  line.textContent = days ? line.dataset.days.replace("{n}", days) : line.dataset.soon.replace("{time}", time);
}

const timer = setInterval(tick, 1000);
tick();
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && gap - (performance.now() - begin) < 0) location.reload(); });
