// The shift of this tab: begun by a click, which lets the browser sound. And the bars that say what is not well.

import { h, put } from "./dom.js";
import { absolute, now, span } from "./clock.js";
import { on, state, tellMe } from "./link.js";
import { _, fill, page } from "./text.js";

const KEPT = "poga-shift";
const WARN_BEFORE_END_S = 30 * 60;
const GRACE_TICKS = 2;

const button = document.getElementById("shift");
let ticksWithoutSound = 0;

export function watchShift(sound) {
  const isOn = () => sessionStorage.getItem(KEPT) === "on";
  const tell = () => tellMe({ onShift: isOn(), canSound: sound.works });
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
  tell();
  draw(isOn());
  on("tick", () => {
    if (sound.works !== lastSound) tell();
    lastSound = sound.works;
    ticksWithoutSound = state.isShift && !state.canRing ? ticksWithoutSound + 1 : 0;
    draw(isOn());
    drawBars();
    drawContact();
  });
}

let lastSound = false;

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
  const left = page.expires_s - now();
  if (left < WARN_BEFORE_END_S && !state.isSignedOut) {
    bar("silent", fill(_("Your session ends at %(time)s. Sign in again before."), { time: absolute(page.expires_s) }), signIn());
  }
  return bars;
}
