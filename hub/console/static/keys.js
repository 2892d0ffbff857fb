// One key for each act. They rest while somebody types, and can be switched off for good.

import { h } from "./dom.js";
import { _ } from "./text.js";

const OFF = "poga-keys-off";
let rows = [];

// `names` are the keys as they are written on the help; `about` says what they do. Who comes later goes before, until
// `signal`; said again, a row has other keys.
export function onKey(names, about, run, signal) {
  const row = { names, about, run, keys: names.map((name) => (name.length === 1 ? name.toLowerCase() : name)) };
  rows = [row, ...rows];
  signal?.addEventListener("abort", () => {
    rows = rows.filter((other) => other !== row);
  });
}

export function listenForKeys() {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const name = nameOf(event);
    const run = rows.find((row) => row.keys.includes(name))?.run;
    if (!run || isBusy(event, name) || (localStorage.getItem(OFF) && name.length === 1 && name !== "?")) return;
    event.preventDefault();
    run();
  });
  document.getElementById("help").addEventListener("click", showHelp);
  onKey(["?"], _("This help"), showHelp);
}

// A letter as the key says; on a keyboard of other letters, by the key's place.
function nameOf({ key, code }) {
  if (key.length !== 1) return key;
  if (/^[a-z?]$/i.test(key)) return key.toLowerCase();
  return code.startsWith("Key") ? code.slice(3).toLowerCase() : key;
}

// Somebody types, a dialog is open, or the key belongs to what has the focus.
function isBusy(event, name) {
  const place = event.target;
  if (document.querySelector("dialog[open]")) return true;
  if (place.closest?.("input, textarea, select, [contenteditable]")) return true;
  return ["Enter", " "].includes(name) && Boolean(place.closest?.("a, button, summary"));
}

// The rows of the help in the order in which they were said first, each with the keys it has now.
function written() {
  return [...new Map([...rows].reverse().map((row) => [row.about, row])).values()];
}

function showHelp() {
  const isOff = Boolean(localStorage.getItem(OFF));
  const box = h("input", { type: "checkbox", id: "keys-on", checked: !isOff });
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  const dialog = h(
    "dialog",
    { class: "help", "aria-labelledby": "help-title" },
    h("h2", { id: "help-title" }, _("Keys")),
    h(
      "dl",
      {},
      written().map(({ names, about }) => [h("dt", {}, names.map((name) => h("kbd", {}, WRITTEN[name] ?? name))), h("dd", {}, about)]),
    ),
    h("p", {}, _("A or Enter takes the alarm that has waited longest; with no alarm, the chosen incident.")),
    h("p", { class: "tick" }, box, h("label", { for: "keys-on" }, _("Single letters are keys"))),
    h("form", { method: "dialog" }, h("button", { class: "main-button" }, _("Close this help"))),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const WRITTEN = { ArrowDown: "↓", ArrowUp: "↑" };
