"""The console without a mouse: from signing in to the closed alarm, and out of every corner again."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Sit
from tests.console_centre import PASSWORD, Centre
from tests.waiting import until

PAGES = ("/", "/homes", "/units", "/history", "/unreadable", "/operators", "/profile", "/new-home")
MOST_STOPS = 150

NAMED = """
const named = (one) => {
  const all = [...document.querySelectorAll(one.tagName)];
  return `${one.tagName.toLowerCase()} ${all.indexOf(one)} ${one.id || one.textContent.trim().slice(0, 30)}`;
};
"""
EVERY_STOP = f"""() => {{
  {NAMED}
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
  return [...all].filter((one) => one.type !== "hidden" && one.checkVisibility()).map(named);
}}"""
STOP = f"""() => {{
  {NAMED}
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const {{ outlineStyle, outlineWidth }} = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const [x, y] = [box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 12)];
  const shown = document.elementFromPoint(x, y);
  return {{
    name: named(one),
    isMarked: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    isInView: shown !== null && (one.contains(shown) || shown.contains(one)),
  }};
}}"""


def test_an_alarm_is_accepted_noted_and_closed_by_keys_alone(centre: Centre, home: str, sit: Sit) -> None:
    seat = sit("")
    seat.bear("401")  # the sign-in page asks whether somebody is signed in after all
    page = seat.open("/")
    keys = page.keyboard
    expect(page.get_by_label("Name")).to_be_focused()
    keys.type("mara")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_text("Nothing is open.")).to_be_visible()
    tab_to(page, "Start shift")
    keys.press("Enter")
    expect(page.locator("#contact-text")).to_have_text("On shift: mara")

    raised = centre.press(home)
    expect(page.locator("#alarm-bar")).to_contain_text("Anna Izdomāta")
    keys.press("a")
    expect(page.locator(".chip.state")).to_have_text("You have it")
    keys.press("n")
    expect(page.get_by_label("Note")).to_be_focused()
    keys.type("She has fallen, a neighbour is on the way.")
    keys.press("Control+Enter")
    expect(page.locator(".entry.note")).to_contain_text("a neighbour is on the way")
    keys.press("Escape")
    keys.press("c")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    keys.press("Space")
    keys.press("Tab")
    keys.type("Up again, unhurt.")
    keys.press("Tab")
    keys.press("Enter")
    expect(dialog).to_have_count(0)
    until(lambda: closed(centre, raised.incident_id), "the incident is closed")
    kept = centre.reader.incident(raised.incident_id)
    assert kept is not None
    assert (kept.owner, kept.outcome) == ("mara", "helped")


def closed(centre: Centre, incident_id: int) -> bool:
    kept = centre.reader.incident(incident_id)
    return kept is not None and kept.state == "closed"


def test_what_is_typed_while_a_note_is_saved_stays(centre: Centre, home: str, sit: Sit) -> None:
    page = sit().open("/")
    centre.press(home)
    expect(page.locator("#alarm-bar")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator(".chip.state")).to_have_text("You have it")
    held: list[Route] = []
    page.route("**/note", lambda route: held.append(route), times=1)  # noqa: PLW0108 - it takes no built-in
    note = page.get_by_label("Note")
    note.fill("Help is on the way.")
    with page.expect_request("**/note"):
        page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")  # once more: it is one note all the same
    note.fill("She answers the door.")
    with page.expect_response("**/note"):
        held[0].continue_()
    expect(page.locator(".entry.note")).to_contain_text("Help is on the way.")
    expect(note).to_have_value("She answers the door.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".entry.note")).to_have_count(2)
    expect(note).to_have_value("")


def test_a_dialog_is_left_with_escape_and_gives_the_focus_back(centre: Centre, home: str, sit: Sit) -> None:
    page = sit().open("/")
    centre.press(home)
    expect(page.locator("#alarm-bar")).to_be_visible()
    page.keyboard.press("a")
    close = page.get_by_role("button", name="Close", exact=True)
    close.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(close).to_be_focused()


def test_letters_that_are_typed_are_not_keys(centre: Centre, home: str, sit: Sit) -> None:
    page = sit().open("/homes")
    raised = centre.press(home)
    expect(page.locator("#alarm-bar")).to_be_visible()
    page.get_by_label("Search").focus()
    page.keyboard.type("anna")
    kept = centre.reader.incident(raised.incident_id)
    assert kept is not None
    assert kept.state == "raised"


def test_the_way_past_the_head_is_one_key(sit: Sit) -> None:
    page = sit().open("/homes")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("path", PAGES)
def test_no_focus_is_trapped_or_unseen(centre: Centre, home: str, sit: Sit, path: str) -> None:
    centre.press(home)
    page = sit().open(path)
    expect(page.locator("#alarm-bar")).to_be_visible()
    if path == "/":
        expect(page.locator("#chosen h2")).to_be_visible()
    every = set(page.evaluate(EVERY_STOP))
    assert walk(page, "Tab") == every
    assert walk(page, "Shift+Tab") == every


def tab_to(page: Page, name: str) -> None:
    """Tab on until a button with this name has the focus."""
    button = page.get_by_role("button", name=name)
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if button.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError(f"no way by Tab to {name}")


def walk(page: Page, key: str) -> set[str]:
    """Press a key until the focus comes round; return where it was. Whoever looks must see it at every stop."""
    stops: set[str] = set()
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        stop = page.evaluate(STOP)
        if stop is None or stop["name"] in stops:
            return stops
        assert stop["isMarked"], f"nobody sees that the focus is on {stop['name']}"
        assert stop["isInView"], f"the focus is out of sight, on {stop['name']}"
        stops.add(stop["name"])
    raise AssertionError(f"the focus never comes round: {stops}")
