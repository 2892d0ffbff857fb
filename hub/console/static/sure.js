// A question before something that cannot be taken back. Not the browser's own: that would stop the sound.

import { h } from "./dom.js";
import { _ } from "./text.js";

export function isSure(question, yes) {
  return new Promise((answer) => {
    const form = h(
      "form",
      { method: "dialog" },
      h("h2", { id: "question" }, question),
      h("div", { class: "acts" }, h("button", { class: "main-button", value: "yes" }, yes), h("button", {}, _("Go back"))),
    );
    const dialog = h("dialog", { "aria-labelledby": "question" }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
