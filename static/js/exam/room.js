// The exam room: wires question, answers, sender, clock and overview together.

import { Answers } from "./answers.js";
import { Clock } from "./clock.js";
import { Overview } from "./overview.js";
import { Question } from "./question.js";
import { Sender } from "./sender.js";
import { Failure, Server } from "./server.js";
import { Tabs } from "./tabs.js";
import { row, say } from "./words.js";

const find = (id) => document.getElementById(id);
const room = find("room").dataset;
const server = new Server(room.api, room.page);
const answers = new Answers(room.attempt);
const question = new Question(changed);
const clock = new Clock(timeUp);
const sender = new Sender(server, answers, { state: showState, received, refused, failed });
const tabs = new Tabs(room.attempt, () => { pause(); notice(say("otherTab"), say("takeOver"), () => location.reload()); });
let items = [];
let overview = null;
let at = 1;
let closing = false;
let signedOut = false;

// Opening

async function open() {
  for (let pause = 1000; ; pause = Math.min(pause * 2, 15000)) {
    try {
      begin(await server.look());
      return;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failed(error.kind);
      if (error.kind === "unreachable") net(say("noAnswer"));
      await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
  }
}

function begin(body) {
  if (body.state !== "in_progress") { leave(); return; }
  clock.set(body);
  items = body.form.sections.flatMap((section) => section.items);
  const conflicts = answers.restore(body.responses);
  overview = new Overview(answers, items, go, handIn);
  net("");
  notice("");
  go(Math.min(Math.max(1, answers.at), items.length), false);
  for (const id of ["flag", "list", "next"]) find(id).disabled = false;
  question.focus();
  showState("saved");
  sender.soon(0);
  if (conflicts.length) tell(say("conflict", { n: row(conflicts) }));
}

function leave() {
  closing = true;
  sender.stop();
  location.replace(room.page);
}

// Moving about

function go(slot, moved = true) {
  at = slot;
  answers.at = slot;
  answers.keep();
  question.show(items[slot - 1], answers.answer(slot));
  find("number").textContent = slot;
  find("previous").disabled = slot === 1;
  find("next").textContent = slot === items.length ? say("finish") : say("next");
  paint();
  if (!moved) return;
  window.scrollTo(0, 0);
  question.focus();
  if (answers.waiting().length) sender.soon(0);
}

function paint() {
  find("flag").setAttribute("aria-pressed", String(answers.flags.has(at)));
  find("progress").value = items.filter((item) => answers.done(item.slot)).length;
  overview.paint(at);
}

function forward() {
  if (at < items.length) go(at + 1);
  else overview.ask();
}

find("next").addEventListener("click", forward);
find("previous").addEventListener("click", () => go(at - 1));
find("flag").addEventListener("click", () => { answers.toggleFlag(at); paint(); });
find("room").addEventListener("submit", (event) => event.preventDefault());

document.addEventListener("keydown", (event) => {
  if (!items.length || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "ArrowRight" && at < items.length) { event.preventDefault(); go(at + 1); return; }
  if (event.key === "ArrowLeft" && at > 1) { event.preventDefault(); go(at - 1); return; }
  if (!find("main").contains(event.target)) return; // letters act only while the question has the focus
  if (event.key === "Enter" && !event.target.closest("button, a")) { event.preventDefault(); forward(); return; }
  const index = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : /^[a-z]$/i.test(event.key) ? event.key.toUpperCase().charCodeAt(0) - 65 : -1;
  if (index >= 0 && question.press(index)) event.preventDefault();
});

// Answering and saving

function changed(slot, answer) {
  if (answers.set(slot, answer)) sender.soon(clock.left() < 10 ? 0 : undefined);
  paint();
}

function showState(state) {
  const count = answers.waiting().length;
  const shown = state === "saved" && count ? "saving" : state;
  find("saved").dataset.state = shown;
  find("saved-text").textContent = say(shown, { n: count });
  if (shown === "saved") net("");
}

async function refused(list) {
  const codes = new Set(list.map((one) => one.code));
  if (codes.has("late") || codes.has("closed")) { sender.stop(); if (!closing) leave(); return; }
  if (codes.has("paused")) { pause(); notice(say("paused"), say("reload"), () => location.reload()); return; }
  if (codes.has("read_only")) { pause(); notice(say("otherTab"), say("takeOver"), () => location.reload()); return; }
  const contested = list.filter((one) => one.code === "stale" || one.code === "seq_conflict").map((one) => one.slot);
  const hopeless = list.filter((one) => one.code === "bad_shape" || one.code === "unknown_slot").map((one) => one.slot);
  hopeless.forEach((slot) => answers.drop(slot));
  const body = await server.look();
  if (body.state !== "in_progress") { leave(); return; }
  answers.adopt(body.responses);
  question.fill(answers.answer(at));
  paint();
  if (contested.length) tell(say("conflict", { n: row(contested) }));
  if (hopeless.length) tell(say("notKept", { n: row(hopeless) }));
}

function received(body) {
  clock.set(body);
  if (signedOut) notice("");
  signedOut = false;
}

function failed(kind) {
  const n = answers.waiting().length;
  if (closing) return;
  if (kind === "signed_out" || kind === "gone") {
    signedOut = true;
    notice(say(kind === "gone" ? "gone" : "signedOut", { n }), say("signIn"), room.signIn);
  } else if (n) {
    net(say(answers.kept ? "offline" : "offlineMemory", { n }));
  }
}

/** Another page, or the officer, has the attempt: nothing is typed or sent here any more. */
function pause() {
  sender.stop();
  question.lock(true);
  overview?.close();
  for (const id of ["flag", "list"]) find(id).disabled = true;
}

// The end

/** Hand in, but never with something still waiting here. */
async function handIn() {
  try {
    await sender.flush();
  } catch {
    throw new Error(say("handInWaits", { n: answers.waiting().length }));
  }
  if (closing) return;
  try {
    await server.submit(`${room.attempt}-${Math.random().toString(36).slice(2)}`);
  } catch (error) {
    if (error.kind === "refused") { leave(); return; }
    throw new Error(say("handInFailed"));
  }
  answers.forget();
  tabs.forget();
  leave();
}

/** The server closes the attempt by itself; what waits is tried until then, and the receipt is fetched when it can be. */
async function timeUp() {
  closing = true;
  question.lock(true);
  overview?.close();
  for (const id of ["previous", "next", "flag", "list"]) find(id).disabled = true;
  net(say("timeUp"));
  await sender.flush().catch(() => {});
  for (let pause = 1000; ; pause = Math.min(pause * 2, 15000)) {
    const body = await server.look().catch(() => null);
    if (body && body.state !== "in_progress") { leave(); return; }
    if (!body) net(say("timeUpLost", { n: answers.waiting().length }));
    await new Promise((resolve) => { setTimeout(resolve, pause); });
  }
}

// Saying things

function net(text) {
  find("net-text").textContent = text;
  find("net").hidden = !text;
}

/** A notice above the question, with a link or a button that cures it. */
function notice(text, label = "", cure = null) {
  find("notice-text").textContent = text;
  find("notice").hidden = !text;
  const link = find("notice-link");
  const button = find("notice-button");
  link.hidden = typeof cure !== "string";
  button.hidden = typeof cure !== "function";
  if (typeof cure === "string") { link.href = cure; link.textContent = label; }
  if (typeof cure === "function") { button.textContent = label; button.onclick = cure; }
}

/** A notice that stays until it was read. */
function tell(text) {
  notice(text, say("understood"), () => { notice(""); question.focus(); });
}

document.addEventListener("visibilitychange", async () => {
  if (document.visibilityState === "hidden") { if (answers.waiting().length) sender.flush().catch(() => {}); return; }
  if (!items.length || closing || sender.stopped) return;
  const body = await server.look().catch(() => null); // a phone that slept may have lost time
  if (!body || closing) return;
  if (body.state === "in_progress") clock.set(body);
  else leave();
});

open();
