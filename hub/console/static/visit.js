// From page to page without leaving: the call, the sound and the shift live on, and a centre out of reach shows no
// browser's error in place of what is still known.
//
// A page is fetched as it always is, and its `main` takes the place of the old one. Whatever is not the same console
// (another language, a newer version, nobody signed in) is loaded whole.

import { refreshTimes } from "./clock.js";
import { announce, say } from "./say.js";
import { _, page } from "./text.js";

const WHOLE = ["/sign-in", "/sign-out", "/first", "/api/", "/static/"];

let enter = () => {};
let wanted = 0;
let shown = place(location);

// `start` is called with every page that is entered: its name, and a signal that says when it is left.
export function startVisits(start) {
  let leaving = new AbortController();
  enter = () => {
    leaving.abort();
    leaving = new AbortController();
    refreshTimes();
    start(document.body.dataset.page, leaving.signal);
    document.querySelector("[data-focus]")?.focus();
  };
  enter();
  addEventListener("click", followed);
  addEventListener("submit", sent);
  addEventListener("popstate", () => place(location) !== shown && visit(location.href, { isBack: true }));
}

export async function visit(address, { isBack = false, ...request } = {}) {
  const turn = ++wanted;
  const main = document.getElementById("main");
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { cache: "no-store", ...request });
    const other = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== wanted) return;
    if (isOfThisConsole(answer, other)) take(other, answer, { isBack, isSent: Boolean(request.method) });
    else location.assign(answer.url);
  } catch {
    if (turn === wanted) say(_("No contact with the centre: this page cannot be shown now. Try again."), "bad");
  } finally {
    if (turn === wanted) main.removeAttribute("aria-busy");
  }
}

function isOfThisConsole(answer, other) {
  const data = other.getElementById("page-data");
  const style = (root) => root.querySelector("link[rel=stylesheet]")?.getAttribute("href");
  return (
    data !== null &&
    JSON.parse(data.textContent).session === page.session &&
    other.documentElement.lang === document.documentElement.lang &&
    style(other) === style(document) &&
    !isWhole(new URL(answer.url))
  );
}

function take(other, answer, { isBack, isSent }) {
  // What a form answers without leading on has no address of its own.
  if (!isBack && (!isSent || answer.redirected)) history.pushState(null, "", answer.url);
  shown = place(location);
  document.getElementById("main").replaceChildren(...other.getElementById("main").childNodes);
  document.body.dataset.page = other.body.dataset.page;
  document.title = page.title = other.title;
  for (const link of document.querySelectorAll(".top nav a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  scrollTo(0, 0);
  document.getElementById("main").focus({ preventScroll: true });
  announce(other.title);
  enter();
}

function followed(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const isElsewhere = link.target || link.hasAttribute("download") || link.origin !== location.origin || isWhole(link);
  if (isElsewhere || (link.hash && place(link) === place(location))) return;
  event.preventDefault();
  visit(link.href);
}

function sent(event) {
  const form = event.target;
  const address = new URL(form.action);
  if (event.defaultPrevented || form.method === "dialog" || address.origin !== location.origin || isWhole(address)) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  if (form.method === "post") {
    visit(address, { method: "POST", body: fields });
  } else {
    address.search = fields.toString();
    visit(address);
  }
}

function isWhole({ pathname }) {
  return WHOLE.some((beginning) => pathname.startsWith(beginning));
}

function place({ pathname, search }) {
  return pathname + search;
}
