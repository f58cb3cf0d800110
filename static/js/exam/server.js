// Talking to the server. Whatever is not exactly an answer of ours is a failure:
// a captive portal's page, a proxy's 502, half a body, a redirect, JSON of somebody else, silence.

const PATIENCE = 15000;
const SMALL = 60000; // what a browser still sends when the page is closing
export const ENDED = new Set(["submitted", "closed_by_deadline", "invalidated"]);
const STATES = new Set(["in_progress", "paused", ...ENDED]);

const isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isTime = (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));
const isTimed = (body) => isTime(body.server_time) && isTime(body.deadline);
const isForm = (form) => Array.isArray(form?.sections) && form.sections.every((section) => Array.isArray(section.items));
const isKept = (responses) => isRecord(responses) && Object.values(responses).every((one) => Number.isInteger(one?.seq) && "answer" in one);

/** Why nothing was achieved: "unreachable", "signed_out", "gone", "password" or "refused" (with the server's `body`). */
export class Failure extends Error {
  constructor(kind, body = null) {
    super(kind);
    this.kind = kind;
    this.body = body;
  }
}

export class Server {
  /** `places` names the doors: `api` of the attempt, `start` of its sitting, `session`. */
  constructor(attempt, places) {
    Object.assign(this, { attempt, places, token: document.querySelector('meta[name="csrf-token"]').content });
  }

  async look() { return this.attemptIn(await this.call("GET", this.places.api)); }

  /** Take the pen for this device. */
  async takeOver() { return this.attemptIn({ state: "in_progress", ...await this.call("POST", this.places.start, {}) }); }

  attemptIn(body) {
    const whole = body.attempt_id === this.attempt && STATES.has(body.state) && isTimed(body) && isKept(body.responses);
    if (!whole || (body.state === "in_progress" && !isForm(body.form))) throw new Failure("unreachable");
    return body;
  }

  async save(responses) {
    const body = await this.call("PUT", `${this.places.api}/responses`, { responses });
    if (!Array.isArray(body.saved) || !Array.isArray(body.refused) || !isTimed(body)) throw new Failure("unreachable");
    return body;
  }

  async signal(signal) {
    const body = await this.call("POST", `${this.places.api}/signals`, signal);
    if (!STATES.has(body.state) || !isTimed(body)) throw new Failure("unreachable");
    return body;
  }

  async remark(remark) {
    const body = await this.call("POST", `${this.places.api}/remarks`, remark);
    if (body.kept !== remark.slot) throw new Failure("unreachable");
  }

  async submit(key) {
    const body = await this.call("POST", `${this.places.api}/submit`, {}, { "Idempotency-Key": key });
    if (!ENDED.has(body.state) || body.receipt?.attempt !== this.attempt || typeof body.receipt.jws !== "string") throw new Failure("unreachable");
    return body;
  }

  /** Sign in again without leaving the page. */
  async signIn(username, password) {
    await this.renew();
    const body = await this.call("POST", this.places.session, { username, password });
    this.token = body.csrf_token;
    if (body.password_change) throw new Failure("password");
  }

  /** A fresh token: the one of the page dies with the session. */
  async renew() {
    const { status, body } = await this.fetch("GET", this.places.session);
    if (status !== 200 || typeof body.csrf_token !== "string") throw new Failure("unreachable");
    this.token = body.csrf_token;
  }

  async call(method, url, json, headers = {}, again = true) {
    const { status, body } = await this.fetch(method, url, json, headers);
    const code = body.error?.code;
    if (status === 200) return body;
    if (status === 401 && code === "unauthenticated") throw new Failure("signed_out");
    if (status === 404 && code === "not_found") throw new Failure("gone");
    if (status === 403 && code) throw new Failure(code === "password_change" ? "password" : "gone");
    if (status === 400 && code === "csrf" && again) {
      await this.renew();
      return this.call(method, url, json, headers, false);
    }
    if ([409, 413, 422, 429].includes(status) && (code || body.refused)) throw new Failure("refused", body);
    throw new Failure("unreachable");
  }

  async fetch(method, url, json, headers = {}) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    const text = json === undefined ? undefined : JSON.stringify(json);
    try {
      const answer = await fetch(url, {
        method, headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": this.token, ...headers },
        body: text, credentials: "same-origin", redirect: "manual", cache: "no-store", signal: stop.signal,
        keepalive: document.visibilityState === "hidden" && (text ?? "").length * 3 < SMALL,
      });
      const type = answer.headers.get("Content-Type") ?? "";
      if (!type.startsWith("application/json")) throw new Failure("unreachable");
      const body = await answer.json();
      if (!isRecord(body)) throw new Failure("unreachable");
      return { status: answer.status, body };
    } catch (error) {
      throw error instanceof Failure ? error : new Failure("unreachable");
    } finally {
      clearTimeout(timer);
    }
  }
}
