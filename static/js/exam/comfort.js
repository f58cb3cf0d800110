// How large and in which colours the room is shown; remembered on the device. Loaded before the room, so that nothing jumps.
// Not in the store of answers: it is needed before the first picture, and belongs to the device, not to an attempt.

const KEY = "chizheng.exam.comfort";
const CHOICES = { size: ["normal", "large", "larger"], contrast: ["normal", "high", "dark"] };
const page = document.documentElement;
const theme = page.dataset.bsTheme;

function remembered() {
  try {
    const held = JSON.parse(localStorage.getItem(KEY)) ?? {};
    return Object.fromEntries(Object.entries(CHOICES).map(([name, values]) => [name, values.includes(held[name]) ? held[name] : "normal"]));
  } catch {
    return { size: "normal", contrast: "normal" };
  }
}

function show({ size, contrast }) {
  page.dataset.size = size;
  page.dataset.contrast = contrast;
  const wanted = { high: "light", dark: "dark" }[contrast] ?? theme;
  if (wanted) page.dataset.bsTheme = wanted;
  else delete page.dataset.bsTheme;
}

const chosen = remembered();
show(chosen);

for (const input of document.querySelectorAll("#comfort input")) {
  input.checked = chosen[input.name] === input.value;
  input.addEventListener("change", () => {
    chosen[input.name] = input.value;
    show(chosen);
    try {
      localStorage.setItem(KEY, JSON.stringify(chosen));
    } catch {
      // A browser that keeps nothing: the choice holds for this page.
    }
  });
}
