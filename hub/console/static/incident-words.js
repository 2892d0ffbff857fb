// An incident in words: its title, who lives there, what happened when.

import { _, faultWords, fill, ngettext, word } from "./text.js";

// Who the centre says has failed where there is nobody to tell.
const NO_RELAY = "none";

// What it is: `Alarm: kitchen`, `No mains power`, `The unit is silent`.
export function titleOf(incident) {
  switch (incident.kind) {
    case "alarm":
      return incident.subject ? `${word("kind", "alarm")}: ${incident.subject}` : word("kind", "alarm");
    case "fault":
      return incident.subject ? faultWords(incident.subject) : word("kind", "fault");
    case "many_silent":
      return fill(ngettext("%(n)s unit is silent", "%(n)s units are silent at once", incident.unit_count), { n: incident.unit_count });
    case "centre":
      return `${word("kind", "centre")}: ${incident.subject}`;
    default:
      return word("kind", incident.kind);
  }
}

// Who it is about, as far as the register knows.
export function whoOf(incident) {
  if (!incident.unit_id) return "";
  const names = (incident.home?.clients ?? []).map((client) => client.name);
  return names.length ? names.join(", ") : fill(_("Unit %(unit)s"), { unit: incident.unit_id });
}

export function addressOf(incident) {
  return incident.home?.address ?? "";
}

// What is known of its cause.
export function detailOf(incident) {
  return incident.kind === "unreadable" ? word("wireProblem", incident.detail) : incident.detail;
}

// What a screen reader says when it comes in.
export function spokenOf(incident) {
  return [titleOf(incident), whoOf(incident), addressOf(incident)].filter(Boolean).join(". ");
}

// A line of the timeline, as `[words, what was written]`.
export function entryWords(entry, incident) {
  const said = { actor: entry.actor, text: subjectOf(entry, incident) };
  switch (entry.kind) {
    case "note":
    case "closed":
      return [fill(word("entry", entry.kind), said), entry.text];
    case "relayed":
      return [fill(word("entry", entry.kind), said), entry.text];
    case "relay_failed":
      if (entry.actor === NO_RELAY) return [_("Could not be passed on outside: no way is set up"), ""];
      return [fill(word("entry", entry.kind), said), entry.text];
    case "raised":
      return [said.text ? fill(word("entry", entry.kind), said) : _("Raised"), ""];
    case "pressed_again":
      return [said.text ? fill(word("entry", entry.kind), said) : _("Pressed again"), ""];
    default:
      return [fill(word("entry", entry.kind), said), ""];
  }
}

function subjectOf(entry, incident) {
  if (entry.kind === "order_done" || entry.kind === "order_failed") return word("order", entry.text);
  if (entry.kind === "mode_set") return word("mode", entry.text);
  if (entry.kind === "raised" && incident.kind === "fault") return faultWords(entry.text);
  return entry.text;
}

// What is strange about it, as short marks: `{text, kind}`.
export function marksOf(incident) {
  const marks = [];
  if (!incident.is_known_unit) marks.push({ text: _("Unknown unit"), kind: "alarm" });
  if (incident.is_late) marks.push({ text: _("Late"), kind: "fault" });
  if (incident.presses_again) {
    const count = incident.presses_again + 1;
    marks.push({ text: fill(ngettext("Pressed %(n)s time", "Pressed %(n)s times", count), { n: count }), kind: "alarm" });
  }
  if (incident.cancelled_s) marks.push({ text: _("Cancel pressed"), kind: "notice" });
  if (incident.level) marks.push({ text: fill(_("Step %(n)s"), { n: incident.level }), kind: "fault" });
  return marks;
}
