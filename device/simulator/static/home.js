// Shows what the virtual home tells, and hands on what is pressed. Everything that happens comes over one stream.

import { HEARS, LOST, OFF, SPEAKS, Voice } from "./voice.js";

const part = (id) => document.getElementById(id);
const all = (selector) => document.querySelectorAll(selector);
const LINES_KEPT = 200;

const labels = await (await fetch("/api/labels")).json();
const state = {};

// --- hands ---

async function send(path, body) {
  await fetch(`/api/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    keepalive: true, // a finger that is lifted as the page is left is lifted all the same
  });
}

/** Make a button of the page press a contact of the home for as long as it is held, by pointer or by key. */
function hold(button, press) {
  let isDown = false;
  const set = (down) => {
    if (down === isDown) return;
    isDown = down;
    press(down);
  };
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    set(true);
  });
  for (const over of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) {
    button.addEventListener(over, () => set(false));
  }
  button.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    set(true);
  });
  button.addEventListener("keyup", () => set(false));
  button.addEventListener("contextmenu", (event) => event.preventDefault()); // a long touch is a long press
}

for (const button of all("[data-trigger]")) {
  hold(button, (down) => send("press", { trigger: button.dataset.trigger, down }));
}
for (const button of all("[data-cancel]")) hold(button, (down) => send("cancel", { down }));

const KEYS = { network: "up", mains: "on", loudspeaker: "works", lamp: "works" };
for (const button of all("[data-switch]")) {
  const name = button.dataset.switch;
  button.addEventListener("click", () => send(name, { [KEYS[name]]: !state[name] }));
}
part("battery").addEventListener("input", (event) => send("battery", { percent: Number(event.target.value) }));

// --- ear and mouth ---

const voice = new Voice((now) => {
  part("hear").setAttribute("aria-pressed", now !== OFF);
  part("voice-state").hidden = now === OFF;
  part("voice-state").dataset.state = now;
  part("voice-state").textContent = { [HEARS]: labels.voice_hears, [SPEAKS]: labels.voice_speaks, [LOST]: labels.voice_lost }[now] ?? "";
});

part("hear").addEventListener("click", () => {
  const wasOn = voice.state === HEARS || voice.state === SPEAKS;
  voice.close();
  if (!wasOn) voice.open();
});

// --- eyes ---

function show(changed) {
  Object.assign(state, changed);
  if ("brightness" in changed) shine(state.brightness);
  if ("words" in changed) {
    part("words").textContent = state.words?.text ?? "";
    part("words").lang = state.words?.language ?? "";
  }
  if ("down" in changed) showHands();
  if ("alarm" in changed || "is_on" in changed) showLadder();
  if ("call" in changed) showCall();
  if ("unit_id" in changed) showUnit();
  showMeaning();
  showSurroundings();
}

/** An eye sees a quarter of the light as half as bright. */
function shine(brightness) {
  part("wall").style.setProperty("--shine", Math.sqrt(brightness).toFixed(3));
}

function showUnit() {
  part("unit-id").textContent = state.unit_id;
  document.documentElement.lang = state.language;
  document.title = `${labels.title} · ${state.unit_id}`;
}

function showHands() {
  for (const button of all("[data-trigger]")) {
    button.classList.toggle("is-down", state.down.includes(button.dataset.trigger));
  }
  for (const button of all("[data-cancel]")) button.classList.toggle("is-down", state.down.includes("cancel"));
}

function showLadder() {
  const reached = state.alarm.ladder;
  part("ladder").hidden = !("pressed" in reached);
  part("no-alarm").hidden = "pressed" in reached;
  part("kept").hidden = state.is_on || state.alarm.state === "normal";
  for (const rung of all("[data-rung]")) {
    const after = reached[rung.dataset.rung];
    rung.classList.toggle("is-reached", after !== undefined);
    rung.querySelector("time").textContent = after === undefined || rung.dataset.rung === "pressed" ? "" : lasted(after);
  }
}

const STAGES = { calling: labels.call_calling, ringing: labels.call_ringing, answered: labels.call_answered };

/** Who hears whom is shown as the unit has decided it, before it does it. */
function showCall() {
  const { stage, microphone, loudspeaker, has_voice: hasVoice, voice: said } = state.call;
  const why = hasVoice || !said ? "" : labels.no_voice.replace("{reason}", said);
  part("call-stage").textContent = STAGES[stage] ?? why;
  part("call").hidden = !part("call-stage").textContent;
  part("microphone").hidden = !microphone;
  part("centre-heard").hidden = !loudspeaker;
}

function lasted(milliseconds) {
  return milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function showMeaning() {
  const left = state.alarm.pre_alarm_left_s;
  const meaning = left === null ? labels[state.light] : labels.seconds_left.replace("{seconds}", Math.ceil(left));
  const said = state.is_on ? meaning : labels.is_dark;
  if (part("meaning").textContent !== said) part("meaning").textContent = said;
  part("wall").classList.toggle("is-dark", !state.is_on);
}

function showSurroundings() {
  for (const button of all("[data-switch]")) button.setAttribute("aria-checked", state[button.dataset.switch]);
  if (document.activeElement !== part("battery")) part("battery").value = state.battery_percent;
  part("percent").textContent = `${Math.round(state.battery_percent)} %`;
  part("faults").textContent = state.faults.length ? state.faults.join(", ") : labels.none;
  part("faults").classList.toggle("is-wrong", state.faults.length > 0);
  part("waiting").textContent = state.waiting;
}

function write(lines) {
  for (const line of lines) {
    const item = document.createElement("li");
    item.textContent = `${line.at_s.toFixed(2)}  ${line.event}`;
    for (const effect of line.effects) {
      const did = document.createElement("span");
      did.textContent = `→ ${effect}`;
      item.append(did);
    }
    part("log").prepend(item);
  }
  while (part("log").childElementCount > LINES_KEPT) part("log").lastElementChild.remove();
}

// --- the page ---

for (const place of all("[data-label]")) place.textContent = labels[place.dataset.label];
document.querySelector(".sos").setAttribute("aria-label", `SOS – ${labels.button}`);

const stream = new EventSource("/api/stream");
stream.addEventListener("open", () => {
  part("lost").hidden = true;
  part("log").replaceChildren(); // it is told from its beginning again
});
stream.addEventListener("error", () => { part("lost").hidden = false; });
stream.addEventListener("change", (event) => show(JSON.parse(event.data)));
stream.addEventListener("log", (event) => write(JSON.parse(event.data)));
