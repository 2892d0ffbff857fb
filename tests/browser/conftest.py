"""One Chromium for all tests of this folder; for each test a fresh centre and seats at it.

Playwright keeps an event loop in the thread that started it, so it ends with this folder and not with the session.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.chromium import everyday, launched, with_microphone
from tests.browser.room import microphone_file
from tests.browser.seat import Seat
from tests.console_centre import Centre, running
from tests.waiting import GENEROUS_S

Sit = Callable[..., Seat]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=GENEROUS_S * 1000)
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = launched(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def talkative(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose microphone says `OPERATOR_HZ`, and which gives it to whoever asks."""
    sound = microphone_file(tmp_path_factory.mktemp("microphone") / "operator.wav")
    browser = launched(playwright, *with_microphone(sound))
    yield browser
    browser.close()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """A centre with two operators."""
    with running(tmp_path / "centre") as centre:
        for name in ("mara", "juris"):
            centre.add_operator(name, "administrator")
        yield centre


@pytest.fixture
def home(centre: Centre) -> str:
    """The unit of a home in the centre's register."""
    return centre.add_home(1, "Anna Izdomāta", "Izdomu iela 1, dzīvoklis 1, Pasakas", key="Invented neighbour, door 0")


@pytest.fixture
def sit(browser: Browser, centre: Centre) -> Iterator[Sit]:
    """Take a seat: `sit("mara")` is signed in, `sit("")` is nobody; more is for Playwright's context."""
    with ExitStack() as seats:
        yield lambda name="mara", **more: seats.enter_context(Seat(browser.new_context(**more), centre, name))


@pytest.fixture
def everyday_seat(playwright: Playwright, centre: Centre, tmp_path: Path) -> Iterator[Seat]:
    """A seat at a browser that Playwright has left as it is."""
    with everyday(playwright, tmp_path / "profile") as context, Seat(context, centre, "mara") as seat:
        yield seat
