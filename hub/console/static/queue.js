// The queue: what waits, what I have, what others have; and beside it the chosen incident.

import { acceptNext, chosen, release, takeOver } from "./acts.js";
import { moment } from "./clock.js";
import { h, icon, put } from "./dom.js";
import { IncidentView } from "./incident-view.js";
import { addressOf, marksOf, titleOf, whoOf } from "./incident-words.js";
import { onKey } from "./keys.js";
import { on, state } from "./link.js";
import { byUrgency, shapeOf, waiting } from "./ringing.js";
import { _, page } from "./text.js";
import { visit } from "./visit.js";

const NARROW = matchMedia("(max-width: 60rem)");
let lists;
let view;

const groups = [
  { name: _("Waiting"), kind: "waiting", of: () => waiting(state.incidents.values()) },
  { name: _("Mine"), kind: "mine", of: () => owned((owner) => owner === page.operator) },
  { name: _("With others"), kind: "others", of: () => owned((owner) => owner !== page.operator) },
];

export function startQueue(signal) {
  lists = document.getElementById("lists");
  view = new IncidentView(document.getElementById("chosen"));
  for (const group of groups) {
    group.list = h("ul", { role: "list" });
    group.count = h("span", { class: "count" });
    group.section = h("section", { class: `group ${group.kind}`, "aria-label": group.name }, h("h2", {}, group.name, " ", group.count), group.list);
  }
  lists.replaceChildren(h("div", { class: "rest", id: "calm" }, icon("calm"), h("p", {}, _("Connecting"))), ...groups.map((group) => group.section));
  chosen.id = Number(location.hash.slice(1)) || 0;
  chosen.open = (id) => {
    choose(id);
    view.focus();
  };
  on("change", draw, signal);
  draw();
  onKey(["A", "Enter"], _("Accept the most urgent"), acceptNext, signal);
  onKey(["J", "ArrowDown"], _("Next incident"), () => move(1), signal);
  onKey(["K", "ArrowUp"], _("Incident before"), () => move(-1), signal);
  onKey(["N"], _("Write a note"), () => view.writeNote(), signal);
  on("calls", () => view.drawCall(), signal);
  if (page.has_voice) {
    onKey(["B"], _("Call the unit"), () => view.callBack(), signal);
    onKey(["P"], _("Announce in the room"), () => view.announce(), signal);
  }
  onKey(["C"], _("Close the chosen incident"), () => view.incident && view.close(), signal);
  onKey(["R"], _("Give it back"), () => view.incident?.owner === page.operator && release(view.incident), signal);
  onKey(["T"], _("Take it over"), () => view.incident?.owner && view.incident.owner !== page.operator && takeOver(view.incident), signal);
}

function owned(isMeant) {
  return [...state.incidents.values()].filter((one) => one.state !== "raised" && isMeant(one.owner)).sort(byUrgency);
}

function draw() {
  if (!state.isReady) return;
  const all = inOrder();
  for (const group of groups) {
    const incidents = group.of();
    group.section.hidden = !incidents.length;
    group.count.textContent = String(incidents.length + (group.kind === "waiting" ? state.omitted : 0));
    drawList(group.list, incidents);
  }
  const calm = document.getElementById("calm");
  calm.hidden = all.length > 0;
  calm.lastElementChild.textContent = _("Nothing is open.");
  const isOver = !all.some((one) => one.incident_id === chosen.id) && view.incident?.state !== "raised";
  if (isOver && all.length) chosen.id = all[0].incident_id;
  show();
  lists.parentElement.classList.toggle("is-calm", !all.length && !view.incident);
}

// Keeps the rows that stay: the focus of a keyboard must not jump when another alarm comes in.
function drawList(list, incidents) {
  const rows = new Map([...list.children].map((row) => [Number(row.dataset.id), row]));
  const wanted = incidents.map((incident) => {
    const row = rows.get(incident.incident_id) ?? newRow(incident);
    const link = row.firstElementChild;
    put(link, incident, () => drawRow(incident));
    link.className = `row ${shapeOf(incident)} ${incident.state}`;
    link.toggleAttribute("aria-current", incident.incident_id === chosen.id);
    return row;
  });
  for (const row of rows.values()) if (!wanted.includes(row)) row.remove();
  wanted.forEach((row, place) => {
    if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
  });
}

function newRow({ incident_id: id }) {
  const link = h("a", {
    href: `/incidents/${id}`,
    onclick: (event) => {
      if (NARROW.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const isByKey = event.detail === 0;
      if (isByKey && chosen.id === id && state.incidents.get(id)?.state === "raised") acceptNext();
      else choose(id);
    },
  });
  return h("li", { data: { id } }, link);
}

function drawRow(incident) {
  const since = incident.pressed_s ?? incident.opened_s;
  const isMine = incident.owner === page.operator;
  return [
    icon(shapeOf(incident)),
    h(
      "span",
      { class: "text" },
      h("span", { class: "who" }, whoOf(incident) || titleOf(incident)),
      whoOf(incident) && h("span", { class: "title" }, titleOf(incident)),
      h("span", { class: "where" }, addressOf(incident)),
    ),
    h(
      "span",
      { class: "side" },
      h("span", { class: "since" }, moment(since, incident.state === "raised" ? "watch" : "clock")),
      incident.owner && h("span", { class: "chip owner" }, isMine ? _("You") : incident.owner),
      marksOf(incident).map((mark) => h("span", { class: `chip ${mark.kind}` }, mark.text)),
    ),
  ];
}

function inOrder() {
  return groups.flatMap((group) => group.of());
}

function choose(id) {
  if (NARROW.matches) {
    visit(`/incidents/${id}`);
    return;
  }
  chosen.id = id;
  draw();
}

function move(step) {
  const all = inOrder();
  if (!all.length) return;
  const place = all.findIndex((one) => one.incident_id === chosen.id);
  const next = all[Math.min(all.length - 1, Math.max(0, place + step))];
  chosen.id = next.incident_id;
  draw();
  lists.querySelector(`[data-id="${chosen.id}"] a`)?.focus();
}

function show() {
  for (const link of lists.querySelectorAll("li > a")) link.removeAttribute("aria-current");
  lists.querySelector(`[data-id="${chosen.id}"] a`)?.setAttribute("aria-current", "true");
  if (!chosen.id) return;
  history.replaceState(null, "", `#${chosen.id}`);
  view.show(chosen.id, state.incidents.get(chosen.id));
}

