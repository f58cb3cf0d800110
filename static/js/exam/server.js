// Talking to the server. Whatever is not exactly an answer of ours is a failure:
// a captive portal's page, a proxy's 502, half a body, a redirect, silence.

const PATIENCE = 15000;

/** Why nothing was achieved: "unreachable", "signed_out", "gone" or "refused" (with the server's `body`). */
export class Failure extends Error {
  constructor(kind, body = null) {
    super(kind);
    this.kind = kind;
    this.body = body;
  }
}

export class Server {
  constructor(api, page) {
    this.api = api;
    this.page = page;
    this.token = document.querySelector('meta[name="csrf-token"]').content;
  }

  look() { return this.call("GET", this.api); }

  async save(responses) {
    const body = await this.call("PUT", `${this.api}/responses`, { responses });
    if (!Array.isArray(body.saved) || !Array.isArray(body.refused)) throw new Failure("unreachable");
    return body;
  }

  async submit(key) {
    const body = await this.call("POST", `${this.api}/submit`, {}, { "Idempotency-Key": key });
    if (typeof body.receipt?.jws !== "string") throw new Failure("unreachable");
    return body;
  }

  async call(method, url, json, headers = {}, again = true) {
    const { status, body } = await this.fetch(method, url, json, headers);
    if (status === 200) return body;
    if (status === 401) throw new Failure("signed_out");
    if (status === 404) throw new Failure("gone");
    if (status === 400 && body.error?.code === "csrf" && again) {
      await this.renew();
      return this.call(method, url, json, headers, false);
    }
    if (status === 409 || status === 422) throw new Failure("refused", body);
    throw new Failure("unreachable");
  }

  async fetch(method, url, json, headers) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(url, {
        method, headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": this.token, ...headers },
        body: json === undefined ? undefined : JSON.stringify(json), credentials: "same-origin", redirect: "manual", cache: "no-store", signal: stop.signal,
      });
      const type = answer.headers.get("Content-Type") ?? "";
      if (!type.startsWith("application/json")) throw new Failure("unreachable");
      const body = await answer.json();
      if (body === null || typeof body !== "object") throw new Failure("unreachable");
      return { status: answer.status, body };
    } catch (error) {
      throw error instanceof Failure ? error : new Failure("unreachable");
    } finally {
      clearTimeout(timer);
    }
  }

  /** A fresh token, after signing in again elsewhere; a sign-in page instead of the room means that nobody has. */
  async renew() {
    let text;
    let answer;
    try {
      answer = await fetch(this.page, { credentials: "same-origin", cache: "no-store" });
      text = await answer.text();
    } catch {
      throw new Failure("unreachable");
    }
    const fresh = new DOMParser().parseFromString(text, "text/html");
    if (fresh.getElementById("room") === null) {
      throw new Failure(answer.ok && fresh.querySelector('input[type="password"]') ? "signed_out" : "unreachable");
    }
    this.token = fresh.querySelector('meta[name="csrf-token"]').content;
  }
}
