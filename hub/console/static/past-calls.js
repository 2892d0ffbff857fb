// The calls of an incident that were, and what was recorded of them.

import { ask } from "./acts.js";
import { legWords } from "./call-words.js";
import { absolute, stopwatch } from "./clock.js";
import { h, icon } from "./dom.js";
import { _, fill } from "./text.js";

export function pastCalls({ legs, recordings }) {
  if (!legs.length && !recordings.length) return null;
  return h(
    "section",
    { class: "card past-calls", "aria-label": _("Calls") },
    h("h3", {}, icon("call"), _("Calls")),
    legs.length > 0 && h("ul", { class: "legs", role: "list" }, legs.map(drawnLeg)),
    recordings.map(drawnRecording),
  );
}

function drawnLeg(leg) {
  const [who, when, end] = legWords(leg);
  return h("li", { class: leg.answered_s ? "answered" : "vain" }, h("strong", {}, who), h("span", { class: "number" }, when), h("span", { class: "end" }, end));
}

function drawnRecording(recording) {
  const { recording_id: id, seconds, deleted_s: deletedAt } = recording;
  const heard = recording.listenings.map((one) => fill(_("%(operator)s, %(when)s"), { operator: one.operator, when: absolute(one.at_s) }));
  const place = h("div", { class: "player" });
  const listen = async () => {
    if (!(await ask(`/api/recordings/${encodeURIComponent(id)}/listenings`, {}))) return;
    place.replaceChildren(h("audio", { controls: true, autoplay: true, src: `/api/recordings/${encodeURIComponent(id)}/sound`, "aria-label": _("The recording") }));
  };
  const state = deletedAt ? _("deleted after its time") : seconds === null ? _("goes on") : stopwatch(seconds);
  const canHear = recording.is_yours_to_hear && seconds !== null && !deletedAt;
  if (canHear) place.append(h("button", { type: "button", onclick: listen }, _("Listen")));
  return h(
    "div",
    { class: "recording" },
    h("p", {}, h("strong", {}, _("Recording")), " ", h("span", { class: "number" }, state)),
    canHear && h("p", { class: "hint" }, _("On the left the room, on the right everybody else. Each listening is noted.")),
    place,
    heard.length > 0 && h("p", { class: "hint" }, fill(_("Heard by: %(names)s"), { names: heard.join("; ") })),
  );
}
