// What is known of a home and of its unit, for whoever helps now.

import { moment } from "./clock.js";
import { h, icon } from "./dom.js";
import { speech } from "./softphone.js";
import { _, faultWords, fill, page, word } from "./text.js";

export function homeCard(incident) {
  if (incident.kind === "many_silent") return manyCard(incident);
  if (!incident.unit_id) return null;
  const { home } = incident;
  if (!home) return strangerCard(incident);
  return h(
    "section",
    { class: "card home", "aria-label": _("Home") },
    home.clients.map((client) =>
      h(
        "div",
        { class: "person" },
        h("h3", {}, icon("person"), client.name),
        facts([
          [_("Phone"), client.phone && phone(incident, client)],
          [_("Speaks"), word("spoken", client.language)],
          [_("Notes"), client.notes, "lines"],
        ]),
      ),
    ),
    facts([
      [_("Address"), home.address, "address"],
      [_("Where the key is"), home.key_location, "lines key"],
      [_("Notes"), home.notes, "lines"],
    ]),
    h("p", { class: "to-register" }, h("a", { href: `/homes/${home.unit_id}` }, _("Open in the register"))),
  );
}

// A number, and where it is mine to call it, what calls it.
function phone(incident, { name, phone: number }) {
  const written = h("span", { class: "phone" }, number);
  if (!page.has_voice || incident.owner !== page.operator || incident.state === "closed") return written;
  const call = () => speech(incident.incident_id, "add", { number, name });
  return [written, " ", h("button", { type: "button", class: "call", onclick: call, "aria-label": fill(_("Call %(name)s"), { name }), data: { hold: `call ${number}` } }, icon("call"), _("Call"))];
}

export function unitCard(incident, health) {
  const beat = health?.heartbeat;
  return h(
    "section",
    { class: "card unit", "aria-label": _("Unit") },
    h("h3", {}, _("Unit"), " ", h("span", { class: "code" }, incident.unit_id)),
    facts([
      [_("Where it stands"), incident.home?.unit_name],
      [_("Last heard"), health ? moment(health.heard_s, "ago") : _("never")],
      ...(beat ? healthFacts(beat) : []),
    ]),
  );
}

function healthFacts(beat) {
  const percent = beat.battery_percent === null ? "" : `${Math.round(beat.battery_percent)} %`;
  const mains = beat.mains === null ? "" : beat.mains ? _("mains") : _("battery");
  return [
    [_("Faults"), beat.faults.length ? beat.faults.map((name) => h("span", { class: "chip fault" }, faultWords(name))) : _("none")],
    [_("Power"), [mains, percent].filter(Boolean).join(", ")],
    [_("Paths"), beat.paths.map((path) => [path.name, path.is_up ? _("works") : _("lost")].join(": ")).join(", ")],
    [_("Waiting messages"), String(beat.outbox_depth)],
    [_("Software"), beat.software],
  ];
}

function strangerCard(incident) {
  if (incident.is_known_unit && !incident.home_is_read) {
    return h("section", { class: "card" }, h("p", {}, _("The register is being read.")));
  }
  return h(
    "section",
    { class: "card stranger" },
    h("h3", {}, icon("fault"), _("This unit is not in the register.")),
    h("p", {}, _("Somebody may need help all the same. Nobody knows where it stands: ask, or trace it.")),
    h("p", {}, h("a", { class: "button", href: `/new-home?unit=${encodeURIComponent(incident.unit_id)}` }, _("Add it to the register"))),
  );
}

function manyCard(incident) {
  return h(
    "section",
    { class: "card" },
    h("h3", {}, _("Silent units")),
    h("ul", { class: "codes" }, incident.units.map((id) => h("li", {}, h("a", { class: "code", href: `/homes/${id}` }, id)))),
  );
}

// `[name, value, class]`, without those that are empty.
function facts(rows) {
  const filled = rows.filter(([, value]) => value && (!Array.isArray(value) || value.length));
  return h("dl", { class: "facts" }, filled.map(([name, value, kind]) => [h("dt", {}, name), h("dd", { class: kind }, value)]));
}
