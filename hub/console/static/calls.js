// Who speaks with whom, out of what the stream says. Decisions only.

import { state } from "./link.js";
import { page } from "./text.js";

export function callOf(incidentId) {
  return [...state.calls.values()].find((call) => call.incident_id === incidentId);
}

// My own part in a call: where whoever is signed in here speaks, or else their browser, which may ring.
export function myPart(call) {
  const mine = call?.parts.filter((part) => part.kind === "operator" && part.name === page.operator) ?? [];
  return mine.find(isIn) ?? mine.find((part) => part.is_browser);
}

export function unitPart(call) {
  return call?.parts.find((part) => part.kind === "unit");
}

export function othersIn(call) {
  const mine = myPart(call);
  return call.parts.filter((part) => part.kind !== "unit" && part !== mine);
}

// The call in which I speak, or am to: of an incident that is mine.
export function myCall() {
  const calls = [...state.calls.values()];
  const mine = calls.filter((call) => ownerOf(call) === page.operator);
  return calls.find((call) => myPart(call)?.state === "speaking") ?? calls.find((call) => isIn(myPart(call))) ?? mine.find(myPart) ?? mine[0];
}

// My other calls, which wait while I speak in that one.
export function myOtherCalls() {
  const current = myCall();
  return [...state.calls.values()].filter((call) => call !== current && isIn(myPart(call)));
}

export function myParts() {
  return [...state.calls.values()].map(myPart).filter(Boolean);
}

// A call that rings me though somebody else has its incident: it is handed to me, or wants me as one more. What rang
// before somebody took it stops ringing with the next word.
export function handedCall() {
  return [...state.calls.values()].find((call) => {
    const incident = state.incidents.get(call.incident_id);
    const part = myPart(call);
    if (!rings(part) || !incident || incident.owner === page.operator) return false;
    return incident.state !== "raised" && part.since_s > incident.accepted_s;
  });
}

// The legs that this browser has to answer by itself: they ring me, and the incident is mine.
export function legsToAnswer() {
  return [...state.calls.values()].filter((call) => rings(myPart(call)) && ownerOf(call) === page.operator).map((call) => myPart(call).leg);
}

export function ringsMe() {
  return [...state.calls.values()].some((call) => rings(myPart(call)));
}

export function hasLeg(leg) {
  return [...state.calls.values()].some((call) => call.parts.some((part) => part.leg === leg));
}

export function rings(part) {
  return part?.is_browser && part.state === "ringing";
}

function isIn(part) {
  return part?.state === "speaking" || part?.state === "held";
}

function ownerOf(call) {
  return state.incidents.get(call.incident_id)?.owner;
}
