// What a call needs more words for: whom to call, and what is to be said in the room.

import { ask } from "./acts.js";
import { callOf } from "./calls.js";
import { h } from "./dom.js";
import { on, state } from "./link.js";
import { speech } from "./softphone.js";
import { _, page, word } from "./text.js";

export function inviteDialog(call) {
  choosing(call.incident_id, _("Whom to call into the call?"), _("Call"), (party) => speech(call.incident_id, "add", party));
}

export function handOverDialog(call) {
  choosing(call.incident_id, _("Who takes the call?"), _("Hand over"), (party) => speech(call.incident_id, "transfer", party));
}

// Somebody of the home, an operator on shift, or a number.
function choosing(incidentId, question, verb, call) {
  const known = (state.incidents.get(incidentId)?.home?.clients ?? []).filter((client) => client.phone);
  const operators = state.onShift.filter((name) => name !== page.operator);
  const choice = (party, name, about) =>
    h("button", { type: "button", class: "choice", onclick: () => finish(party) }, h("strong", {}, name), h("span", { class: "number" }, about));
  const number = h("input", { id: "call-number", type: "tel", name: "number", maxlength: 120, autocomplete: "off" });
  const form = h(
    "form",
    { onsubmit: typed },
    h("h2", { id: "choosing-title" }, question),
    h(
      "div",
      { class: "choices" },
      operators.map((name) => choice({ operator: name }, name, _("on shift"))),
      known.map((client) => choice({ number: client.phone, name: client.name }, client.name, client.phone)),
    ),
    labelled("call-number", _("Another number"), number),
    h("div", { class: "acts" }, h("button", { class: "main-button" }, verb), h("button", { type: "button", onclick: () => dialog.close() }, _("Go back"))),
  );
  const dialog = shown("choosing", "choosing-title", form);

  function typed(event) {
    event.preventDefault();
    if (number.value.trim()) finish({ number: number.value.trim() });
    else number.focus();
  }

  async function finish(party) {
    if (await call(party)) dialog.close();
  }
}

// Words read aloud in a room, from the library, typed, or spoken by the operator; each with its reason.
export async function announceDialog(incidentId) {
  const language = state.incidents.get(incidentId)?.home?.clients[0]?.language ?? document.documentElement.lang;
  const library = (await ask("/api/announcements")) ?? [];
  const ready = () => library.filter((one) => one.language === spoken.value);
  const spoken = h("select", { id: "announce-language" }, Object.keys(page.words.spoken).map((code) => h("option", { value: code, selected: code === language }, word("spoken", code))));
  const reason = h("textarea", { id: "announce-reason", rows: 2, maxlength: 500, required: true });
  const text = h("textarea", { id: "announce-text", rows: 3, maxlength: 500 });
  const list = h("div", { class: "choices library" });
  const drawLibrary = () =>
    list.replaceChildren(
      ...ready().map((one, place) =>
        h("label", { class: "ready" }, h("input", { type: "radio", name: "library", value: one.name, id: `ready-${place}` }), h("span", {}, h("strong", {}, one.name), h("span", { class: "lines" }, one.text))),
      ),
    );
  spoken.addEventListener("change", drawLibrary);
  text.addEventListener("input", () => list.querySelectorAll("input").forEach((one) => (one.checked = false)));
  list.addEventListener("change", () => (text.value = ""));
  drawLibrary();
  const live = h("button", { type: "button", onclick: () => finish("announce-live", { reason: reason.value }) }, _("Say it myself"));
  const form = h(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        const chosen = new FormData(form).get("library");
        finish("announce", { language: spoken.value, reason: reason.value, ...(chosen ? { library: chosen } : { text: text.value }) });
      },
    },
    h("h2", { id: "announce-title" }, _("Announce in the room")),
    labelled("announce-reason", _("Why"), reason),
    labelled("announce-language", _("Language"), spoken),
    ready().length > 0 && h("h3", {}, _("From the library")),
    list,
    labelled("announce-text", _("In your own words, read aloud"), text),
    h("div", { class: "acts" }, h("button", { class: "main-button" }, _("Read it aloud")), live, h("button", { type: "button", onclick: () => dialog.close() }, _("Go back"))),
  );
  const dialog = shown("announcing", "announce-title", form);

  async function finish(name, body) {
    if (reason.reportValidity() && (await speech(incidentId, name, body))) dialog.close();
  }
}

function labelled(id, words, control) {
  return h("div", { class: "field" }, h("label", { for: id }, words), control);
}

function shown(kind, title, form) {
  const dialog = h("dialog", { class: kind, "aria-labelledby": title }, form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

// A dialog about a call goes with its call.
on("calls", (call) => {
  if (call?.state !== "ended" || callOf(call.incident_id)) return;
  document.querySelectorAll("dialog.choosing").forEach((dialog) => dialog.close());
});
