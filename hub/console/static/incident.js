// One incident on a page of its own.

import { acceptNext, chosen, release, takeOver } from "./acts.js";
import { IncidentView } from "./incident-view.js";
import { onKey } from "./keys.js";
import { on, state } from "./link.js";
import { _, page } from "./text.js";
import { visit } from "./visit.js";

export function startIncident(signal) {
  const root = document.getElementById("chosen");
  const view = new IncidentView(root);
  const id = Number(root.dataset.incident);
  chosen.id = id;
  chosen.open = (other) => {
    if (other === id) view.focus();
    else visit(`/incidents/${other}`);
  };
  let isRead = false;
  const follow = (incident) => {
    if (incident.incident_id === id) view.show(id, incident);
  };
  on("incident", follow, signal);
  const begin = () => {
    const incident = state.incidents.get(id);
    if (incident || !isRead) view.show(id, incident);
    else view.read(); // closed while this page was out of contact
    isRead = true;
  };
  on("snapshot", begin, signal);
  if (state.isReady) begin();
  else view.show(id);
  onKey(["A", "Enter"], _("Accept the most urgent"), acceptNext, signal);
  onKey(["N"], _("Write a note"), () => view.writeNote(), signal);
  on("calls", () => view.drawCall(), signal);
  if (page.has_voice) {
    onKey(["B"], _("Call the unit"), () => view.callBack(), signal);
    onKey(["P"], _("Announce in the room"), () => view.announce(), signal);
  }
  onKey(["C"], _("Close the chosen incident"), () => view.incident && view.close(), signal);
  onKey(["R"], _("Give it back"), () => view.incident?.owner === page.operator && release(view.incident), signal);
  onKey(["T"], _("Take it over"), () => view.incident?.owner && view.incident.owner !== page.operator && takeOver(view.incident), signal);
}
