"""Two operators reach for one alarm: one has it, and the other sees at once who."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Sit
from tests.console_centre import Centre

PRESS_A = "() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', code: 'KeyA', bubbles: true }))"


@pytest.mark.parametrize("first", ["mara", "juris"])
def test_one_of_two_who_accept_at_the_same_moment_wins(centre: Centre, home: str, sit: Sit, first: str) -> None:
    pages: dict[str, Page] = {}
    for name in ("mara", "juris"):
        seat = sit(name)
        seat.bear("409")  # how the centre says that somebody was first
        pages[name] = seat.open("/")
    raised = centre.press(home)
    for page in pages.values():
        expect(page.locator("#alarm-bar")).to_be_visible()
    for name in sorted(pages, key=lambda name: name != first):
        pages[name].evaluate(PRESS_A)
    for page in pages.values():
        expect(page.locator("#alarm-bar")).to_be_hidden()
    kept = centre.reader.incident(raised.incident_id)
    assert kept is not None
    winner, loser = kept.owner, "juris" if kept.owner == "mara" else "mara"
    expect(pages[winner].locator(".chip.state")).to_have_text("You have it")
    expect(pages[loser].locator(".chip.state")).to_have_text(f"{winner} has it")
    expect(pages[loser].locator(".group.others .row")).to_contain_text(winner)
    accepted = [entry for entry in centre.reader.timeline(raised.incident_id) if entry.kind == "accepted"]
    assert [entry.actor for entry in accepted] == [winner]


def test_whoever_is_too_late_is_told_who_has_it(centre: Centre, home: str, sit: Sit) -> None:
    quick, slow = sit("mara").open("/"), sit("juris")
    slow.bear("409")
    late = slow.open("/")
    raised = centre.press(home)
    for page in (quick, late):
        expect(page.locator("#alarm-bar")).to_be_visible()
    held: list[Route] = []
    late.route("**/accept", lambda route: held.append(route))  # noqa: PLW0108 - Playwright takes no built-in
    with late.expect_request("**/accept"):
        late.keyboard.press("a")
    quick.keyboard.press("a")
    expect(quick.locator(".chip.state")).to_have_text("You have it")
    held[0].continue_()
    expect(late.locator(".message.bad")).to_contain_text("mara")
    expect(late.locator(".chip.state")).to_have_text("mara has it")
    late.keyboard.press("t")  # and only with a word of assent it can be taken over
    late.get_by_role("dialog").get_by_role("button", name="Take over").click()
    expect(late.locator(".chip.state")).to_have_text("You have it")
    expect(quick.locator(".chip.state")).to_have_text("juris has it")
    kept = centre.reader.incident(raised.incident_id)
    assert kept is not None
    assert kept.owner == "juris"


def test_what_one_writes_the_other_reads_at_once(centre: Centre, home: str, sit: Sit) -> None:
    mine, theirs = sit("mara").open("/"), sit("juris").open("/")
    centre.press(home)
    expect(mine.locator("#alarm-bar")).to_be_visible()
    mine.keyboard.press("a")
    expect(theirs.locator(".chip.state")).to_have_text("mara has it")
    for number, words in enumerate(("She has fallen.", "The neighbour is with her.", "She is up again."), start=1):
        mine.get_by_label("Note").fill(words)
        mine.keyboard.press("Control+Enter")
        for page in (mine, theirs):
            expect(page.locator(".entry.note")).to_have_count(number)
            expect(page.locator(".entry.note").first).to_contain_text(words)
        expect(mine.get_by_label("Note")).to_have_value("")
