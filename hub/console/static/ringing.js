// What the open incidents ask for: which one is most urgent, and how it is to ring. Decisions only.

import { isUnseen } from "./again.js";

const RANK = { alarm: 0, urgent: 1, notice: 2 };
const OWN_TROUBLE = new Set(["centre", "no_console"]);

// The incidents nobody has, most urgent first; of one urgency the one that has waited longest, so that a newcomer never
// slips under the finger that accepts.
export function waiting(incidents) {
  return [...incidents].filter((one) => one.state === "raised").sort(byUrgency);
}

export function byUrgency(one, other) {
  return RANK[one.priority] - RANK[other.priority] || one.incident_id - other.incident_id;
}

// What the key accepts: the most urgent, or the chosen one where it is as urgent. Before any fault: a press in an alarm
// that I have, and have not seen.
export function nextToAccept(incidents, chosenId) {
  const open = [...incidents];
  const queue = waiting(open);
  const again = unseen(open);
  if (again.length && queue[0]?.priority !== "alarm") return again[0];
  const chosen = queue.find((one) => one.incident_id === chosenId);
  return chosen && chosen.priority === queue[0].priority ? chosen : queue[0];
}

function unseen(incidents) {
  return [...incidents].filter(isUnseen).sort((one, other) => one.last_press_s - other.last_press_s);
}

// How to draw an incident: `alarm`, `fault`, `notice` or `trouble`.
export function shapeOf(incident) {
  if (OWN_TROUBLE.has(incident.kind)) return "trouble";
  return { alarm: "alarm", urgent: "fault", notice: "notice" }[incident.priority];
}

// What rings, `{kind, level, count}`: alarms above everything, then a press in one that I have, then the console's own
// trouble, then faults.
export function ringing(incidents, isLost) {
  const open = [...incidents];
  const queue = waiting(open);
  for (const kind of ["alarm", "again", "trouble", "fault"]) {
    const these = kind === "again" ? unseen(open) : queue.filter((one) => shapeOf(one) === kind);
    if (kind === "trouble" && isLost) return { kind: "lost", level: 0, count: these.length };
    if (these.length) return { kind, level: Math.max(...these.map((one) => one.level)), count: these.length };
  }
  return { kind: "none", level: 0, count: 0 };
}
