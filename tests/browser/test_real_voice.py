"""From a unit's SIP call through the centre's own voice to an operator's browser, and back: nothing of it is played."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from device.voice import messages as vm
from hub.adapters.voice.adapter import Voice
from hub.core.records import EntryKind
from tests.browser.room import OPERATOR_HZ, ROOM_HZ
from tests.browser.seat import Seat
from tests.browser.telephone import on_shift, plays, speaks
from tests.console_centre import Centre, running
from tests.device.voice.party import Mouth, Party, needs_pjsua2, parties
from tests.hub.adapters.voice.spoken_centre import settings
from tests.waiting import until

pytestmark = needs_pjsua2


@pytest.fixture
def voice(tmp_path: Path) -> Voice:
    return Voice(settings(tmp_path / "voice"))


@pytest.fixture
def centre(tmp_path: Path, voice: Voice) -> Iterator[Centre]:
    with running(tmp_path / "centre", voice=voice, recordings=voice.recordings) as centre:
        centre.add_operator("mara", "administrator")
        until(lambda: voice.is_ready, "the centre can speak")
        yield centre


@pytest.fixture
def unit(home: str) -> Iterator[Party]:
    with parties(Party(home)) as (unit,):
        yield unit


@pytest.fixture
def room(unit: Party, tmp_path: Path) -> Mouth:
    """The unit's room; it is linked to the unit's calls as soon as there are any."""
    room = unit.open_mouth("there", tmp_path / "room", int(ROOM_HZ))
    unit.link(*[pair for call in range(3) for pair in (("there", f"call-{call}"), (f"call-{call}", "there"))])
    return room


def test_a_press_is_heard_in_the_page_and_the_page_in_the_room(
    talkative: Browser, centre: Centre, home: str, voice: Voice, unit: Party, room: Mouth
) -> None:
    with ExitStack() as stack:
        seat = stack.enter_context(Seat(talkative.new_context(), centre, "mara"))
        page = on_shift(centre, seat)
        raised = centre.press(home)
        unit.tell(vm.PlaceCall(leg="call-0", uri=f"sip:alarm@{voice.addresses[0]}"))
        unit.wait(vm.LegHeard, leg="call-0")
        expect(page.locator("#alarm-bar .accept")).to_contain_text("Answer")
        page.keyboard.press("a")
        speaks(page)
        until(lambda: plays(page, ROOM_HZ), "the room is heard in the page")
        room.hears(int(OPERATOR_HZ))
        page.get_by_role("link", name="Homes", exact=True).click()
        room.forget()
        room.hears(int(OPERATOR_HZ))
        page.keyboard.press("e")
        unit.wait(vm.LegEnded, leg="call-0")
        expect(page.locator("#call-bar")).to_be_hidden()
        kinds = [entry.kind for entry in centre.reader.timeline(raised.incident_id)]
        assert EntryKind.SPEAKING in kinds
        assert EntryKind.CALL_ENDED in kinds
