// What every page of somebody who is signed in does: listen, ring, and answer to keys.

import { acceptNext, chosen } from "./acts.js";
import { watchForAlarms } from "./alarm.js";
import { refreshTimes } from "./clock.js";
import { startClosed } from "./closed.js";
import { listenForKeys, onKey } from "./keys.js";
import { connect } from "./link.js";
import { watchShift } from "./shift.js";
import { Sound } from "./sound.js";
import { _ } from "./text.js";
import { watchTheme } from "./toggle.js";

const PAGES = {
  queue: async () => (await import("./queue.js")).startQueue(),
  incident: async () => (await import("./incident.js")).startIncident(),
  history: startClosed,
  home: startClosed,
};

const name = document.body.dataset.page;
const sound = new Sound();

chosen.open = (id) => {
  location.href = `/incidents/${id}`;
};
watchTheme();
watchForAlarms(sound);
watchShift(sound);
listenForKeys();
onKey(["A"], _("Accept the most urgent"), acceptNext);
connect();
PAGES[name]?.();
refreshTimes();
document.querySelector("[data-focus]")?.focus();
