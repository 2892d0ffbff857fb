"""A virtual home that stands beside a scripted centre, and pages on it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from device.prompts.words import Language
from device.wire.messages import ResetAlarm
from tests.mosquitto import RealMosquitto
from tests.played_home import UNIT, Played
from tests.scripted_centre import ScriptedCentre
from tests.waiting import GENEROUS_S, Heard, until

Scheme = Literal["light", "dark"]


class House:
    """A virtual home with a scripted centre, and a page on it."""

    def __init__(self, browser: Browser, home: Played, centre: ScriptedCentre) -> None:
        self.home = home
        self.centre = centre
        self.complaints: list[str] = []
        self._browser = browser

    def visit(self, scheme: Scheme = "light", script: str = "") -> Page:
        """Open a page; `script` runs in it before its own."""
        page = self._browser.new_context(color_scheme=scheme, viewport={"width": 1180, "height": 1060}).new_page()
        if script:
            page.add_init_script(script)
        page.set_default_timeout(GENEROUS_S * 1000)
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.home.ready["url"])
        return page

    def leave(self) -> None:
        """Leave no page open."""
        for context in self._browser.contexts:
            context.close()

    def tidy(self) -> None:
        """Leave no page open, nothing pressed or broken, and no alarm."""
        self.leave()
        for trigger in self.home.state["down"]:
            self.home.act("press", trigger=trigger, down=False)
        self.home.act("network", up=True)
        self.home.act("mains", on=True)
        self.home.act("battery", percent=100)
        for message in self.centre.messages.all:
            if message.body.kind == "alarm_raised":
                self.centre.order(ResetAlarm(alarm=message.key))
        self.home.until_light("steady")
        self.centre.messages = Heard()
        self.complaints.clear()

    def until_down(self, *what: str) -> None:
        until(lambda: self.home.state["down"] == list(what), f"{what} is held")


@contextmanager
def built(
    browser: Browser, folder: Path, language: Language = Language.EN, calls: tuple[str, ...] = ()
) -> Iterator[House]:
    whom = [option for uri in calls for option in ("--call", uri)]
    with (
        RealMosquitto(folder) as broker,
        ScriptedCentre(broker.port, UNIT) as centre,
        closing(Played(folder, broker.port, "--language", language, *whom)) as home,
    ):
        home.until_light("steady")
        yield House(browser, home, centre)


def no_violations(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
