"""Speaking from the page, with real sound at both ends: what is said at one is found at the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.core.records import EntryKind
from tests.browser.room import OPERATOR_HZ, ROOM_HZ, Room
from tests.browser.seat import Seat
from tests.browser.telephone import PHONE, on_shift, plays, speaks
from tests.console_centre import Centre, running
from tests.waiting import until


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def centre(tmp_path: Path, room: Room) -> Iterator[Centre]:
    with running(tmp_path / "centre", voice=room) as centre:
        for name in ("mara", "juris"):
            centre.add_operator(name, "administrator")
        yield centre


@pytest.fixture
def mara(talkative: Browser, centre: Centre) -> Iterator[Seat]:
    with Seat(talkative.new_context(), centre, "mara") as seat:
        yield seat


@pytest.fixture
def juris(talkative: Browser, centre: Centre) -> Iterator[Seat]:
    with Seat(talkative.new_context(), centre, "juris") as seat:
        yield seat


def test_one_key_takes_the_alarm_and_both_hear_each_other(centre: Centre, home: str, room: Room, mara: Seat) -> None:
    page = on_shift(centre, mara)
    raised = centre.press(home)
    leg = room.call(home)
    expect(page.locator("#alarm-bar .accept")).to_contain_text("Answer")
    page.keyboard.press("a")
    speaks(page)
    until(room.hears_the_operator, "the operator is heard in the room")
    until(lambda: plays(page, ROOM_HZ), "the room is heard in the page")
    assert not plays(page, OPERATOR_HZ)
    until(lambda: len(conversation(room)) == 2, "they are bridged")
    assert leg in conversation(room)
    expect(page.locator(".ladder li", has_text="Speaking")).to_have_class("done")
    kinds = [entry.kind for entry in centre.reader.timeline(raised.incident_id)]
    assert kinds.index(EntryKind.ACCEPTED) < kinds.index(EntryKind.SPEAKING)
    level = page.locator(".meter.theirs .level")
    until(lambda: float(level.evaluate("(one) => one.style.getPropertyValue('--level')") or 0) > 0.3, "it is shown")


def test_the_call_lives_on_from_page_to_page(centre: Centre, home: str, room: Room, mara: Seat) -> None:
    page = in_call(centre, home, room, mara)
    (peer,) = room.peers.values()
    for name in ("Homes", "Units", "Operators", "Calls"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page).to_have_title(f"{name} · Poga")
        expect(page.locator("#call-bar")).to_contain_text("You can speak")
    room.heard.clear()
    until(room.hears_the_operator, "the operator is still heard")
    until(lambda: plays(page, ROOM_HZ), "the room is still heard")
    assert list(room.peers.values()) == [peer]


def test_muted_nobody_hears_a_word(centre: Centre, home: str, room: Room, mara: Seat) -> None:
    page = in_call(centre, home, room, mara)
    page.keyboard.press("m")
    expect(page.locator("#call-bar .standing")).to_have_text("Muted: nobody hears you")
    until(room.is_silent, "nothing is heard of the operator")
    until(lambda: plays(page, ROOM_HZ), "the room is still heard")
    page.get_by_role("button", name="Mute").click()
    expect(page.locator("#call-bar .standing")).to_have_text("You can speak")
    until(room.hears_the_operator, "the operator is heard again")


def test_everything_about_a_call_is_one_key(centre: Centre, home: str, room: Room, mara: Seat) -> None:
    page = in_call(centre, home, room, mara)
    keys, bar = page.keyboard, page.locator("#call-bar")
    for key, name in (("l", "Listen"), ("s", "Speak"), ("d", "Both")):
        keys.press(key)
        expect(bar.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
    keys.press("+")
    expect(bar).to_contain_text("Room 7")
    keys.press("-")
    keys.press("-")
    expect(bar).to_contain_text("Room 5")
    keys.press("h")
    expect(bar.locator(".standing")).to_have_text("On hold: the client hears nobody")
    keys.press("h")
    expect(bar.locator(".standing")).to_have_text("You can speak")
    keys.press("e")
    expect(bar).to_be_hidden()
    until(lambda: not room.peers, "the microphone is let go")
    assert not page.evaluate(f"{PHONE}.then(({{ currentHeadset }}) => Boolean(currentHeadset()))")


def test_a_reloaded_page_is_in_its_call_again(centre: Centre, home: str, room: Room, mara: Seat) -> None:
    mara.bear("AudioContext was not allowed to start")
    page = in_call(centre, home, room, mara)
    first = set(room.peers)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    until(lambda: bool(room.peers.keys() - first), "it has joined again")
    speaks(page)
    room.heard.clear()
    until(room.hears_the_operator, "the operator is heard again")
    kept = centre.reader.open_incidents()
    assert [one.owner for one in kept] == ["mara"]


def test_one_tab_speaks_and_the_next_takes_over(centre: Centre, home: str, room: Room, mara: Seat) -> None:
    other = mara.open("/units")
    page = in_call(centre, home, room, mara)
    expect(other.locator("#call-bar")).to_contain_text("You speak in another tab")
    other.bring_to_front()
    other.get_by_role("button", name="Speak here").click()
    speaks(other)
    expect(page.locator("#call-bar")).to_contain_text("You speak in another tab")
    until(lambda: plays(other, ROOM_HZ), "the room is heard in the other tab")
    other.close()
    speaks(page)
    until(lambda: plays(page, ROOM_HZ), "the room is heard in the first tab again")
    room.heard.clear()
    until(room.hears_the_operator, "the operator is heard")
    assert len(room.peers) == 1


def test_a_call_is_handed_to_another_operator(centre: Centre, home: str, room: Room, mara: Seat, juris: Seat) -> None:
    theirs = on_shift(centre, juris)
    page = in_call(centre, home, room, mara)
    page.keyboard.press("x")
    page.get_by_role("button", name="juris").click()
    expect(theirs.locator("#alarm-bar")).to_contain_text("mara calls you")
    expect(theirs.get_by_role("button", name="Answer")).to_be_visible()
    theirs.keyboard.press("a")
    speaks(theirs)
    until(lambda: plays(theirs, ROOM_HZ), "the room is heard by juris")
    expect(page.locator("#call-bar")).to_be_hidden()
    until(lambda: [one.owner for one in centre.reader.open_incidents()] == ["juris"], "juris has it")


def test_somebody_else_is_called_into_the_call_and_dropped(centre: Centre, home: str, room: Room, mara: Seat) -> None:
    mara.bear("422")
    page = in_call(centre, home, room, mara)
    page.keyboard.press("i")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Anna Izdomāta")).to_be_visible()
    dialog.get_by_label("Another number").fill("the neighbour")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Write a phone number as it is dialled")
    dialog.get_by_label("Another number").fill("+371 2000 0099")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    party = page.locator(".parties li")
    expect(party).to_contain_text("+37120000099")
    party.get_by_role("button", name="Drop").click()
    expect(party).to_have_count(0)


def test_without_a_microphone_the_alarm_is_taken_all_the_same(
    browser: Browser, centre: Centre, home: str, room: Room
) -> None:
    with Seat(browser.new_context(), centre, "mara") as seat:
        page = seat.open("/")
        seat.start_shift(page)
        expect(page.locator("#bars")).to_contain_text("calls have to be taken by phone")
        centre.press(home)
        room.call(home)
        expect(page.locator("#alarm-bar .accept")).to_contain_text("Accept")
        page.keyboard.press("a")
        expect(page.locator(".chip.state")).to_have_text("You have it")
        bar = page.locator("#call-bar")
        expect(bar).to_contain_text("There is no microphone here.")
        bar.get_by_role("button", name="Take it by phone").click()
        page.get_by_label("Another number").fill("+371 2000 0077")
        page.keyboard.press("Enter")
        expect(page.locator(".parties")).to_contain_text("+37120000077")


def test_words_are_announced_with_their_reason(centre: Centre, home: str, room: Room, mara: Seat) -> None:
    page = in_call(centre, home, room, mara)
    page.keyboard.press("p")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("In your own words").fill("Lūdzu, aizveriet durvis.")
    dialog.get_by_role("button", name="Read it aloud").click()
    expect(dialog.get_by_label("Why")).to_be_focused()  # a reason is needed
    dialog.get_by_label("Why").fill("Smoke on the stairs.")
    dialog.get_by_role("button", name="Read it aloud").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".entry.announced")).to_contain_text("Lūdzu, aizveriet durvis.")
    expect(page.locator(".entry.announced_because")).to_contain_text("Smoke on the stairs.")


def in_call(centre: Centre, home: str, room: Room, seat: Seat) -> Page:
    """Be in a call with the room."""
    page = on_shift(centre, seat)
    centre.press(home)
    room.call(home)
    expect(page.locator("#alarm-bar .accept")).to_contain_text("Answer")
    page.keyboard.press("a")
    speaks(page)
    until(room.hears_the_operator, "the operator is heard in the room")
    return page


def conversation(room: Room) -> set[str]:
    return {part.leg for parts in room.bridges.values() for part in parts}


def test_of_two_clients_one_waits_and_is_taken_back(centre: Centre, home: str, room: Room, mara: Seat) -> None:
    page = in_call(centre, home, room, mara)
    first = conversation(room)
    other = centre.add_home(2, "Eino Keksitty", "Satukatu 2 B, Taruala")
    centre.press(other)
    room.call(other)
    expect(page.locator("#alarm-bar")).to_contain_text("Eino Keksitty")
    page.keyboard.press("a")
    bar = page.locator("#call-bar")
    expect(bar.locator(".what")).to_contain_text("Eino Keksitty")
    speaks(page)
    until(lambda: plays(page, ROOM_HZ), "the other room is heard")
    assert len(room.peers) == 2
    expect(bar.locator(".waiting")).to_contain_text("Anna Izdomāta")
    bar.get_by_role("button", name="Speak with Anna Izdomāta").click()
    expect(bar.locator(".what")).to_contain_text("Anna Izdomāta")
    speaks(page)
    until(lambda: first <= conversation(room), "they are bridged again")
    page.keyboard.press("e")
    expect(bar.locator(".what")).to_contain_text("Eino Keksitty")
    speaks(page)
    assert len(room.peers) == 1
