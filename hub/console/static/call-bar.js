// My call, on every page in the same place: who it is with, whether they hear me, and everything I can do with it.

import { myCall, myOtherCalls, myPart, othersIn, unitPart } from "./calls.js";
import { handOverDialog, inviteDialog } from "./call-dialogs.js";
import { myStanding, nameOf, partStanding } from "./call-words.js";
import { moment } from "./clock.js";
import { h, icon, put } from "./dom.js";
import { addressOf, titleOf, whoOf } from "./incident-words.js";
import { onKey } from "./keys.js";
import { on, state } from "./link.js";
import { myVolume } from "./headset.js";
import { microphone } from "./microphone.js";
import { currentHeadset, headsetOf, hearAt, onHeadset, speech, takeHere, toggleMute } from "./softphone.js";
import { _, fill, page } from "./text.js";

const METERS_EVERY_MS = 80;
const LOUDEST = 10;

const bar = document.getElementById("call-bar");
let askedVolume = null;

export function watchCalls() {
  if (!page.has_voice) return;
  for (const type of ["calls", "change", "tick"]) on(type, draw);
  onHeadset(draw);
  setInterval(drawMeters, METERS_EVERY_MS);
  // The page ends above the bar, however high that is.
  new ResizeObserver(() => document.documentElement.style.setProperty("--call-bar", `${bar.hidden ? 0 : bar.offsetHeight}px`)).observe(bar);
  const when = (run) => () => myPart(myCall()) && run(myCall());
  onKey(["M"], _("Mute, or let them hear you again"), when(toggleMute));
  onKey(["H"], _("Put the client on hold, or take them back"), when(hold));
  onKey(["D"], _("Both hear each other"), when((call) => setMode(call, "duplex")));
  onKey(["L"], _("Only listen"), when((call) => setMode(call, "listen")));
  onKey(["S"], _("Only speak"), when((call) => setMode(call, "speak")));
  onKey(["+", "="], _("The room louder"), when((call) => setVolume(call, 1)));
  onKey(["-"], _("The room softer"), when((call) => setVolume(call, -1)));
  onKey(["I"], _("Call somebody else into the call"), when(inviteDialog));
  onKey(["X"], _("Hand the call over"), when(handOverDialog));
  onKey(["E"], _("End the call"), when(hangUp));
}

function draw() {
  const call = myCall();
  bar.hidden = !call;
  if (call?.volume === askedVolume) askedVolume = null;
  if (!call) return put(bar, null, () => []);
  const incident = state.incidents.get(call.incident_id);
  const isHere = !state.isHeldElsewhere;
  const waiting = myOtherCalls();
  const headset = currentHeadset();
  const sound = [headset?.state, headset?.leg, headset?.isSilenced, microphone.state, isHere];
  return put(bar, [call, incident, waiting, sound], () => {
    bar.className = `call-bar ${call.state}`;
    const part = myPart(call);
    const isJoined = part !== undefined && part.state !== "ringing";
    return [about(call, incident, isJoined && isHere), ...troubles(call, part), isJoined && controls(call, part), parties(call), waiting.map(drawnWaiting)].flat().filter(Boolean);
  });
}

function about(call, incident, isHere) {
  const isUnheard = call.state === "held" || call.state === "broken" || myPart(call)?.is_muted;
  return h(
    "div",
    { class: "about" },
    icon("call"),
    h(
      "a",
      { class: "what", href: `/incidents/${call.incident_id}`, data: { hold: "what" } },
      h("strong", {}, incident ? whoOf(incident) || titleOf(incident) : call.unit_id),
      h("span", { class: "where" }, incident ? addressOf(incident) : ""),
    ),
    h("span", { class: `standing${isUnheard ? " unheard" : ""}`, role: "status" }, myStanding(call, currentHeadset())),
    call.is_recorded && h("span", { class: "chip recorded" }, _("Recorded")),
    call.saying && h("span", { class: "chip notice saying" }, fill(_("Is read aloud: %(text)s"), { text: call.saying })),
    isHere && meters(),
    h("span", { class: "since" }, moment(call.answered_s ?? call.since_s, "watch")),
    button("E", _("End"), () => hangUp(call), { kind: "end" }),
  );
}

// What keeps me from speaking, and the way round it.
function troubles(call, part) {
  if (part && part.state !== "ringing") {
    if (!part.is_browser || headsetOf(part)) return headsetOf(part)?.isSilenced ? [h("span", { class: "trouble" }, _("Press any key to hear the call."))] : [];
    if (state.isHeldElsewhere) return [h("button", { type: "button", onclick: takeHere, data: { hold: "here" } }, _("Speak here"))];
    return [];
  }
  if (call.parts.some((one) => one.kind === "operator" && one.name === page.operator)) return [];
  if (microphone.state === "ready") {
    return [h("button", { type: "button", class: "main-button", onclick: () => speech(call.incident_id, "call-back"), data: { hold: "join" } }, _("Speak"))];
  }
  return [
    h("span", { class: "trouble" }, _("There is no microphone here.")),
    h("button", { type: "button", onclick: () => handOverDialog(call), data: { hold: "phone" } }, _("Take it by phone")),
  ];
}

function meters() {
  const meter = (name, words) => h("span", { class: `meter ${name}` }, h("span", { class: "name" }, words), h("span", { class: "scale", "aria-hidden": "true" }, h("span", { class: "level" })));
  return h("div", { class: "meters" }, meter("mine", _("You")), meter("theirs", _("The room")));
}

function drawMeters() {
  if (bar.hidden || document.hidden) return;
  const headset = currentHeadset();
  for (const name of ["mine", "theirs"]) {
    bar.querySelector(`.${name} .level`)?.style.setProperty("--level", (headset?.level(name) ?? 0).toFixed(2));
  }
}

function button(key, text, run, { pressed, kind = "" } = {}) {
  const isPressed = pressed === undefined ? null : String(pressed);
  return h("button", { type: "button", class: kind, "aria-pressed": isPressed, onclick: run, data: { hold: key } }, text, h("kbd", { "aria-hidden": "true" }, key));
}

function controls(call, part) {
  const unit = unitPart(call);
  return h(
    "div",
    { class: "controls", role: "group", "aria-label": _("The call") },
    button("M", _("Mute"), () => toggleMute(), { pressed: part.is_muted, kind: "toggle" }),
    unit && button("H", _("Hold"), () => hold(call), { pressed: call.state === "held", kind: "toggle" }),
    unit && modes(call),
    unit && roomVolume(call),
    ownVolume(),
    button("I", _("Add"), () => inviteDialog(call)),
    button("X", _("Hand over"), () => handOverDialog(call)),
  );
}

function modes(call) {
  const mode = (name, key, text) => button(key, text, () => setMode(call, name), { pressed: call.mode === name });
  return h(
    "div",
    { class: "modes", role: "group", "aria-label": _("Who hears whom") },
    mode("duplex", "D", _("Both")),
    mode("listen", "L", _("Listen")),
    mode("speak", "S", _("Speak")),
  );
}

function roomVolume(call) {
  const step = (by, sign, words) =>
    h("button", { type: "button", title: words, disabled: call.volume + by < 0 || call.volume + by > LOUDEST, onclick: () => setVolume(call, by), data: { hold: sign } }, h("span", { class: "sr" }, words), h("span", { "aria-hidden": "true" }, sign));
  return h(
    "div",
    { class: "volume", role: "group", "aria-label": _("Loudness in the room") },
    step(-1, "−", _("The room softer")),
    h("span", { class: "number" }, fill(_("Room %(n)s"), { n: call.volume })),
    step(1, "+", _("The room louder")),
  );
}

function ownVolume() {
  const slider = h("input", { type: "range", min: 0, max: 1, step: 0.05, value: myVolume(), "aria-label": _("How loud you hear"), data: { hold: "own" } });
  slider.addEventListener("input", () => {
    hearAt(Number(slider.value));
  });
  return h("label", { class: "own-volume", title: _("How loud you hear") }, icon("ear"), slider);
}

function parties(call) {
  const others = othersIn(call);
  if (!others.length) return null;
  return h(
    "ul",
    { class: "parties", role: "list", "aria-label": _("Others in the call") },
    others.map((part) =>
      h(
        "li",
        { class: part.state },
        h("strong", {}, nameOf(part)),
        part.name && part.number && h("span", { class: "number" }, part.number),
        h("span", { class: "chip" }, partStanding(part)),
        h("button", { type: "button", class: "quiet", onclick: () => speech(call.incident_id, "drop", { leg: part.leg }), data: { hold: part.leg } }, fill(_("Drop %(name)s"), { name: nameOf(part) })),
      ),
    ),
  );
}

// Another client of mine, who waits: with one click I am theirs, and who is here waits.
function drawnWaiting(call) {
  const incident = state.incidents.get(call.incident_id);
  const name = (incident && whoOf(incident)) || call.unit_id;
  const back = () => speech(call.incident_id, "hold", { is_on: false });
  return h(
    "p",
    { class: "waiting" },
    h("strong", {}, name),
    h("span", { class: "chip fault" }, _("waits")),
    moment(call.answered_s ?? call.since_s, "watch"),
    h("button", { type: "button", onclick: back, data: { hold: `back ${call.conversation}` } }, fill(_("Speak with %(name)s"), { name })),
  );
}

function hold(call) {
  return speech(call.incident_id, "hold", { is_on: call.state !== "held" });
}

function setMode(call, mode) {
  return speech(call.incident_id, "mode", { mode });
}

// Steps count from what was asked last, though the centre has not said yet that it is so.
async function setVolume(call, by) {
  const volume = Math.min(LOUDEST, Math.max(0, (askedVolume ?? call.volume) + by));
  askedVolume = volume;
  if (!(await speech(call.incident_id, "volume", { volume }))) askedVolume = null;
}

function hangUp(call) {
  return speech(call.incident_id, "hang-up");
}
