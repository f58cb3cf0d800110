// The exam room: wires stage, answers, store, sender, clock and signals together.
//
// It is in one of these modes: opening; open (answering); paused (by an officer); elsewhere (another device writes);
// aside (another page on this device writes); ending (the time is up, the server has the word); left.

import { Answers } from "./answers.js";
import { Clock } from "./clock.js";
import { listen } from "./keys.js";
import { net, notice, saving, tell } from "./notices.js";
import { Question } from "./question.js";
import { Remarks } from "./remarks.js";
import { Sender } from "./sender.js";
import { ENDED, Failure, Server } from "./server.js";
import { SignIn } from "./sign-in.js";
import { Signals } from "./signals.js";
import { Stage } from "./stage.js";
import { Store } from "./store.js";
import { Tabs } from "./tabs.js";
import { row, say } from "./words.js";

const REMARKS = 2000; // ms that remarks get after the hand-in; the next page goes on with them
const LOOK_AGAIN = 4000; // ms between two looks at a paused attempt, and up to as much again by chance: a whole room waits at once
const find = (id) => document.getElementById(id);
const rest = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const room = find("room").dataset;
const store = new Store(room.attempt, warn);
const server = new Server(room.attempt, room);
const clock = new Clock(Number(room.opened), timeUp);
const answers = new Answers(store, () => clock.tenths());
const sender = new Sender(server, answers, { state: showState, received: heard, refused, failed });
const stage = new Stage(new Question(changed), answers, sender, handIn, () => { signals.moved(); remarks.paint(); });
const signals = new Signals(server, () => ({ slot: stage.items.length ? answers.at : null, waiting: answers.waiting().length }), heard);
const remarks = new Remarks(server, store, () => ({ slot: answers.at, waiting: answers.waiting().length }));
const signIn = new SignIn(server, signedIn);
const tabs = new Tabs(room.attempt, store, stepAside);
let mode = "opening";
let trouble = null; // why the last try to save failed

listen({
  ready: () => stage.items.length > 0 && ["open", "elsewhere"].includes(mode),
  forward: (finish) => stage.step(1, finish), back: () => stage.step(-1), flag: () => mode === "open" && stage.flag(),
  help: () => { find("comfort").showModal(); return true; },
  press: (index) => mode === "open" && stage.question.press(index),
});

function enter(next) {
  const was = mode;
  mode = next;
  stage.lock(next !== "open", next === "elsewhere");
  if (next !== "open") remarks.close();
  find("paused").hidden = next !== "paused";
  find("room").hidden = next === "paused";
  if (next === "paused") clock.pause(say("standing"));
  else clock.resume();
  if (next === "paused") find("paused").focus();
  else if (was === "paused") stage.question.focus();
  if (next === "open") sender.resume();
  else if (next !== "ending") sender.hold();
  const still = { paused: "saved", elsewhere: "readOnly", aside: "readOnly" }[next];
  if (still) saving(answers.waiting().length ? "waiting" : still, answers.waiting().length, 0);
}

async function open() {
  answers.tab = tabs.name;
  const held = await store.open(tabs.name, foundLate);
  answers.restore(held);
  remarks.restore(held.remarks);
  for (let pause = 1000; mode === "opening"; pause = Math.min(pause * 2, 15000)) {
    const kind = await look(true);
    if (kind) failed(kind);
    if (kind === "unreachable" || kind === "refused") net(say("noAnswer"));
    if (kind) await rest(pause * (0.75 + Math.random() / 2));
  }
}

/** The device was slow to say what it holds: it counts all the same. */
function foundLate({ answers: held, place, remarks: said }) {
  remarks.restore(said);
  stage.refresh(answers.restore({ answers: held, place: { flags: place.flags } }));
  if (mode === "open") sender.soon(0);
  wake();
}

// What the server tells

/**
 * Look at the whole attempt; answers why it failed, or null.
 * A page whose session has just begun (`fresh`) holds no pen: where nobody else does, an empty save takes it up. Any other page that
 * finds the pen elsewhere has lost it to another device, and gets it back only when the person asks.
 */
async function look(fresh = false) {
  try {
    let body = await server.look();
    if (body.state === "in_progress" && body.pen === "elsewhere" && fresh) {
      await server.save([]);
      body = await server.look();
    }
    adopt(body);
    return null;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.kind;
  }
}

/** Take over a whole attempt: where it stands, and what is kept. */
function adopt(body) {
  const was = mode;
  if (was === "left" || was === "aside" || over(body)) return;
  const moved = clock.set(body);
  const changes = answers.merge(body.responses);
  if (!stage.items.length) stage.open(body.form);
  signals.start();
  if (body.pen === "elsewhere") yieldPen();
  else if (was !== "ending" || clock.left() > 0) settle(was);
  stage.refresh(changes);
  if (was === "paused") remark(say("resumed"));
  else announce(moved);
  if (mode !== "open" || !answers.contested.size) return;
  tell(say("conflict", { n: row([...answers.contested]) }));
  answers.contested.clear();
}

/** Answering is possible: for the first time, again, or still. */
function settle(was) {
  if (was !== "open") {
    notice("");
    net("");
    enter("open");
  } else if (answers.waiting().length) sender.soon(0);
  if (was === "opening") showState("saved");
  remarks.paint();
}

/** What every answer carries some of: {state, pen, server_time, deadline}. */
function heard(body) {
  if (["opening", "aside", "left"].includes(mode) || over(body)) return;
  if (mode === "paused") {
    if (body.state === "in_progress") look();
    return;
  }
  announce(clock.set(body));
  if (body.pen && (body.pen === "elsewhere") !== (mode === "elsewhere")) look();
}

/** Whether the attempt has ended or stands still, and then the room follows. */
function over(body) {
  if (ENDED.has(body.state)) leave();
  else if (body.state === "paused") pause();
  else return false;
  return true;
}

function announce(moved) {
  const left = Math.max(1, Math.round(clock.left() / 60));
  if (moved >= 1) remark(say("extended", { n: Math.max(1, Math.round(moved / 60)), left }));
  if (moved <= -1) remark(say("shortened", { left }));
}

/** Said where it can be read; aloud only where another notice has to stay. */
function remark(text) {
  if (mode === "open") tell(text);
  else clock.speak(text);
}

/** An officer has stopped the clock: wait here, whatever was typed stays, and go on by oneself. */
async function pause() {
  if (mode === "paused") return;
  enter("paused");
  notice("");
  net("");
  while (mode === "paused") {
    await rest(LOOK_AGAIN * (1 + Math.random()));
    const kind = mode === "paused" && await look();
    if (kind === "signed_out" || kind === "gone") failed(kind);
  }
}

/** Another device writes: read on here, or take the pen back. */
function yieldPen() {
  if (mode === "elsewhere") return;
  enter("elsewhere");
  net("");
  notice(say("elsewhere"), say("continueHere"), takeOver);
}

async function takeOver() {
  try {
    adopt({ ...await server.takeOver(), pen: "here" });
  } catch (error) {
    if (error.kind !== "refused") notice(say("notNow"), say("continueHere"), takeOver);
    else if (await look()) leave();
  }
}

/** Another page of this attempt was opened on this device. */
function stepAside() {
  if (mode === "left" || mode === "aside") return;
  if (mode === "open") bring();
  enter("aside");
  signals.stop();
  remarks.stop();
  net("");
  notice(say("otherTab"), say("takeOver"), () => bring().finally(() => location.reload()));
}

/** What waits here and is not on the device would be gone with this page: bring it to the server. */
async function bring() {
  if (store.kept || !answers.waiting().length) return;
  sender.held = false;
  await sender.flush().catch(() => {});
  if (mode === "aside") enter("aside");
}

function leave() {
  if (mode === "left") return;
  enter("left");
  signals.stop();
  location.replace(room.page);
}

// Answering and saving

function changed(slot, answer) {
  if (mode !== "open") return;
  if (answers.set(slot, answer)) sender.soon(clock.left() < 10 ? 0 : undefined);
  stage.paint();
}

function showState(state) {
  if (saving(state, answers.waiting().length, answers.refused().length) !== "saved") return;
  if (trouble === "signed_out" || trouble === "gone") notice("");
  trouble = null;
  net("");
  remarks.soon();
}

async function refused(list) {
  const hopeless = list.filter((one) => one.code === "bad_shape" || one.code === "unknown_slot");
  hopeless.forEach((one) => answers.refuse(one));
  if (list.length > hopeless.length) {
    const kind = await look(); // late, closed, paused, read_only, stale, seq_conflict: the whole attempt tells what to do
    if (kind) throw new Failure(kind);
  }
  if (hopeless.length) tell(say("notKept", { n: row(hopeless.map((one) => one.slot)) }));
}

function failed(kind) {
  if (mode === "left" || mode === "aside") return;
  trouble = kind;
  if (kind === "password") notice(say("passwordChange"), say("passwordChoose"), room.password);
  else if (kind === "signed_out" || kind === "gone") {
    notice(say(kind === "gone" ? "gone" : "signedOut", { n: answers.waiting().length }), say("signIn"), () => signIn.ask());
    signIn.offer();
  } else {
    store.write(); // what the device would not keep a moment ago it may keep now
    warn();
  }
}

/** Say how much waits, and whether this device keeps it. */
function warn() {
  const n = answers.waiting().length;
  const known = ["signed_out", "gone", "password"].includes(trouble);
  if (n && trouble && !known && mode === "open") net(say(store.kept ? "offline" : "offlineMemory", { n }));
}

async function signedIn() {
  const kind = await look(true);
  if (kind) { failed(kind); return; }
  trouble = null;
  if (mode === "open") { notice(""); sender.resume(); }
  remarks.soon(0);
}

// The end

/** Hand in, but never with something still waiting here. Fails with a text to show. */
async function handIn() {
  await sender.flush().catch(() => {});
  const waiting = answers.waiting().length;
  const kind = waiting ? trouble : mode === "open" ? await submit() : null;
  if (mode !== "open") return;
  if (kind === "signed_out" || kind === "gone") {
    stage.overview.close();
    failed(kind);
    signIn.ask();
  } else if (kind || waiting) throw new Error(waiting ? say("handInWaits", { n: waiting }) : say("handInFailed"));
}

/** Answers why it failed, or null. */
async function submit() {
  try {
    await server.submit(`${room.attempt}-${Math.random().toString(36).slice(2)}`);
  } catch (error) {
    if (error.kind === "refused") await look();
    return error.kind;
  }
  await Promise.race([remarks.send(), rest(REMARKS)]);
  await store.forget(remarks.unsent());
  leave();
  return null;
}

/** The server closes the attempt by itself; what waits is tried until then, and the receipt is fetched when it can be. */
async function timeUp() {
  if (!["open", "elsewhere"].includes(mode)) return;
  const wrote = mode === "open";
  enter("ending");
  net(say("timeUp"));
  if (wrote) await sender.flush().catch(() => {});
  for (let pause = 1000; mode === "ending"; pause = Math.min(pause * 2, 15000)) {
    const kind = await look();
    if (kind === "signed_out" || kind === "gone") failed(kind);
    else if (kind) net(say("timeUpLost", { n: answers.waiting().length }));
    if (mode === "ending") await rest(pause);
  }
}

/** A phone that slept, a page that comes back: time has passed, and perhaps more. */
function wake() {
  if (!["open", "elsewhere"].includes(mode)) return;
  tabs.check();
  look();
  remarks.soon(0);
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") wake();
  else if (answers.waiting().length && mode === "open") sender.flush().catch(() => {});
});
document.addEventListener("resume", wake);
window.addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
window.addEventListener("online", wake);
open();
