// The invigilator's board, kept fresh: asked every few seconds while somebody looks, drawn again only where it changed.
// Times run down by the server's clock; the device's own clock is never asked what time it is.

const live = document.getElementById("room-live");
const fresh = document.getElementById("fresh");
const line = fresh.querySelector("span");
const said = document.getElementById("fresh-said");
const EVERY = 7000;
const SPREAD = 2000;
const PATIENCE = 12000;
const SOON = 5 * 60;

let etag = `"${live.dataset.etag}"`;
let server = Number(live.dataset.now);
let mark = performance.now();
let last = mark;
let lost = false;
let out = false;
let timer;

const now = () => server + (performance.now() - mark);
const two = (number) => String(number).padStart(2, "0");
const face = (seconds) => (seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}` : two(Math.floor(seconds / 60))) + `:${two(seconds % 60)}`;

function tick() {
  for (const time of live.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.ceil((Number(time.dataset.until) - now()) / 1000));
    const text = left ? face(left) : fresh.dataset.over;
    if (time.textContent !== text) time.textContent = text;
    time.classList.toggle("soon", left <= SOON);
  }
  if (out) return;
  const age = Math.round((performance.now() - last) / 1000);
  const words = lost ? fresh.dataset.lost.replace("{time}", face(age)) : age < 3 ? fresh.dataset.just : fresh.dataset.ago.replace("{n}", age);
  if (line.textContent !== words) line.textContent = words;
}

/** Say aloud only what changes for the one who watches: that the board went stale, and that it is back. */
function tell(state) {
  if (state === "lost" && !lost) said.textContent = fresh.dataset.lost.replace("{time}", face(Math.round((performance.now() - last) / 1000)));
  if (state === "fresh" && lost) said.textContent = fresh.dataset.just;
  if (state === "out") said.textContent = line.textContent = fresh.dataset.out;
  lost = state === "lost";
  out = state === "out";
  fresh.classList.toggle("stale", state !== "fresh");
  live.classList.toggle("stale", state !== "fresh");
}

async function ask() {
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const asked = performance.now();
    const answer = await fetch(live.dataset.url, {
      headers: { "If-None-Match": etag, Accept: "text/html" }, credentials: "same-origin", redirect: "manual", cache: "no-store", signal: stop.signal,
    });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return tell("out");
    const time = Number(answer.headers.get("X-Server-Time")) * 1000;
    if (!time || (answer.status !== 200 && answer.status !== 304)) return tell("lost");
    if (answer.status === 200) {
      draw(await answer.text());
      etag = answer.headers.get("ETag");
    }
    [server, mark, last] = [time, (asked + performance.now()) / 2, performance.now()];
    tell("fresh");
  } catch {
    tell("lost");
  } finally {
    clearTimeout(patience);
    tick();
  }
}

function draw(text) {
  const found = new DOMParser().parseFromString(text, "text/html");
  const [head, body] = [part(found, "head"), part(found, "body")];
  if (!head || !body) throw new TypeError("this is no board");
  swap(part(live, "head"), head);
  const [rows, fresher] = [part(live, "body").querySelector("tbody"), body.querySelector("tbody")];
  if (rows && fresher) arrange(rows, fresher);
  else swap(part(live, "body"), body);
}

const part = (root, name) => root.querySelector(`[data-part="${name}"]`);
const drawn = new WeakMap();

/** What the server last sent for an element; what a script wrote into it since does not count. */
const sent = (element) => drawn.get(element) ?? element.outerHTML;

function adopt(element) {
  drawn.set(element, element.outerHTML);
  return document.adoptNode(element);
}

function swap(old, fresher) {
  if (sent(old) !== fresher.outerHTML) replace(old, fresher);
}

/** Put `fresher` in the place of `old`; whoever stood on a link in it stands on the same one. */
function replace(old, fresher) {
  const element = adopt(fresher);
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  old.replaceWith(element);
  if (focused) element.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  return element;
}

/** The rows in the order of `fresher`; those that did not change stay the elements that they are. */
function arrange(rows, fresher) {
  const known = new Map([...rows.children].map((row) => [row.dataset.key, row]));
  let above = null;
  for (const row of [...fresher.children]) {
    let here = known.get(row.dataset.key);
    known.delete(row.dataset.key);
    if (!here) here = adopt(row);
    else if (sent(here) !== row.outerHTML) here = replace(here, row);
    const next = above ? above.nextElementSibling : rows.firstElementChild;
    if (here !== next) move(rows, here, next);
    above = here;
  }
  for (const gone of known.values()) gone.remove();
}

/** Moving an element takes the focus off it: give it back. */
function move(rows, row, next) {
  const focused = row.contains(document.activeElement) ? document.activeElement : null;
  rows.insertBefore(row, next);
  focused?.focus({ preventScroll: true });
}

function remember() {
  for (const element of [part(live, "head"), part(live, "body"), ...live.querySelectorAll("tbody > tr")]) drawn.set(element, element.outerHTML);
}

async function round() {
  clearTimeout(timer);
  if (document.visibilityState !== "visible" || out) return;
  await ask();
  timer = setTimeout(round, EVERY + Math.random() * SPREAD);
}

remember();
tick();
setInterval(() => { if (document.visibilityState === "visible") tick(); }, 1000);
document.addEventListener("visibilitychange", round);
timer = setTimeout(round, EVERY);
