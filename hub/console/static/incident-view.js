// One incident, drawn whole and kept true: what it is, the ladder of truth, who lives there, the unit, the timeline.
//
// What the stream says is drawn at once; the timeline and the unit's health are read again after each change.

import { act, accept, ask, release, takeOver } from "./acts.js";
import { announceDialog } from "./call-dialogs.js";
import { standingOf } from "./call-words.js";
import { callOf, myCall, unitPart } from "./calls.js";
import { closingDialog } from "./closing.js";
import { moment } from "./clock.js";
import { h, icon, put } from "./dom.js";
import { addressOf, detailOf, entryWords, marksOf, titleOf, whoOf } from "./incident-words.js";
import { ladder } from "./ladder.js";
import { shapeOf } from "./ringing.js";
import { homeCard, unitCard } from "./home-cards.js";
import { pastCalls } from "./past-calls.js";
import { answersBy, speech } from "./softphone.js";
import { _, fill, page, word } from "./text.js";

export class IncidentView {
  constructor(root) {
    this.root = root;
    this.id = 0;
    this.incident = null;
    this.detail = null;
    this.asked = 0;
    this.saving = "";
    this.build();
  }

  build() {
    this.head = h("header", { class: "incident-head" });
    this.rungs = h("div", { class: "rungs" });
    this.call = h("p", { class: "call-line", role: "status" });
    this.acts = h("div", { class: "acts", role: "group", "aria-label": _("Acts") });
    this.people = h("div", { class: "people" });
    this.timeline = h("ol", { class: "timeline", "aria-label": _("Timeline") });
    this.text = h("textarea", { id: "note", rows: 2, maxlength: 2000, "aria-describedby": "note-key" });
    this.note = h(
      "form",
      { class: "note-form", onsubmit: (event) => this.saveNote(event) },
      h("label", { for: "note" }, _("Note"), " ", h("kbd", { "aria-hidden": "true" }, "N")),
      this.text,
      h("span", { class: "hint", id: "note-key" }, _("Ctrl+Enter saves it.")),
      h("button", {}, _("Save the note")),
    );
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.note.requestSubmit();
      if (event.key === "Escape") this.text.blur();
    });
    this.story = h("section", { class: "story", "aria-labelledby": "story" }, h("h3", { id: "story" }, _("Timeline")), this.note, this.timeline);
    this.body = h("div", { class: "incident-body" }, this.people, this.story);
    this.root.replaceChildren(this.head, this.rungs, this.call, this.acts, this.body);
    this.root.classList.add("empty");
  }

  // Shows an incident; `incident` is what the stream says of it, undefined where it has to be read.
  show(id, incident) {
    if (id !== this.id) {
      this.id = id;
      this.detail = null;
      this.incident = null;
      this.said = undefined;
      this.text.value = "";
    }
    if (incident && JSON.stringify(incident) === this.said) return;
    if (!incident && this.incident?.state === "closed") return;
    this.said = incident && JSON.stringify(incident);
    this.incident = incident ?? this.detail?.incident ?? null;
    this.draw();
    this.read();
  }

  async read() {
    const asked = ++this.asked;
    const id = this.id;
    const detail = await ask(`/api/incidents/${id}`);
    if (!detail || id !== this.id || asked !== this.asked) return;
    this.detail = detail;
    this.incident = detail.incident;
    this.draw();
  }

  draw() {
    const { incident } = this;
    this.root.classList.toggle("empty", !incident);
    if (!incident) return;
    this.root.dataset.state = incident.state;
    this.root.dataset.shape = shapeOf(incident);
    put(this.head, incident, () => this.drawHead(incident));
    put(this.rungs, incident, () => ladder(incident));
    this.drawCall();
    const { health, legs, recordings } = this.detail ?? {};
    // Not by who has listened: that must not stop the sound.
    const kept = recordings?.map((one) => [one.recording_id, one.seconds, one.deleted_s]);
    put(this.people, [incident, health, legs, kept], () => this.drawPeople(incident));
    if (this.detail) put(this.timeline, this.detail.timeline, () => this.drawTimeline());
    this.note.hidden = incident.state === "closed";
  }

  drawHead(incident) {
    const since = incident.pressed_s ?? incident.opened_s;
    const running = incident.closed_s ? null : h("span", { class: "since", title: _("Since it happened") }, moment(since, "watch"));
    return [
      h(
        "div",
        { class: "what" },
        icon(shapeOf(incident)),
        h("h2", { tabindex: -1, data: { hold: "title" } }, titleOf(incident)),
        h("span", { class: `chip state ${incident.state}` }, this.standing(incident)),
        ...marksOf(incident).map((mark) => h("span", { class: `chip ${mark.kind}` }, mark.text)),
        running,
      ),
      h("p", { class: "who" }, h("strong", {}, whoOf(incident)), " ", h("span", {}, addressOf(incident))),
      incident.detail && h("p", { class: "hint" }, detailOf(incident)),
    ].filter(Boolean);
  }

  // What is known of its call, and so what can be done: again whenever a call changes.
  drawCall() {
    const { incident } = this;
    if (!incident) return;
    const call = callOf(incident.incident_id);
    this.call.hidden = !call || call === myCall(); // mine stands at the foot of the page
    put(this.call, call, () => (call ? [icon("call"), standingOf(call), " ", moment(call.answered_s ?? call.since_s, "watch")] : []));
    put(this.acts, [incident.state, incident.owner, Boolean(unitPart(call)), answersBy(incident)], () => this.drawActs(incident));
  }

  standing(incident) {
    if (incident.outcome) return word("outcome", incident.outcome);
    if (!incident.owner) return word("state", incident.state);
    return incident.owner === page.operator ? _("You have it") : fill(_("%(owner)s has it"), { owner: incident.owner });
  }

  drawActs(incident) {
    const isMine = incident.owner === page.operator;
    const button = (text, key, run, kind = "") =>
      h("button", { type: "button", class: kind, onclick: run, data: { hold: key } }, text, h("kbd", { "aria-hidden": "true" }, key));
    if (incident.state === "closed") return [];
    if (incident.state === "raised") return [button(answersBy(incident) ? _("Answer") : _("Accept"), "A", () => accept(this.incident), "accept")];
    if (!isMine) return [button(_("Take over"), "T", () => takeOver(this.incident))];
    return [
      button(_("Close"), "C", () => this.close(), "main-button"),
      button(_("Note"), "N", () => this.text.focus()),
      this.canCallBack && button(_("Call the unit"), "B", () => this.callBack()),
      this.canAnnounce && button(_("Announce"), "P", () => this.announce()),
      button(_("Give back"), "R", () => release(this.incident)),
    ];
  }

  drawPeople(incident) {
    const cards = [homeCard(incident), incident.unit_id && unitCard(incident, this.detail?.health), this.detail && pastCalls(this.detail)];
    return cards.filter(Boolean);
  }

  drawTimeline() {
    return [...this.detail.timeline].reverse().map((entry) => {
      const [words, written] = entryWords(entry, this.detail.incident);
      const happened_s = entry.age_s === null ? null : entry.at_s - entry.age_s;
      const isLate = happened_s !== null && entry.age_s > 10;
      return h(
        "li",
        { class: `entry ${entry.kind}` },
        moment(entry.at_s, "clock"),
        h(
          "div",
          {},
          h("span", {}, words),
          isLate && h("span", { class: "chip fault" }, _("it happened at"), " ", moment(happened_s, "clock")),
          written && h("p", { class: "written" }, written),
        ),
      );
    });
  }

  get canAnnounce() {
    return page.has_voice && Boolean(this.incident?.unit_id) && this.incident.owner === page.operator;
  }

  get canCallBack() {
    return this.canAnnounce && !unitPart(callOf(this.id));
  }

  callBack() {
    if (this.canCallBack) speech(this.id, "call-back");
  }

  announce() {
    if (this.canAnnounce) announceDialog(this.id);
  }

  // To where the reading goes on, once it has been accepted; whoever types already goes on typing.
  focus() {
    if (document.activeElement?.matches("input, textarea, select")) return;
    this.head.querySelector("h2")?.focus();
  }

  close() {
    if (this.incident.owner === page.operator) closingDialog(this.incident);
  }

  writeNote() {
    if (!this.note.hidden) this.text.focus();
  }

  async saveNote(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (!text || text === this.saving) return;
    this.saving = text;
    const isSaved = await act(this.incident, "note", { text });
    this.saving = "";
    // What was typed meanwhile is the next note.
    if (isSaved && this.text.value.trim() === text) this.text.value = "";
  }
}
