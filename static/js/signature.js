// A drawn signature: lines of points in a field of 1000 by 400, kept as JSON in a hidden field. The page works without this file.

const WIDE = 1000, HIGH = 400, STEP = 4, STROKES = 120, POINTS = 4000;
const SVG = "http://www.w3.org/2000/svg";

/** What the hidden field holds, or no lines when it holds no drawing. */
function read(text) {
  try {
    const found = JSON.parse(text || "[]");
    return Array.isArray(found) ? found.filter((stroke) => Array.isArray(stroke) && stroke.length) : [];
  } catch {
    return [];
  }
}

function pad(box) {
  const field = document.getElementById(box.dataset.field);
  const surface = box.querySelector(".signature-pad");
  const ink = box.querySelector("svg g");
  const said = box.querySelector("[role=status]");
  let strokes = read(field.value), line = null, holder = null;

  const count = () => strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  const full = () => strokes.length >= STROKES || count() >= POINTS;

  function draw(stroke) {
    const made = document.createElementNS(SVG, "polyline");
    ink.append(made);
    update(made, stroke);
    return made;
  }

  function update(made, stroke) {
    const points = stroke.length === 1 ? [stroke[0], [stroke[0][0] + 1, stroke[0][1]]] : stroke; // a dot is a very short line
    made.setAttribute("points", points.map((point) => point.join(",")).join(" "));
  }

  function keep() {
    field.value = strokes.length ? JSON.stringify(strokes) : "";
    const words = full() ? said.dataset.full : strokes.length ? said.dataset.signed : said.dataset.empty;
    if (said.textContent !== words) said.textContent = words;
  }

  function point(event) {
    const frame = surface.getBoundingClientRect();
    const within = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
    return [within((event.clientX - frame.left) / frame.width * WIDE, WIDE), within((event.clientY - frame.top) / frame.height * HIGH, HIGH)];
  }

  surface.addEventListener("pointerdown", (event) => {
    if (holder !== null || !event.isPrimary || event.button > 0 || full()) return;
    event.preventDefault();
    holder = event.pointerId;
    surface.setPointerCapture(holder);
    strokes.push([point(event)]);
    line = draw(strokes.at(-1));
  });
  surface.addEventListener("pointermove", (event) => {
    if (event.pointerId !== holder) return;
    const stroke = strokes.at(-1);
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const next = point(one), last = stroke.at(-1);
      if (Math.hypot(next[0] - last[0], next[1] - last[1]) >= STEP && count() < POINTS) stroke.push(next);
    }
    update(line, stroke);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    surface.addEventListener(name, (event) => {
      if (event.pointerId !== holder) return;
      holder = line = null;
      keep();
    });
  }
  box.querySelector("[data-clear]").addEventListener("click", () => {
    strokes = [];
    ink.replaceChildren();
    keep();
  });

  strokes.forEach(draw);
  keep();
  box.hidden = false;
}

document.querySelectorAll("[data-signature]").forEach(pad);
