// Incidents that are over: the history of the centre, or of one unit.

import { ask } from "./acts.js";
import { moment } from "./clock.js";
import { h, icon } from "./dom.js";
import { addressOf, titleOf, whoOf } from "./incident-words.js";
import { shapeOf } from "./ringing.js";
import { _, fill, word } from "./text.js";

const PAGE = 50;

export async function startClosed() {
  const place = document.getElementById("closed");
  const older = document.getElementById("older");
  const unit = place.dataset.unit ?? "";
  let last;
  const more = async () => {
    const query = new URLSearchParams({ limit: PAGE, ...(unit && { unit }), ...(last && { before: last }) });
    const incidents = await ask(`/api/incidents/closed?${query}`);
    if (!incidents) return;
    place.append(...incidents.map(drawn));
    if (!place.children.length) place.append(h("p", { class: "nothing" }, _("There is none yet.")));
    last = incidents.at(-1)?.incident_id;
    if (older) older.hidden = incidents.length < PAGE;
  };
  older?.addEventListener("click", more);
  await more();
}

function drawn(incident) {
  const by = incident.owner ? fill(_("by %(owner)s"), { owner: incident.owner }) : "";
  const end = incident.outcome ? word("outcome", incident.outcome) : word("state", incident.state);
  return h(
    "a",
    { class: `closed-row ${shapeOf(incident)} ${incident.state}`, href: `/incidents/${incident.incident_id}` },
    icon(shapeOf(incident)),
    h("span", { class: "when" }, moment(incident.opened_s, "both")),
    h("span", { class: "title" }, titleOf(incident)),
    h("span", { class: "who" }, [whoOf(incident), addressOf(incident)].filter(Boolean).join(" · ")),
    h("span", { class: "end" }, h("span", { class: "chip" }, end), " ", by),
  );
}
