// The ladder of truth: what is certain, rung by rung, and when it became so. Nothing is shown before it is true.

import { ago, moment } from "./clock.js";
import { h, icon } from "./dom.js";
import { _, fill, page } from "./text.js";

const LATE_S = 10;

export function ladder(incident) {
  const rungs = incident.kind === "alarm" ? alarmRungs(incident) : otherRungs(incident);
  const firstOpen = rungs.findIndex((rung) => rung.at_s === null);
  return h(
    "ol",
    { class: "ladder", "aria-label": _("What has happened so far") },
    rungs.map((rung, place) => drawn(rung, place === firstOpen, incident.state === "closed")),
  );
}

function alarmRungs(incident) {
  const late_s = incident.pressed_s === null ? 0 : incident.opened_s - incident.pressed_s;
  const pressed = incident.is_late ? (late_s > LATE_S ? fill(_("%(ago)s, came late"), { ago: ago(incident.pressed_s) }) : _("came late")) : "";
  return [
    { name: _("Pressed"), at_s: incident.pressed_s, about: pressed, isUnknown: incident.pressed_s === null },
    { name: _("Received"), at_s: incident.opened_s },
    { name: _("Answered"), at_s: incident.accepted_s, about: incident.owner },
    { name: _("Room told"), at_s: incident.told_s },
    ...(page.has_voice || incident.speaking_s !== null ? [{ name: _("Speaking"), at_s: incident.speaking_s }] : []),
    { name: _("Closed"), at_s: incident.closed_s },
  ];
}

function otherRungs(incident) {
  return [
    { name: _("Noticed"), at_s: incident.opened_s },
    { name: _("Accepted"), at_s: incident.accepted_s, about: incident.owner },
    { name: _("Closed"), at_s: incident.closed_s },
  ];
}

function drawn(rung, isFirstOpen, isOver) {
  const isDone = rung.at_s !== null;
  const isNext = isFirstOpen && !isOver;
  const kind = isDone ? "done" : rung.isUnknown ? "unknown" : isNext ? "next" : "open";
  const missing = rung.isUnknown ? _("time unknown") : isOver ? _("over before") : _("not yet");
  return h(
    "li",
    { class: kind, "aria-current": isNext ? "step" : null },
    h("span", { class: "peg" }, isDone ? icon("done") : null),
    h("span", { class: "name" }, rung.name),
    h("span", { class: "when" }, isDone ? moment(rung.at_s, "clock") : missing),
    rung.about && h("span", { class: "about" }, rung.about),
  );
}

