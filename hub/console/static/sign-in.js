// A link from elsewhere brings no cookie along: whoever is signed in after all goes on to where the link leads.

const door = document.getElementById("door");

if (door && !door.dataset.failed) {
  const answer = await fetch("/api/me", { cache: "no-store" }).catch(() => null);
  if (answer?.ok && !document.referrer.startsWith(location.origin)) location.replace(door.dataset.next);
}
(document.querySelector("[data-focus]") ?? document.querySelector("input:not([type=hidden])"))?.focus();
