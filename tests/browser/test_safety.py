"""What people write stays text, nothing of a page runs but its own scripts, and nothing is asked of anybody else.

That no page complains and none asks another origin is held by every seat of every test here.
"""

from playwright.sync_api import Page, expect

from hub.core import events as ev
from tests.browser.conftest import Sit
from tests.browser.evening import act
from tests.console_centre import Centre

EVIL = "<img src=x onerror='window.pwned=1'><script>window.pwned=1</script>\"'`&lt;b&gt;{{7*7}}"
PAGES = ("/", "/incidents/{incident}", "/homes", "/homes/{unit}", "/units", "/history", "/unreadable", "/operators")


def test_what_people_write_is_text_on_every_page(centre: Centre, sit: Sit) -> None:
    unit = centre.add_home(1, f"N {EVIL}", f"A {EVIL}", key=f"K {EVIL}", notes=f"P {EVIL}", stands=f"S {EVIL}"[:60])
    centre.garble("unit-002", EVIL.encode())
    centre.add_operator("<b>x</b>", "administrator")
    trigger = EVIL[:60]
    incident = centre.press(unit, trigger).incident_id
    act(centre, incident, ev.Act.ACCEPT, by="mara")
    act(centre, incident, ev.Act.NOTE, text=f"T {EVIL}", by="mara")
    page = sit("<b>x</b>").open("/")
    opened: list[str] = []
    page.on("dialog", lambda dialog: opened.append(dialog.message))
    for path in PAGES:
        page.goto(centre.url + path.format(incident=incident, unit=unit))
        expect(page.locator("#contact")).to_have_attribute("data-state", "live")
        is_harmless(page)
    page.goto(f"{centre.url}/incidents/{incident}")
    for words in (f"N {EVIL}", f"A {EVIL}", f"K {EVIL}", f"P {EVIL}", f"T {EVIL}", f"Alarm: {trigger}"):
        expect(page.get_by_text(words, exact=True).first).to_be_visible()
    assert opened == []


def is_harmless(page: Page) -> None:
    assert page.evaluate("window.pwned") is None
    assert page.locator("main img, main script, main b").count() == 0


def test_a_note_is_shown_as_it_was_typed(centre: Centre, home: str, sit: Sit) -> None:
    page = sit().open("/")
    centre.press(home)
    expect(page.locator("#alarm-bar")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("n")
    page.keyboard.type(EVIL)
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator(".entry.note .written")).to_have_text(EVIL)
    is_harmless(page)


def test_nothing_that_was_smuggled_in_may_run(centre: Centre, sit: Sit) -> None:
    seat = sit()
    seat.bear("Content Security Policy|ERR_NAME_NOT_RESOLVED|ERR_BLOCKED_BY_CSP")
    page = seat.open("/homes")
    refused: list[str | None] = []
    page.on("requestfailed", lambda request: refused.append(request.failure))
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.pwned = 1";
          const stranger = document.createElement("script");
          stranger.src = "https://elsewhere.invalid/x.js";
          const box = document.createElement("div");
          box.innerHTML = "<a onclick='window.pwned = 1'>x</a><p style='color: red'>y</p>";
          document.body.append(script, stranger, box);
          box.firstChild.click();
        }"""
    )
    assert page.evaluate("window.pwned") is None
    assert page.locator("p[style]").evaluate("(one) => getComputedStyle(one).color") != "rgb(255, 0, 0)"
    assert page.evaluate("fetch('https://elsewhere.invalid/').then(() => 'let out', () => 'kept in')") == "kept in"
    assert refused == ["csp"] * len(seat.strayed)
    seat.strayed.clear()
