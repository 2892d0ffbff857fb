// A call in words: how it stands, who is in it, how a leg ended.

import { absolute, stopwatch } from "./clock.js";
import { myPart, othersIn } from "./calls.js";
import { state } from "./link.js";
import { _, fill, page } from "./text.js";

const SHORT_S = 1;

// How a call stands, for whoever looks at its incident.
export function standingOf(call) {
  const speakers = call.parts.filter((part) => part.kind !== "unit" && part.state === "speaking").map(nameOf);
  switch (call.state) {
    case "speaking":
      return speakers.length ? fill(_("In a call: %(names)s"), { names: speakers.join(", ") }) : _("In a call");
    case "held":
      return _("On hold: the client hears nobody");
    case "calling_back":
      return _("The unit is told to call");
    case "broken":
      return _("The call was lost; the unit calls again by itself");
    default: {
      const rung = call.parts.filter((part) => part.state === "ringing").map(nameOf);
      return rung.length ? fill(_("The client waits; it rings: %(names)s"), { names: rung.join(", ") }) : _("The client waits");
    }
  }
}

// How my own call stands, for me; `headset` is this tab's end of it, undefined where it is elsewhere.
export function myStanding(call, headset) {
  const part = myPart(call);
  if (part?.state === "ringing") return _("Connecting");
  if (part?.state === "held" || call.state === "held") return _("On hold: the client hears nobody");
  if (part?.state === "speaking" && call.state === "speaking") {
    if (part.is_browser && !headset) return state.isHeldElsewhere ? _("You speak in another tab") : _("Connecting");
    if (part.is_browser && headset.state !== "connected") return _("Connecting");
    if (part.is_muted) return _("Muted: nobody hears you");
    return { duplex: _("You can speak"), listen: _("You listen: the room does not hear you"), speak: _("You speak into the room, and do not hear it"), silent: _("Nobody hears anybody") }[call.mode];
  }
  return standingOf(call);
}

export function nameOf(part) {
  if (part.kind === "unit") return _("The room");
  if (part.kind === "operator" && part.name === page.operator) return _("You");
  return part.name || part.number;
}

export function partStanding(part) {
  return { ringing: _("rings"), confirming: _("must press a key"), speaking: _("speaks"), held: _("waits") }[part.state];
}

export function hasOthers(call) {
  return othersIn(call).length > 0;
}

// A leg that is over, as `[who, when, how it ended]`.
export function legWords(leg) {
  const who = leg.kind === "unit" ? _("The unit") : leg.name || leg.number;
  return [who, absolute(leg.began_s), endOf(leg)];
}

function endOf(leg) {
  if (!leg.ended_s) return leg.answered_s ? _("goes on") : _("rings");
  if (leg.answered_s && leg.ended_s - leg.answered_s >= SHORT_S) {
    const length = stopwatch(leg.ended_s - leg.answered_s);
    return leg.is_silence ? fill(_("%(length)s, then silence"), { length }) : length;
  }
  if (leg.status === 486 || leg.status === 603) return _("busy or refused");
  return leg.answered_s ? _("ended at once") : _("not answered");
}
