"""An operator's seat: one browser with its tabs, and everything that its pages complained of or asked others for."""

import re
from types import TracebackType
from typing import Self

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect

from tests.console_centre import Centre
from tests.waiting import GENEROUS_S

COOKIE = "poga"


class Seat:
    """Use as a context manager: at its end nothing may have been complained of."""

    def __init__(self, context: BrowserContext, centre: Centre, name: str = "") -> None:
        """Sit down; `name` is signed in, nobody is where it is empty."""
        self.context = context
        self.name = name
        self.complaints: list[str] = []
        self.strayed: list[str] = []
        self._centre = centre
        self._borne: list[str] = []
        context.set_default_timeout(GENEROUS_S * 1000)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._asked)
        if name:
            context.add_cookies([{"name": COOKIE, "value": centre.session_of(name), "url": centre.url}])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.context.close()
        if kind is None:
            assert not self.complaints, f"a page complained: {self.complaints}"
            assert not self.strayed, f"a page asked somebody else: {self.strayed}"

    @property
    def url(self) -> str:
        """Return where the console is."""
        return self._centre.url

    def bear(self, complaint: str) -> None:
        """Expect complaints that match: the test makes trouble."""
        self._borne.append(complaint)

    def open(self, path: str = "/") -> Page:
        """Open a page of the console in a new tab."""
        return self.go(self.context.new_page(), path)

    def go(self, page: Page, path: str) -> Page:
        """Go there, and wait until the page lives."""
        page.goto(self.url + path)
        if self.name:
            expect(page.locator("#contact")).to_have_attribute("data-state", "live")
        return page

    def start_shift(self, page: Page) -> None:
        """Start the shift in a tab, and wait until the centre knows."""
        page.get_by_role("button", name="Start shift").click()
        expect(page.locator("#contact-text")).to_contain_text(self.name)

    def _said(self, message: ConsoleMessage) -> None:
        if not any(re.search(borne, message.text) for borne in self._borne):
            self.complaints.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(f"{self.url}/"):
            self.strayed.append(request.url)
