"""A recording is heard in the page of its incident, wound on and back, and each listening is noted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from hub.core.call_records import Recording
from tests.browser.conftest import Sit
from tests.browser.evening import Evening, fill
from tests.centre_voice import FakeRecordings, FakeVoice
from tests.console_centre import Centre, running
from tests.waiting import until

LENGTH_S = 20.0


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    recordings = FakeRecordings()
    recordings.add("recording-1", LENGTH_S)
    with running(tmp_path / "centre", voice=FakeVoice(), recordings=recordings) as centre:
        yield centre


@pytest.fixture
def evening(centre: Centre) -> Evening:
    return fill(centre)


def test_it_is_listened_to_and_that_is_noted(centre: Centre, evening: Evening, sit: Sit) -> None:
    page = sit().open(f"/incidents/{evening.closed}")
    card = page.get_by_role("region", name="Calls")
    expect(card).to_contain_text("Heard by: mara")
    before = len(centre.reader.listenings("recording-1"))
    card.get_by_role("button", name="Listen").click()
    player = card.locator("audio")
    until(lambda: player.evaluate("(one) => one.readyState") >= 2, "the sound has come")
    assert player.evaluate("(one) => one.duration") == LENGTH_S
    player.evaluate("(one) => { one.currentTime = 15; }")
    until(lambda: player.evaluate("(one) => !one.seeking && one.currentTime >= 15"), "it is wound on")
    player.evaluate("(one) => { one.currentTime = 2; }")
    until(lambda: player.evaluate("(one) => !one.seeking && one.currentTime < 15"), "it is wound back")
    assert len(centre.reader.listenings("recording-1")) == before + 1


def test_who_never_had_the_incident_is_not_offered_to_listen(centre: Centre, evening: Evening, sit: Sit) -> None:
    page = sit("juris").open(f"/incidents/{evening.closed}")
    card = page.get_by_role("region", name="Calls")
    expect(card).to_contain_text("Recording")
    expect(card.get_by_role("button", name="Listen")).to_have_count(0)


def test_what_is_deleted_says_so(centre: Centre, evening: Evening, sit: Sit) -> None:
    centre.keep(Recording("recording-1", evening.closed, 1.0, 2.0, file="", seconds=LENGTH_S, deleted_s=3.0))
    until(lambda: centre.reader.recordings(evening.closed)[0].deleted_s is not None, "it is deleted")
    card = sit().open(f"/incidents/{evening.closed}").get_by_role("region", name="Calls")
    expect(card).to_contain_text("deleted after its time")
    expect(card.get_by_role("button", name="Listen")).to_have_count(0)
