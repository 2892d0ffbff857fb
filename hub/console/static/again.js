// A press in an alarm that I have already: it stands in the bar and rings until I say that I have seen it.
//
// What was seen is kept for all tabs of this browser; the centre gives the alarm back to everybody if nothing is said.

import { page } from "./text.js";

const KEPT = "poga-seen";

export function isUnseen(incident) {
  if (incident.owner !== page.operator || incident.priority !== "alarm" || !incident.presses_again) return false;
  return incident.last_press_s > Math.max(incident.accepted_s ?? 0, seen()[incident.incident_id] ?? 0);
}

export function markSeen({ incident_id: id, last_press_s: press_s }, open) {
  const still = Object.entries(seen()).filter(([one]) => open.has(Number(one)));
  localStorage.setItem(KEPT, JSON.stringify({ ...Object.fromEntries(still), [id]: press_s }));
}

function seen() {
  return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
}
