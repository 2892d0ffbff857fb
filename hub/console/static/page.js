// What every page of somebody who is signed in does: listen, ring, and answer to keys.

import { acceptNext, chosen } from "./acts.js";
import { watchForAlarms } from "./alarm.js";
import { watchCalls } from "./call-bar.js";
import { startClosed } from "./closed.js";
import { listenForKeys, onKey } from "./keys.js";
import { connect } from "./link.js";
import { watchShift } from "./shift.js";
import { startSoftphone } from "./softphone.js";
import { Sound } from "./sound.js";
import { _ } from "./text.js";
import { watchTheme } from "./toggle.js";
import { startVisits, visit } from "./visit.js";

const PAGES = {
  queue: late(() => import("./queue.js"), "startQueue"),
  incident: late(() => import("./incident.js"), "startIncident"),
  history: startClosed,
  home: startClosed,
};

const sound = new Sound();

watchTheme();
startSoftphone(sound);
watchForAlarms(sound);
watchCalls();
watchShift(sound);
listenForKeys();
onKey(["A"], _("Accept the most urgent"), acceptNext);
connect();
startVisits((name, signal) => {
  chosen.id = 0;
  chosen.open = (id) => visit(`/incidents/${id}`);
  PAGES[name]?.(signal);
});

// A page whose script is only loaded where it is needed; whoever has gone on meanwhile does not need it.
function late(load, start) {
  return async (signal) => {
    const script = await load();
    if (!signal.aborted) script[start](signal);
  };
}
