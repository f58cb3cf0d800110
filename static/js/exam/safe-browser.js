// Proving the lockdown browser where it puts nothing into its requests: it tells the page a hash of the page's own address
// and its configuration. Loaded only by pages of a sitting that demands it. Every request of the page then carries the hash,
// or "none", so that the server need not ask itself whether one was due.

const HEADER = "X-Safe-Browser-Page";
const PATIENCE = 3000;

/** The hash, or "none": where the browser is not a lockdown browser, or an old one that never answers. */
async function proof() {
  const security = window.SafeExamBrowser?.security;
  if (!security) return "none";
  if (!security.configKey && security.updateKeys) {
    await new Promise((resolve) => { security.updateKeys(resolve); setTimeout(resolve, PATIENCE); });
  }
  return security.configKey || "none";
}

const proven = proof();
let known = ""; // once it is known nothing waits: a page that is closing has no time to
proven.then((hash) => { known = hash; });
const plain = window.fetch.bind(window);

window.fetch = async (resource, options = {}) => {
  const address = new URL(resource instanceof Request ? resource.url : resource, location.href);
  if (address.origin !== location.origin) return plain(resource, options);
  const headers = new Headers(options.headers ?? (resource instanceof Request ? resource.headers : undefined));
  headers.set(HEADER, known || await proven);
  const answer = await plain(resource, { ...options, headers });
  if (answer.status === 409) {
    const body = await answer.clone().json().catch(() => null);
    const missing = document.getElementById("safe-browser-missing");
    if (body?.refused === "safe_browser" && missing) missing.hidden = false;
  }
  return answer;
};

const field = document.querySelector('input[name="browser_proof"]');
if (field) field.value = await proven;
