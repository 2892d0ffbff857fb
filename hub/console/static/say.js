// Words to the operator: short messages on the screen, and what a screen reader speaks.

import { h } from "./dom.js";
import { _ } from "./text.js";

const SHOWN_FOR_MS = 5000;

// `kind`: `good`, or `bad`, which stays until it is dismissed.
export function say(text, kind = "good") {
  const messages = document.getElementById("messages");
  const message = h("div", { class: `message ${kind}` }, h("span", {}, text));
  if (kind === "bad") {
    message.append(h("button", { type: "button", class: "quiet", onclick: () => message.remove() }, _("Dismiss")));
  } else {
    setTimeout(() => message.remove(), SHOWN_FOR_MS);
  }
  messages.replaceChildren(message);
}

// `isAlarm` interrupts whatever is being read.
export function announce(text, isAlarm = false) {
  document.getElementById(isAlarm ? "announce-alarm" : "announce").textContent = text;
}
