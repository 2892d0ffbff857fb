// One incident on a page of its own.

import { acceptNext, chosen, release, takeOver } from "./acts.js";
import { IncidentView } from "./incident-view.js";
import { onKey } from "./keys.js";
import { on, state } from "./link.js";
import { _, page } from "./text.js";

export function startIncident() {
  const root = document.getElementById("chosen");
  const view = new IncidentView(root);
  const id = Number(root.dataset.incident);
  chosen.id = id;
  chosen.open = (other) => {
    if (other === id) view.focus();
    else location.href = `/incidents/${other}`;
  };
  let isRead = false;
  const follow = (incident) => {
    if (incident.incident_id === id) view.show(id, incident);
  };
  on("incident", follow);
  const begin = () => {
    const incident = state.incidents.get(id);
    if (incident || !isRead) view.show(id, incident);
    else view.read(); // closed while this page was out of contact
    isRead = true;
  };
  on("snapshot", begin);
  if (state.isReady) begin();
  else view.show(id);
  onKey(["A", "Enter"], _("Accept the most urgent"), acceptNext);
  onKey(["N"], _("Write a note"), () => view.writeNote());
  onKey(["C"], _("Close the chosen incident"), () => view.incident && view.close());
  onKey(["R"], _("Give it back"), () => view.incident?.owner === page.operator && release(view.incident));
  onKey(["T"], _("Take it over"), () => view.incident?.owner && view.incident.owner !== page.operator && takeOver(view.incident));
}
