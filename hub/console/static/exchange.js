// Between one feed and every tab of this browser: what is open now, who hears it, and which tab rings.
//
// A tab that is new gets everything at once. The tab that rings is the oldest that is on shift and can sound; when it
// goes, the next one takes over within a second. The tab that speaks is the one that holds a call; else the one in which
// the operator last accepted something. The tick goes out from here, because hidden tabs slow their own clocks.

import { Feed } from "./feed.js";

const TICK_MS = 1000;
const UNHEARD_AFTER_MS = 4000;
const GONE_AFTER_MS = 90_000;
const NEW_FOR_MS = 2000;
const TOLD = ["onShift", "canSound", "canSpeak", "isNeeded", "holdsSince", "claimedAt", "takenAt"];

export class Exchange {
  constructor() {
    this.tabs = new Set();
    this.incidents = new Map();
    this.calls = new Map();
    this.onShift = [];
    this.omitted = 0;
    this.offset_s = 0;
    this.hasSnapshot = false;
    this.feed = new Feed((message) => this.heard(message), () => this.word());
    setInterval(() => this.tick(), TICK_MS);
  }

  // `post` reaches one tab; returns what the tab's messages are handed to.
  join(post) {
    const tab = { post, onShift: false, canSound: false, canSpeak: false, isNeeded: false, holdsSince: 0, claimedAt: 0, takenAt: 0, joinedAt: Date.now(), seenAt: Date.now() };
    return (message) => this.told(tab, message);
  }

  told(tab, message) {
    if (message.type === "bye") {
      this.tabs.delete(tab);
      this.tick();
      return;
    }
    tab.seenAt = Date.now();
    const isChange = TOLD.some((name) => tab[name] !== message[name]) || !this.tabs.has(tab);
    for (const name of TOLD) tab[name] = message[name];
    if (message.type === "hello") {
      this.feed.csrf = message.csrf;
      this.tabs.add(tab);
      if (this.hasSnapshot) tab.post(this.snapshot());
    }
    if (isChange) this.tick();
  }

  heard({ type, data }) {
    this.offset_s = (data.now_s ?? Date.now() / 1000 + this.offset_s) - Date.now() / 1000;
    if (type === "incident") {
      if (data.state === "closed") this.incidents.delete(data.incident_id);
      else this.incidents.set(data.incident_id, data);
      this.tell({ type, incident: data });
      return;
    }
    if (type === "call") {
      if (data.state === "ended") this.calls.delete(data.conversation);
      else this.calls.set(data.conversation, data);
      this.tell({ type, call: data });
      return;
    }
    this.onShift = data.on_shift;
    if (type === "snapshot") {
      this.incidents = new Map(data.incidents.map((incident) => [incident.incident_id, incident]));
      this.calls = new Map(data.calls.map((call) => [call.conversation, call]));
      this.omitted = data.omitted;
      this.hasSnapshot = true;
      this.tell(this.snapshot());
      this.tick();
    }
  }

  snapshot() {
    return { type: "snapshot", incidents: [...this.incidents.values()], calls: [...this.calls.values()], omitted: this.omitted };
  }

  heardLately() {
    const heardAfter = Date.now() - UNHEARD_AFTER_MS;
    return [...this.tabs].filter((tab) => tab.seenAt > heardAfter);
  }

  // The tab that rings; undefined where none can.
  ringer() {
    return this.heardLately().find((tab) => tab.onShift && tab.canSound);
  }

  // The tab that has the calls of this browser; undefined where none can.
  speaker() {
    const able = this.heardLately().filter((tab) => tab.canSpeak);
    const newest = (name) => able.filter((tab) => tab[name]).sort((one, other) => other[name] - one[name])[0];
    const holder = newest("holdsSince");
    const taker = newest("takenAt");
    if (holder && !(taker?.takenAt > holder.holdsSince)) return holder;
    return (holder && taker) ?? newest("claimedAt") ?? able.find((tab) => tab.onShift && tab.canSound) ?? able.find((tab) => tab.onShift);
  }

  // What the centre is told of this browser. A page that was loaded anew must not lose its call before it can sound.
  word() {
    const onShift = this.heardLately().filter((tab) => tab.onShift);
    const isHere = (tab) => tab.canSound || Date.now() - tab.joinedAt < NEW_FOR_MS || (tab.isNeeded && tab.canSpeak);
    return { on_shift: onShift.some(isHere), can_speak: onShift.some((tab) => isHere(tab) && tab.canSpeak) };
  }

  tick() {
    this.feed.tick();
    const ringer = this.ringer();
    const speaker = this.speaker();
    const holder = [...this.tabs].find((tab) => tab.holdsSince);
    for (const tab of this.tabs) {
      if (Date.now() - tab.seenAt > GONE_AFTER_MS) this.tabs.delete(tab);
      tab.post({
        type: "tick",
        lostFor: this.feed.lostFor,
        isSignedOut: this.feed.isSignedOut,
        offset_s: this.offset_s,
        onShift: this.onShift,
        rings: tab === ringer,
        canRing: ringer !== undefined,
        speaks: tab === speaker,
        isHeldElsewhere: holder !== undefined && holder !== tab,
        mustYield: tab === holder && speaker !== tab && speaker?.takenAt > tab.holdsSince,
        isShift: [...this.tabs].some((other) => other.onShift),
        tabs: this.tabs.size,
      });
    }
  }

  tell(message) {
    for (const tab of this.tabs) tab.post(message);
  }
}
