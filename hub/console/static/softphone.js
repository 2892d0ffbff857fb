// The operator's telephone in the page: takes what rings, keeps what stands, lets go of what is over.
//
// What rings me of an incident that is mine is answered at once; accepting the alarm was the answer. Each leg has a
// headset of its own: whoever is in two calls speaks in one, and the other waits. One tab has the calls of a browser;
// when it is gone the centre rings again, and the next tab takes over.

import { ask, telephone } from "./acts.js";
import { callOf, handedCall, hasLeg, legsToAnswer, myCall, myParts, myPart, ringsMe } from "./calls.js";
import { Headset } from "./headset.js";
import { me, on, state, tellMe } from "./link.js";
import { askForMicrophone, microphone } from "./microphone.js";
import { say } from "./say.js";
import { _, page } from "./text.js";

const tried = new Set();
const listeners = [];
const lines = new Map();
// A headset that is ready before it is known for which leg.
let spare = null;
let context = () => null;

export function startSoftphone(sound) {
  if (!page.has_voice) return;
  Object.assign(telephone, { claim, answerHanded });
  context = () => (sound.works ? sound.context : null);
  for (const type of ["calls", "change", "tick"]) on(type, look);
  // A browser lets a page sound after a touch.
  const wake = () => myCall() && sound.unlock().then(() => lines.forEach((line) => line.wake()));
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, wake);
  addEventListener("beforeunload", (event) => lines.size && event.preventDefault());
}

// `listener` is called whenever this tab's end of a call has changed.
export function onHeadset(listener) {
  listeners.push(listener);
}

// This tab's end of a part of a call; undefined where another tab, or a telephone, has it.
export function headsetOf(part) {
  return lines.get(part?.leg);
}

export function currentHeadset() {
  return headsetOf(myPart(myCall()));
}

// Whether accepting an incident is to speak with its client: a call of it waits, and there is a microphone.
export function answersBy(incident) {
  return page.has_voice && microphone.state === "ready" && state.isShift && callOf(incident.incident_id)?.state === "waiting";
}

export function isSpeaking() {
  return [...lines.values()].some((line) => line.state === "connected");
}

// What an operator asks of a call; the centre's answer decides.
export function speech(incidentId, name, body = {}) {
  return ask(`/api/incidents/${incidentId}/speech/${name}`, body);
}

// They come to this tab in any case.
export async function takeHere() {
  if ((await askForMicrophone()) !== "ready") return;
  const now = Date.now();
  tellMe({ canSpeak: true, claimedAt: now, takenAt: now });
}

export function declineHanded() {
  const call = handedCall();
  if (call) ask("/api/speech/decline", { leg: myPart(call).leg });
}

export async function toggleMute() {
  const call = myCall();
  const part = myPart(call);
  if (!part) return;
  headsetOf(part)?.mute(!part.is_muted); // at once: nobody hears a word more
  if (!(await speech(call.incident_id, "mute", { is_on: !part.is_muted }))) headsetOf(part)?.mute(part.is_muted);
}

export function hearAt(volume) {
  lines.forEach((line) => {
    line.volume = volume;
  });
}

// The calls of this browser come to this tab, if no other has one.
function claim() {
  tellMe({ claimedAt: Date.now() });
}

function answerHanded() {
  const call = handedCall();
  if (!call) return false;
  claim();
  take(myPart(call).leg);
  return true;
}

function look() {
  if (me.isNeeded !== Boolean(myCall())) tellMe({ isNeeded: Boolean(myCall()) });
  if (state.speaks) legsToAnswer().forEach(take);
  for (const [leg, line] of lines) if (!hasLeg(leg) || state.mustYield) line.close();
  if (spare && !ringsMe()) {
    spare.close();
    spare = null;
  } else if (!spare && !lines.size && state.speaks && ringsMe() && microphone.state === "ready") {
    spare = new Headset(changed, context);
    spare.prepare();
  }
  for (const part of myParts()) headsetOf(part)?.mute(part.is_muted);
  changed();
}

async function take(leg) {
  if (tried.has(leg)) return;
  tried.add(leg);
  const line = spare ?? new Headset(changed, context);
  spare = null;
  lines.set(leg, line);
  tellMe({ holdsSince: me.holdsSince || Date.now() });
  if (await line.answer(leg)) return;
  tellMe({ canSpeak: microphone.state === "ready" });
  if (microphone.state !== "ready") {
    say(_("The microphone could not be opened: take the call by phone."), "bad");
    ask("/api/speech/decline", { leg });
  }
}

function changed() {
  for (const [leg, line] of lines) if (line.isOver) lines.delete(leg);
  if (!lines.size && me.holdsSince) tellMe({ holdsSince: 0 });
  for (const listener of listeners) listener();
}
