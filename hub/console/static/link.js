// This tab's link to the exchange: in the shared worker, or in the tab itself where a browser has none.
//
// `state` is what is so now. `on(type, listener)`: `change` (something open has changed), `incident` (the one that
// has), `calls` (some call has changed), `tick` (every second, hidden or not).

import { setOffset } from "./clock.js";
import { Exchange } from "./exchange.js";
import { page } from "./text.js";

const DEAF_AFTER_MS = 6000;
const LOOK_EVERY_MS = 2000;

export const state = {
  incidents: new Map(),
  calls: new Map(),
  omitted: 0,
  isReady: false,
  onShift: [],
  lostFor: 0,
  isSignedOut: false,
  rings: false,
  canRing: false,
  speaks: false,
  isHeldElsewhere: false,
  mustYield: false,
  isShift: false,
  tabs: 1,
};

const events = new EventTarget();
// What this tab can do, and has.
export const me = { onShift: false, canSound: false, canSpeak: false, isNeeded: false, holdsSince: 0, claimedAt: 0, takenAt: 0 };
let post = () => {};
let leave = () => {};
let here;
let tickedAt = Date.now();
let heardAt = Date.now();

// `signal` ends the listening.
export function on(type, listener, signal) {
  events.addEventListener(type, (event) => listener(event.detail), { signal });
}

// Tells the exchange what this tab can do.
export function tellMe(news) {
  Object.assign(me, news);
  post({ type: "here", ...me });
}

export function connect() {
  join();
  // A tab that was frozen, or whose worker is gone, joins anew; until that helps it says so itself.
  const look = () => {
    if (Date.now() - tickedAt < DEAF_AFTER_MS) return;
    Object.assign(state, { lostFor: Date.now() - heardAt, rings: me.onShift && me.canSound, speaks: me.canSpeak });
    emit("tick");
    join();
  };
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", (event) => event.persisted && join());
  addEventListener("pagehide", () => leave());
  // A tab that holds a lock is not put to sleep.
  navigator.locks?.request(`poga-tab-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`, () => new Promise(() => {}));
}

function join() {
  tickedAt = Date.now();
  leave();
  if (typeof SharedWorker === "function" && !here) joinWorker();
  else joinHere();
  post({ type: "hello", csrf: page.csrf, ...me });
}

function joinWorker() {
  // Another session is another worker: its stream belongs to who is signed in.
  const worker = new SharedWorker(new URL("./worker.js", import.meta.url), { type: "module", name: page.session });
  const { port } = worker;
  post = (message) => port.postMessage(message);
  leave = () => {
    post({ type: "bye" });
    port.close();
  };
  port.addEventListener("message", ({ data }) => heard(data));
  port.start();
  // It cannot be loaded: this page is older than the centre, or the browser will not have it.
  worker.addEventListener("error", () => {
    joinHere();
    post({ type: "hello", csrf: page.csrf, ...me });
  });
}

function joinHere() {
  here ??= new Exchange();
  post = here.join(heard);
  leave = () => post({ type: "bye" });
}

function heard(message) {
  if (message.type === "tick") {
    const { type, offset_s, ...news } = message;
    tickedAt = heardAt = Date.now();
    setOffset(offset_s);
    Object.assign(state, news);
    post({ type: "here", ...me });
    emit(type);
  } else if (message.type === "snapshot") {
    state.incidents = new Map(message.incidents.map((incident) => [incident.incident_id, incident]));
    state.calls = new Map(message.calls.map((call) => [call.conversation, call]));
    state.omitted = message.omitted;
    state.isReady = true;
    emit("snapshot");
    emit("change");
    emit("calls");
  } else if (message.type === "call") {
    const { call } = message;
    if (call.state === "ended") state.calls.delete(call.conversation);
    else state.calls.set(call.conversation, call);
    emit("calls", call);
  } else {
    const { incident } = message;
    if (incident.state === "closed") state.incidents.delete(incident.incident_id);
    else state.incidents.set(incident.incident_id, incident);
    emit("incident", incident);
    emit("change");
  }
}

function emit(type, detail) {
  events.dispatchEvent(new CustomEvent(type, { detail }));
}
