"""The operator's console in a real Chromium: when an alarm is painted there."""

import contextlib
import shutil
import time
from collections.abc import Iterator

from playwright.sync_api import Error, Page, sync_playwright

PATIENCE_MS = 30_000
_WATCH = """
() => {
    window.painted = {};
    const look = () => {
        for (const row of document.querySelectorAll("#lists li[data-id]")) {
            const id = row.dataset.id;
            if (id in window.painted) continue;
            window.painted[id] = null;
            // The first frame draws it; when the second begins, the first has been painted.
            requestAnimationFrame(() => requestAnimationFrame(() => { window.painted[id] = Date.now(); }));
        }
    };
    new MutationObserver(look).observe(document.getElementById("lists"), {childList: true, subtree: true});
    look();
}
"""


class NoBrowserError(Exception):
    """There is no Chromium; the text says why."""


class Screen:
    """One operator's open queue."""

    def __init__(self, page: Page) -> None:
        """Watch the queue from now on."""
        self._page = page
        page.evaluate(_WATCH)

    def painted_s(self) -> dict[int, float]:
        """Return when each incident was painted (monotonic seconds, to the millisecond)."""
        wall_ahead_s = time.time() - time.monotonic()
        painted = self._page.evaluate("() => window.painted")
        return {int(number): at_ms / 1000 - wall_ahead_s for number, at_ms in painted.items() if at_ms is not None}


@contextlib.contextmanager
def screen(url: str, name: str, password: str) -> Iterator[Screen]:
    """Open a browser, sign in, start the shift. Raises NoBrowserError."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise NoBrowserError("there is no chromium on this machine")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        except Error as error:
            raise NoBrowserError(f"Chromium does not start: {error.message.splitlines()[0]}") from error
        try:
            page = browser.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.goto(f"{url}/sign-in")
            page.fill("[name=name]", name)
            page.fill("[name=password]", password)
            page.click("form .main-button")
            page.click("#shift")
            page.wait_for_selector("#contact[data-state=live]")
            yield Screen(page)
        finally:
            browser.close()
