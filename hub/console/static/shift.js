// The shift of this tab: begun by a click, which lets the browser sound. And the bars that say what is not well.

import { h, put } from "./dom.js";
import { absolute, now, span } from "./clock.js";
import { on, state, tellMe } from "./link.js";
import { askForMicrophone, lookForMicrophone, microphone, whenPlugged } from "./microphone.js";
import { _, fill, page } from "./text.js";

const KEPT = "poga-shift";
const WARN_BEFORE_END_S = 30 * 60;
const GRACE_TICKS = 2;

const button = document.getElementById("shift");
let ticksWithoutSound = 0;

export function watchShift(sound) {
  const isOn = () => sessionStorage.getItem(KEPT) === "on";
  const tell = () => tellMe({ onShift: isOn(), canSound: sound.works, canSpeak: page.has_voice && microphone.state === "ready" });
  const listen = async () => {
    if (!page.has_voice) return;
    await lookForMicrophone();
    tell();
  };
  const wake = async () => {
    if (isOn() && !sound.works) {
      await sound.unlock();
      tell();
    }
  };
  button.addEventListener("click", async () => {
    if (isOn()) {
      sessionStorage.removeItem(KEPT);
    } else {
      sessionStorage.setItem(KEPT, "on");
      await sound.unlock();
      sound.play("ready");
      if (page.has_voice) askForMicrophone().then(tell);
    }
    tell();
    draw(isOn());
    // The next key is for an alarm: Enter must not end the shift.
    document.getElementById("main").focus({ preventScroll: true });
  });
  button.disabled = false;
  // After a new page the browser wants a key or a click again.
  addEventListener("pointerdown", wake);
  addEventListener("keydown", wake);
  if (isOn()) sound.unlock().then(tell);
  listen();
  whenPlugged(listen);
  tell();
  draw(isOn());
  on("tick", () => {
    if (sound.works !== lastSound || microphone.state !== lastMicrophone) tell();
    [lastSound, lastMicrophone] = [sound.works, microphone.state];
    ticksWithoutSound = state.isShift && !state.canRing ? ticksWithoutSound + 1 : 0;
    draw(isOn());
    drawBars();
    drawContact();
  });
}

let lastSound = false;
let lastMicrophone = microphone.state;

function draw(isOn) {
  button.setAttribute("aria-pressed", String(isOn));
  const text = isOn ? _("End shift") : _("Start shift");
  if (button.textContent !== text) button.textContent = text;
}

function drawContact() {
  const contact = document.getElementById("contact");
  const isLost = state.lostFor > 0 || state.isSignedOut;
  contact.dataset.state = isLost ? "lost" : state.isReady ? "live" : "waiting";
  const names = state.onShift.join(", ");
  const isComing = !state.isReady || (state.canRing && !state.onShift.includes(page.operator));
  const text = isLost ? _("No contact") : isComing ? _("Connecting") : names ? fill(_("On shift: %(names)s"), { names }) : _("Nobody is on shift");
  const place = document.getElementById("contact-text");
  if (place.textContent !== text) place.textContent = text;
}

function drawBars() {
  const bars = barsNow();
  put(document.getElementById("bars"), bars.map((bar) => bar.key), () => bars.map((bar) => bar.element()));
}

function barsNow() {
  const bars = [];
  const bar = (kind, text, ...more) =>
    bars.push({ key: [kind, text], element: () => h("div", { class: `bar ${kind}`, role: kind === "hint" ? "status" : "alert" }, h("span", {}, text), ...more) });
  const signIn = () => h("a", { class: "button", href: `/sign-in?next=${encodeURIComponent(location.pathname)}` }, _("Sign in"));
  if (state.isSignedOut) {
    bar("lost", _("You are signed out: alarms are not shown here any more."), signIn());
  } else if (state.lostFor > 0) {
    const text = _("No contact with the centre for %(span)s: alarms may not be shown here. It connects again by itself.");
    bar("lost", fill(text, { span: span(Math.floor(state.lostFor / 5000) * 5) }));
  }
  if (ticksWithoutSound > GRACE_TICKS) {
    bar("silent", _("You are on shift, but this browser may not sound: press any key, or click here."));
  } else if (!state.isShift && !state.isSignedOut) {
    bar("hint", _("You are not on shift: alarms are shown, but they do not ring here."));
  }
  if (page.has_voice && state.isShift && !state.isSignedOut) {
    const again = () => h("button", { type: "button", onclick: () => askForMicrophone() }, _("Try again"));
    const words = {
      asking: _("The browser asks for the microphone: allow it, to speak with clients."),
      refused: _("The browser gives this page no microphone: alarms come in, calls have to be taken by phone."),
      missing: _("No microphone is plugged in: alarms come in, calls have to be taken by phone."),
      unsafe: _("A browser gives no microphone to a page without https: calls have to be taken by phone."),
    }[microphone.state];
    if (words) bar("hint", words, microphone.state === "refused" || microphone.state === "missing" ? again() : "");
  }
  const left = page.expires_s - now();
  if (left < WARN_BEFORE_END_S && !state.isSignedOut) {
    bar("silent", fill(_("Your session ends at %(time)s. Sign in again before."), { time: absolute(page.expires_s) }), signIn());
  }
  return bars;
}
