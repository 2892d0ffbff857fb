// The operator's telephone in the page: takes what rings, keeps what stands, lets go of what is over.
//
// What rings me of an incident that is mine is answered at once; accepting the alarm was the answer. One tab has the
// calls of a browser; when it is gone the centre rings again, and the next tab takes over.

import { ask, telephone } from "./acts.js";
import { callOf, handedCall, hasLeg, legToAnswer, myCall, myPart, ringsMe } from "./calls.js";
import { Headset } from "./headset.js";
import { me, on, state, tellMe } from "./link.js";
import { askForMicrophone, microphone } from "./microphone.js";
import { say } from "./say.js";
import { _, page } from "./text.js";

const tried = new Set();
const listeners = [];

export let headset = null;

export function startSoftphone(sound) {
  if (!page.has_voice) return;
  Object.assign(telephone, { claim, answerHanded });
  headset = new Headset(changed, () => (sound.works ? sound.context : null));
  for (const type of ["calls", "change", "tick"]) on(type, look);
  // A browser lets a page sound after a touch.
  const wake = () => myCall() && sound.unlock().then(() => headset.wake());
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, wake);
  addEventListener("beforeunload", (event) => headset.leg && event.preventDefault());
}

// `listener` is called whenever this tab's end of the call has changed.
export function onHeadset(listener) {
  listeners.push(listener);
}

// Whether accepting an incident is to speak with its client: a call of it waits, and there is a microphone.
export function answersBy(incident) {
  return page.has_voice && microphone.state === "ready" && state.isShift && callOf(incident.incident_id)?.state === "waiting";
}

export function isSpeaking() {
  return headset?.state === "connected";
}

// What an operator asks of a call; the centre's answer decides.
export function speech(incidentId, name, body = {}) {
  return ask(`/api/incidents/${incidentId}/speech/${name}`, body);
}

// The calls of this browser come to this tab, if no other has one.
function claim() {
  tellMe({ claimedAt: Date.now() });
}

// They come to this tab in any case.
export async function takeHere() {
  if ((await askForMicrophone()) !== "ready") return;
  const now = Date.now();
  tellMe({ canSpeak: true, claimedAt: now, takenAt: now });
}

function answerHanded() {
  const call = handedCall();
  if (!call) return false;
  claim();
  take(myPart(call).leg);
  return true;
}

export function declineHanded() {
  const call = handedCall();
  if (call) ask("/api/speech/decline", { leg: myPart(call).leg });
}

export async function toggleMute() {
  const call = myCall();
  const part = myPart(call);
  if (!part) return;
  headset.mute(!part.is_muted); // at once: nobody hears a word more
  if (!(await speech(call.incident_id, "mute", { is_on: !part.is_muted }))) headset.mute(part.is_muted);
}

function look() {
  if (me.isNeeded !== Boolean(myCall())) tellMe({ isNeeded: Boolean(myCall()) });
  const leg = legToAnswer();
  if (leg && state.speaks) take(leg);
  const isOver = headset.leg && !hasLeg(headset.leg);
  const isForNothing = !headset.leg && headset.getReady && !ringsMe();
  if (isOver || (headset.leg && state.mustYield) || isForNothing) headset.close();
  else if (!headset.leg && state.speaks && ringsMe() && microphone.state === "ready") headset.prepare();
  const part = myPart(myCall());
  if (part && headset.leg === part.leg) headset.mute(part.is_muted);
  changed();
}

async function take(leg) {
  if (tried.has(leg) || headset.leg === leg) return;
  tried.add(leg);
  tellMe({ holdsSince: Date.now() });
  if (await headset.answer(leg)) return;
  tellMe({ canSpeak: microphone.state === "ready", holdsSince: 0 });
  if (microphone.state !== "ready") {
    say(_("The microphone could not be opened: take the call by phone."), "bad");
    ask("/api/speech/decline", { leg });
  }
}

function changed() {
  if (!headset.leg && me.holdsSince) tellMe({ holdsSince: 0 });
  for (const listener of listeners) listener();
}

