/* The question form: what is typed is shown as a candidate would see it, with hints; pictures and sounds go in where the
   cursor stood. Without this script the buttons of the form do the same. */

const WAIT = 600; // ms of silence after which the look is asked for
const form = document.getElementById("item-form");
const aside = document.querySelector("[data-look]");
const tools = document.getElementById("text-tools");
const status = document.getElementById("file-status");
const find = (id) => document.getElementById(id);

/* The look */

let timer = 0;
let asked = null;

function body() {
  const data = new FormData(form);
  data.delete("file");
  return data;
}

async function look() {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(aside.dataset.look, { method: "POST", body: body(), signal: asked.signal, headers: { Accept: "text/html" } });
    find("session-lost").hidden = answer.status !== 400 && answer.status !== 401; // who no longer has a session should know before saving
    if (answer.ok && !answer.redirected) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch (error) {
    if (error.name !== "AbortError") later(10 * WAIT); // the network is away: what was shown stays
  }
}

function show(page) {
  for (const id of ["suggested", "found", "look"]) {
    const [here, fresh] = [find(id), page.getElementById(id)];
    if (!here || !fresh || here.isEqualNode(fresh)) continue;
    const focused = here.contains(document.activeElement) ? document.activeElement.id : "";
    here.replaceWith(document.importNode(fresh, true));
    for (const button of find(id).querySelectorAll("[data-plain]")) button.hidden = true;
    if (focused) find(focused)?.focus();
  }
  const told = find("look-status");
  const words = told.dataset.words.replace("{n}", find("look").querySelectorAll(".look-hints li").length)
    .replace("{m}", find("look").querySelectorAll(".near").length);
  if (told.textContent !== words) told.textContent = words;
}

function later(wait = WAIT) {
  clearTimeout(timer);
  timer = setTimeout(look, wait);
}

/* What is ticked in the look goes into the form's own lists, because the look changes with every word */

/** Add a line to a list that is typed, or take it out. */
function listed(field, value, wanted) {
  const lines = field.value.split("\n").map((line) => line.trim()).filter((line) => line && line !== value);
  field.value = (wanted ? [...lines, value] : lines).join("\n");
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.name === "picked") listed(find("clauses"), box.value, box.checked);
  else if (box.name === "foes") listed(find("enemies"), box.value, box.checked);
});

find("find").addEventListener("click", (event) => {
  event.preventDefault();
  later(0);
});

const checks = form.querySelector('button[name="do"][value="look"]');
checks.addEventListener("click", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  look().then(() => aside.scrollIntoView({ block: "start" }));
});

/* Nothing that was typed is lost by leaving by mistake */

let dirty = "unsaved" in aside.dataset;

document.addEventListener("input", (event) => {
  if (event.target.form !== form || event.target === find("file")) return;
  if (event.target !== find("query")) dirty = true;
  later();
});
form.addEventListener("submit", () => { dirty = false; });
window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

/* Tools that work on the text that was written in last */

let place = find("stem");

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-text]")) place = event.target;
});

/** Put `text` in the place of what is selected, and select `chosen` in it. */
function put(text, chosen = "") {
  const [start, end] = [place.selectionStart, place.selectionEnd];
  place.setRangeText(text, start, end, "end");
  const at = chosen ? text.indexOf(chosen) : -1;
  place.focus();
  if (at >= 0) place.setSelectionRange(start + at, start + at + chosen.length);
  place.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Step behind a picture or sound that the cursor stands in: the words of the last one are still chosen, and another file must not take their place. */
function stepBehindMedia() {
  for (const mark of place.value.matchAll(/!\[[^\]\n]*\]\(media:\w+\)/g)) {
    const end = mark.index + mark[0].length;
    if (mark.index < place.selectionEnd && place.selectionStart < end) place.setSelectionRange(end, end);
  }
}

tools.addEventListener("click", (event) => {
  const button = event.target.closest("button[type=button]");
  if (!button) return;
  const chosen = place.value.slice(place.selectionStart, place.selectionEnd);
  if (button.dataset.wrap) put(`${button.dataset.wrap}${chosen}${button.dataset.wrap}`, chosen);
  else if (button.dataset.put) put(button.dataset.put);
  else if (place.tagName === "TEXTAREA") {
    const before = place.value.slice(0, place.selectionStart);
    put((before && !before.endsWith("\n") ? "\n" : "") + (chosen || "").split("\n").map((line) => button.dataset.line + line).join("\n"));
  }
});
for (const button of tools.querySelectorAll("button[type=button]")) button.hidden = false;
for (const button of document.querySelectorAll("[data-plain]")) button.hidden = true;

find("file").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  status.className = "small muted";
  status.textContent = tools.dataset.busy;
  const data = new FormData();
  data.append("file", file);
  data.append("csrf_token", form.elements.csrf_token.value);
  event.target.value = "";
  try {
    const answer = await fetch(tools.dataset.upload, { method: "POST", body: data, headers: { Accept: "application/json" } });
    if (answer.status === 413) throw new Error(tools.dataset.large);
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.error?.message ?? "");
    status.textContent = tools.dataset.done;
    stepBehindMedia();
    put(said.text, said.text.slice(2, said.text.indexOf("]")));
  } catch (error) {
    status.className = "field-error";
    status.textContent = (error instanceof SyntaxError || error instanceof TypeError ? "" : error.message) || tools.dataset.failed;
  }
});
