// Signing in again without leaving the room: the same person, whose name the dialog shows, and only the password.

import { say } from "./words.js";

const find = (id) => document.getElementById(id);

export class SignIn {
  /** `done` is called once the person is signed in again. */
  constructor(server, done) {
    Object.assign(this, { server, done, box: find("sign-in"), offered: false });
    find("sign-in-form").addEventListener("submit", (event) => this.submit(event));
  }

  /** Ask once by itself, but never into the middle of a word: then the notice's button does. */
  offer() {
    if (this.offered) return;
    this.offered = true;
    if (!document.activeElement?.matches("textarea, input[type=text], input:not([type])") && !document.querySelector("dialog[open]")) this.ask();
  }

  ask() {
    this.problem("");
    if (!this.box.open) this.box.showModal();
    find("sign-in-password").focus();
  }

  async submit(event) {
    event.preventDefault();
    const [button, field] = [find("sign-in-confirm"), find("sign-in-password")];
    button.disabled = true;
    this.problem("");
    try {
      await this.server.signIn(find("sign-in-name").value, field.value);
      this.box.close();
      this.offered = false;
      this.done();
    } catch (error) {
      this.problem(error.body?.error?.message ?? say({ password: "passwordChange", gone: "gone" }[error.kind] ?? "signInFailed"));
      if (error.kind === "password") find("sign-in-change").hidden = false;
      field.focus();
    } finally {
      field.value = "";
      button.disabled = false;
    }
  }

  problem(text) {
    find("sign-in-problem").hidden = !text;
    find("sign-in-problem").querySelector("span").textContent = text;
    find("sign-in-password").toggleAttribute("aria-invalid", Boolean(text));
  }
}
