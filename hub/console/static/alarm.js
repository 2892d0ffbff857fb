// An alarm that cannot be missed: the bar on every page, the title, the icon, the sound, the spoken word.

import { accept, chosen, telephone } from "./acts.js";
import { isUnseen } from "./again.js";
import { handedCall } from "./calls.js";
import { moment, refreshTimes } from "./clock.js";
import { h, icon, put } from "./dom.js";
import { addressOf, marksOf, spokenOf, titleOf, whoOf } from "./incident-words.js";
import { on, state } from "./link.js";
import { nextToAccept, ringing, shapeOf, waiting } from "./ringing.js";
import { announce } from "./say.js";
import { answersBy, declineHanded, isSpeaking } from "./softphone.js";
import { _, fill, ngettext, page } from "./text.js";

const root = document.documentElement;
const favicon = document.getElementById("favicon");
const plainIcon = favicon.href;
const MARKS = { alarm: "⛔", again: "⛔", trouble: "◆", fault: "⚠", lost: "⚡", call: "☎" };

const known = new Map();
let toAnnounce = [];
let isOdd = false;

export function watchForAlarms(sound) {
  on("snapshot", () => {
    for (const id of known.keys()) if (!state.incidents.has(id)) known.delete(id);
    notice([...state.incidents.values()], sound);
  });
  on("incident", (incident) => notice([incident], sound));
  on("change", () => {
    draw();
    ring(sound);
  });
  on("calls", () => {
    draw();
    ring(sound);
  });
  on("tick", () => beat(sound));
}

// Marks what is new: it is announced with the next tick, when its address has come too.
function notice(incidents, sound) {
  for (const incident of incidents) {
    const before = known.get(incident.incident_id);
    known.set(incident.incident_id, incident);
    const isNew = incident.state === "raised" && before?.state !== "raised";
    const isAgain = incident.presses_again > (before?.presses_again ?? 0) && before !== undefined;
    if (incident.state === "closed") known.delete(incident.incident_id);
    if (isNew || isAgain) toAnnounce.push(incident.incident_id);
    // Beside what rings already; else it is what rings.
    if (isAgain && incident.owner === page.operator && state.rings && sound.playing !== "none") sound.play("again", 0.8);
  }
}

function beat(sound) {
  isOdd = !isOdd;
  showInTitle(ring(sound));
  speak();
  draw();
  refreshTimes();
}

// At once with every change, and again with every tick.
function ring(sound) {
  const told = ringing(state.incidents.values(), state.lostFor > 0 || state.isSignedOut);
  const asked = told.kind === "none" && handedCall() ? { kind: "call", level: 0, count: 1 } : told;
  root.dataset.ringing = asked.kind;
  root.dataset.rings = String(state.rings && asked.kind !== "none");
  if (state.rings) sound.beat(asked, isSpeaking());
  return asked;
}

function showInTitle({ kind, count }) {
  const words = {
    alarm: fill(ngettext("%(n)s ALARM", "%(n)s ALARMS", count), { n: count }),
    again: _("Pressed again"),
    trouble: _("Trouble at the centre"),
    fault: fill(ngettext("%(n)s fault", "%(n)s faults", count), { n: count }),
    lost: _("NO CONTACT"),
    call: _("Call for you"),
    none: "",
  }[kind];
  document.title = words && isOdd ? `${MARKS[kind]} ${words}` : words ? `${MARKS[kind]} ${page.title}` : page.title;
  const drawn = kind === "again" ? "alarm" : kind;
  const wanted = kind === "none" || kind === "call" || !isOdd ? plainIcon : plainIcon.replace("icon.svg", `icon-${drawn}.svg`);
  if (favicon.href !== wanted) favicon.href = wanted;
}

function speak() {
  const incidents = toAnnounce.map((id) => known.get(id)).filter(Boolean);
  toAnnounce = [];
  const alarms = incidents.filter((one) => one.priority === "alarm");
  const others = incidents.filter((one) => one.priority !== "alarm");
  if (alarms.length) announce(alarms.map((one) => (isUnseen(one) ? `${_("Pressed again")}. ${spokenOf(one)}` : spokenOf(one))).join(". "), true);
  if (others.length) announce(others.map(spokenOf).join(". "));
}

function draw() {
  const bar = document.getElementById("alarm-bar");
  const incident = nextToAccept(state.incidents.values(), chosen.id);
  const handed = incident ? null : handedCall();
  bar.hidden = !handed && (!incident || incident.priority === "notice");
  if (bar.hidden) return;
  if (handed) {
    put(bar, [handed, state.incidents.get(handed.incident_id)], () => drawHanded(bar, handed));
    return;
  }
  const isAgain = isUnseen(incident);
  const more = waiting(state.incidents.values()).filter((one) => one.incident_id !== incident.incident_id).length;
  const verb = isAgain ? _("Seen") : answersBy(incident) ? _("Answer") : _("Accept");
  put(bar, [incident, verb, more], () => {
    bar.className = `alarm-bar ${shapeOf(incident)}`;
    return [
      icon(shapeOf(incident)),
      h(
        "a",
        { class: "what", href: `/incidents/${incident.incident_id}`, data: { hold: "what" } },
        h("strong", {}, isAgain ? `${_("Pressed again")} · ${titleOf(incident)}` : titleOf(incident)),
        h("span", { class: "who" }, [whoOf(incident), addressOf(incident)].filter(Boolean).join(" · ")),
      ),
      ...marksOf(incident).map((mark) => h("span", { class: `chip ${mark.kind}` }, mark.text)),
      h("span", { class: "since" }, moment(isAgain ? incident.last_press_s : (incident.pressed_s ?? incident.opened_s), "watch")),
      more > 0 && h("span", { class: "more" }, fill(ngettext("+%(n)s more waits", "+%(n)s more wait", more), { n: more })),
      h(
        "button",
        { type: "button", class: "accept", onclick: () => accept(incident), data: { hold: "accept" } },
        verb,
        h("kbd", { "aria-hidden": "true" }, "A"),
      ),
    ].filter(Boolean);
  });
}

// A call that somebody else hands to me.
function drawHanded(bar, call) {
  const incident = state.incidents.get(call.incident_id);
  bar.className = "alarm-bar call";
  return [
    icon("call"),
    h(
      "a",
      { class: "what", href: `/incidents/${call.incident_id}`, data: { hold: "what" } },
      h("strong", {}, incident?.owner ? fill(_("%(owner)s calls you"), { owner: incident.owner }) : _("Call for you")),
      h("span", { class: "who" }, incident ? [whoOf(incident), addressOf(incident), titleOf(incident)].filter(Boolean).join(" · ") : call.unit_id),
    ),
    h("button", { type: "button", class: "accept", onclick: () => telephone.answerHanded(), data: { hold: "accept" } }, _("Answer"), h("kbd", { "aria-hidden": "true" }, "A")),
    h("button", { type: "button", onclick: declineHanded, data: { hold: "decline" } }, _("Not now")),
  ];
}
