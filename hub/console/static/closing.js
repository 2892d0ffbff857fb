// How an incident ended: asked once, in a dialog that the keyboard closes.

import { act } from "./acts.js";
import { h } from "./dom.js";
import { titleOf, whoOf } from "./incident-words.js";
import { _, page, word } from "./text.js";

export function closingDialog(incident) {
  const outcomes = page.outcomes[incident.kind === "alarm" || incident.kind === "unreadable" ? "alarm" : "fault"];
  const text = h("textarea", { id: "closing-text", rows: 3, maxlength: 2000 });
  const form = h(
    "form",
    { onsubmit: (event) => finish(event) },
    h("h2", { id: "closing-title" }, _("How did it end?")),
    h("p", { class: "hint" }, [titleOf(incident), whoOf(incident)].filter(Boolean).join(" · ")),
    h(
      "fieldset",
      { class: "outcomes" },
      h("legend", { class: "sr" }, _("Outcome")),
      outcomes.map((outcome, place) => [
        h("input", { type: "radio", name: "outcome", id: `outcome-${outcome}`, value: outcome, required: true, autofocus: place === 0 }),
        h("label", { for: `outcome-${outcome}` }, word("outcome", outcome)),
      ]),
    ),
    h("label", { for: "closing-text" }, _("What was done")),
    text,
    h(
      "div",
      { class: "acts" },
      h("button", { class: "main-button" }, _("Close the incident")),
      h("button", { type: "button", onclick: () => dialog.close() }, _("Go back")),
    ),
  );
  const dialog = h("dialog", { class: "closing", "aria-labelledby": "closing-title" }, form);

  async function finish(event) {
    event.preventDefault();
    const outcome = new FormData(form).get("outcome");
    if (await act(incident, "close", { outcome, text: text.value })) dialog.close();
  }

  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
