// The texts of questions. A plain one is put in as text. A rich one comes as HTML that the server wrote and cleaned; it is
// built anew here from the tags on the list, so that nothing else could ever come in.

const TAGS = new Set(["P", "BR", "STRONG", "EM", "CODE", "PRE", "UL", "OL", "LI", "TABLE", "THEAD", "TBODY", "TR", "TH", "TD", "SPAN", "IMG", "AUDIO"]);
const CLASSES = new Set(["rich-picture", "rich-sound", "rich-missing"]);
const MEDIA = /^\/media\/[0-9a-f]{15}[0-9a-fs]$/;
const AGAIN = 5000; // ms after which a picture that did not come is asked for once more
const TRIES = 60;

/** Put a text into `place`: `said` is `{text, html}`, without `html` where it is plain. */
export function put(place, said) {
  if (said.html) place.replaceChildren(...nodes(said.html));
  else place.textContent = said.text;
}

/** The nodes of a rich text. */
export function nodes(html) {
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes].flatMap(built);
}

function built(node) {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.data)];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const inner = [...node.childNodes].flatMap(built);
  if (!TAGS.has(node.tagName)) return inner;
  const made = document.createElement(node.tagName);
  if (CLASSES.has(node.className)) made.className = node.className;
  if (node.tagName === "OL" && /^\d{1,9}$/.test(node.getAttribute("start") ?? "")) made.start = Number(node.getAttribute("start"));
  if (node.tagName === "IMG" || node.tagName === "AUDIO") show(made, node);
  made.append(...inner);
  return [made];
}

function show(made, node) {
  const source = node.getAttribute("src") ?? "";
  if (!MEDIA.test(source)) return;
  if (made.tagName === "IMG") made.alt = node.getAttribute("alt") ?? "";
  else {
    made.controls = true;
    made.preload = "auto";
    made.setAttribute("aria-label", node.getAttribute("aria-label") ?? "");
  }
  let tries = 0;
  made.addEventListener("error", () => { // the network comes and goes
    if (tries++ < TRIES) setTimeout(() => { if (made.isConnected) made.src = source; }, AGAIN);
  });
  made.src = source;
}

/** The pictures and sounds of a paper, each once, in the order of its questions. */
export function sources(items) {
  const shown = JSON.stringify(items).matchAll(/src=\\"(\/media\/[0-9a-f]{15}[0-9a-fs])\\"/g);
  return [...new Set([...shown].map((found) => found[1]))];
}

/** Fetch them one by one before they are needed: the browser keeps them, and a question can be read without a network. */
export async function fetchAhead(items) {
  for (const source of sources(items)) {
    for (let tries = 0; tries < TRIES; tries += 1) {
      try {
        const answer = await fetch(source, { priority: "low" });
        await answer.blob();
        if (answer.status < 500) break;
      } catch {
        // no network: tried again below
      }
      await new Promise((resolve) => { setTimeout(resolve, AGAIN); });
    }
  }
}
