// Times as people here write them, by the centre's clock: a wrong clock in the browser changes nothing.

import { _, fill, ngettext } from "./text.js";
import { h } from "./dom.js";

const locale = document.documentElement.lang;
const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const short = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" });

let offset_s = 0;

export function setOffset(value) {
  offset_s = value;
}

export function now() {
  return Date.now() / 1000 + offset_s;
}

// `22:41:03`, with the day where it was not today.
export function absolute(unix_s, style = time) {
  const date = new Date(unix_s * 1000);
  const today = new Date(now() * 1000);
  const isToday = date.toDateString() === today.toDateString();
  return isToday ? style.format(date) : `${day.format(date)} ${style.format(date)}`;
}

// `0:42`, `12:05`, `3:07:40`: for what somebody waits for now.
export function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const rest = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${rest.join(":")}` : `${Number(rest[0])}:${rest[1]}`;
}

// `3 minutes`: for what is only looked at.
export function span(seconds) {
  const minutes = Math.round(seconds / 60);
  const hours = Math.round(seconds / 3600);
  const days = Math.round(seconds / 86400);
  if (seconds < 90) return fill(ngettext("%(n)s second", "%(n)s seconds", Math.round(seconds)), { n: Math.round(seconds) });
  if (minutes < 90) return fill(ngettext("%(n)s minute", "%(n)s minutes", minutes), { n: minutes });
  if (hours < 48) return fill(ngettext("%(n)s hour", "%(n)s hours", hours), { n: hours });
  return fill(ngettext("%(n)s day", "%(n)s days", days), { n: days });
}

export function ago(unix_s) {
  const seconds = now() - unix_s;
  return seconds < 1 ? _("just now") : fill(_("%(span)s ago"), { span: span(seconds) });
}

// An element that keeps itself true: `style` is `clock`, `ago`, `both` or `watch` (a running stopwatch).
export function moment(unix_s, style = "clock") {
  if (unix_s === null || unix_s === undefined) return document.createTextNode("–");
  const element = h("time", { data: { s: unix_s, style } });
  write(element);
  return element;
}

export function refreshTimes(root = document) {
  for (const element of root.querySelectorAll("time[data-s]")) write(element);
}

function write(element) {
  const unix_s = Number(element.dataset.s);
  const text = WRITTEN[element.dataset.style ?? "both"](unix_s);
  if (element.textContent !== text) element.textContent = text;
  if (!element.dateTime || !element.title) {
    const date = new Date(unix_s * 1000);
    element.dateTime = date.toISOString();
    element.title = full.format(date);
  }
}

const WRITTEN = {
  clock: (unix_s) => absolute(unix_s),
  ago,
  both: (unix_s) => `${absolute(unix_s, short)} · ${ago(unix_s)}`,
  watch: (unix_s) => stopwatch(now() - unix_s),
};
