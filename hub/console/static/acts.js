// What an operator does: each act is a request, and the centre's answer decides. Who was first is told to both.

import { isUnseen, markSeen } from "./again.js";
import { titleOf } from "./incident-words.js";
import { state } from "./link.js";
import { nextToAccept } from "./ringing.js";
import { say } from "./say.js";
import { isSure } from "./sure.js";
import { _, fill, page } from "./text.js";

export const chosen = { id: 0, open: () => {} };

export async function ask(path, body) {
  try {
    const answer = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json", "x-csrf-token": page.csrf },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
    });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return told;
    say(told.message ?? fill(_("The centre answered with %(status)s. Try again."), { status: answer.status }), "bad");
  } catch {
    say(_("No contact with the centre: it was not done. Try again."), "bad");
  }
  return null;
}

export function act(incident, name, body = {}) {
  return ask(`/api/incidents/${incident.incident_id}/${name}`, body);
}

// What is done with the call: softphone.js says, which needs `ask` from here.
export const telephone = { claim: () => {}, answerHanded: () => false };

// Accepting is answering: the call that waits comes to this tab.
export async function accept(incident) {
  const isAgain = isUnseen(incident);
  telephone.claim();
  if (!(await act(incident, "accept"))) return;
  if (isAgain) markSeen(incident, state.incidents);
  say(fill(_("You have it: %(title)s"), { title: titleOf(incident) }));
  chosen.open(incident.incident_id);
}

// The one key: whatever is most urgent.
export function acceptNext() {
  const incident = nextToAccept(state.incidents.values(), chosen.id);
  if (incident) accept(incident);
  else if (!telephone.answerHanded()) say(state.isReady ? _("Nothing waits to be accepted.") : _("Connecting"));
}

export function release(incident) {
  return act(incident, "release");
}

export async function takeOver(incident) {
  const question = fill(_("Take it over from %(owner)s?"), { owner: incident.owner });
  if (await isSure(question, _("Take over"))) await act(incident, "take-over");
}

