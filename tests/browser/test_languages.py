"""The console in its six languages: every page says what it says in the operator's, and has no word of its own.

Which texts are translated is tested with the catalogues; here it is looked at what stands on the pages.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from playwright.sync_api import Page, expect

from hub.console import languages, templating
from hub.console.languages import Language, catalogue
from hub.core.records import Operator
from tests.browser.conftest import Sit
from tests.browser.evening import ANNOUNCED, NEIGHBOUR, NOTE, Evening, fill
from tests.centre_voice import FakeVoice
from tests.console_centre import PASSWORD_HASH, Centre, running

WRITTEN = (
    NOTE,
    "Asked for the time.",
    "line 1 column 1",
    "kitchen",
    "bathroom",
    "bedroom",
    "hall",
    "line",
    "mobile",
    "unit-nobody-knows",
    ANNOUNCED,
    NEIGHBOUR,
    "Evenings",
    "Last of all",
    "Fire test",
)
OPEN, CLOSE = "⟦", "⟧"
PAGES = (
    *("/", "/incidents/{mine}", "/incidents/{stranger}", "/homes/{unit_id}", "/homes", "/new-home", "/units"),
    *("/history", "/unreadable", "/operators", "/profile", "/calls", "/announcements", "/incidents/{closed}"),
)
WORDS_SHOWN = """() => {
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const place = walker.currentNode.parentElement;
    if (place.closest("script, style, noscript, time, kbd, .code, .phone, [lang]:not(html)")) continue;
    found.push(walker.currentNode.textContent.trim());
  }
  for (const name of ["title", "placeholder", "aria-label", "alt"]) {
    for (const one of document.querySelectorAll(`[${name}]:not(time)`)) found.push(one.getAttribute(name).trim());
  }
  return found.filter(Boolean);
}"""
"""What can be read or is read aloud; moments, keys and codes are the same in every language."""


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """A centre that has a voice: every page has a call at its foot."""
    with running(tmp_path / "centre", voice=FakeVoice()) as centre:
        yield centre


@pytest.fixture
def evening(centre: Centre) -> Evening:
    return fill(centre)


@pytest.mark.parametrize("language", Language)
def test_every_page_speaks_the_operators_language(
    centre: Centre, evening: Evening, sit: Sit, language: Language
) -> None:
    centre.keep(Operator("mara", PASSWORD_HASH, "administrator", language))
    translated = catalogue(language).gettext
    foreign = texts() - {translated(text) for text in texts()} - set(languages.NAMES.values())
    page = sit().context.new_page()
    for path in PAGES:
        for words in shown(page, centre.url + path.format(**places(evening))):
            assert words not in foreign, f"{path} says {words!r}"
            assert "%(" not in words, f"{path} has left {words!r} open"
        expect(page.locator("html")).to_have_attribute("lang", language)


def test_no_page_has_a_word_of_its_own(
    centre: Centre, evening: Evening, sit: Sit, every_text_in_brackets: Language
) -> None:
    """With every text of the catalogue in brackets, whatever stands outside of them cannot be translated."""
    centre.keep(Operator("mara", PASSWORD_HASH, "administrator", every_text_in_brackets))
    page = sit().context.new_page()
    bare: dict[str, list[str]] = {}
    for path in PAGES:
        found = shown(page, centre.url + path.format(**places(evening)))
        assert any(OPEN in words for words in found)
        bare[path] = [words for words in found if re.search(r"[^\W\d_]{2}", without(words, known(centre)))]
    assert not any(bare.values()), bare


@pytest.fixture
def every_text_in_brackets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Language]:
    odd = Catalog(locale=str(Language.ET))
    for message in template():
        if isinstance(message.id, tuple):
            odd.add(message.id, tuple(f"{OPEN}{text}{CLOSE}" for text in message.id))
        elif message.id:
            odd.add(message.id, f"{OPEN}{message.id}{CLOSE}")
    folder = tmp_path / Language.ET / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, odd)
    monkeypatch.setattr(languages, "LOCALES", tmp_path)
    forget_catalogues()
    yield Language.ET
    monkeypatch.undo()
    forget_catalogues()


def forget_catalogues() -> None:
    for cached in (catalogue, templating._language_data, templating._words, templating._environment):
        cached.cache_clear()


def shown(page: Page, url: str) -> list[str]:
    """Go there; return what can be read once the page lives."""
    page.goto(url)
    expect(page.locator("#contact")).to_have_attribute("data-state", "live")
    expect(page.locator("main")).not_to_be_empty()
    found: list[str] = page.evaluate(WORDS_SHOWN)
    return found


def without(words: str, known: list[str]) -> str:
    """Return what is left without the texts in brackets and what people have written down."""
    for one in known:
        words = words.replace(one, "")
    inner = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
    while inner.search(words):
        words = inner.sub("", words)
    return words


def known(centre: Centre) -> list[str]:
    """Return everything on the pages that people have written down, or that is a name; the longest first."""
    found = {"Poga", "mara", "juris", *languages.NAMES.values(), *WRITTEN}
    for home in centre.reader.homes("", 100):
        records = (home.unit, home.premises, *home.clients)
        found.update(value for one in records for value in values_of(one) if value)
    return sorted(found, key=len, reverse=True)


def values_of(record: object) -> list[str]:
    return [value for slot in record.__slots__ if isinstance(value := getattr(record, slot), str)]  # type: ignore[attr-defined]


def places(evening: Evening) -> dict[str, object]:
    return {slot: getattr(evening, slot) for slot in Evening.__slots__}


def template() -> Catalog:
    with (languages.LOCALES / "messages.pot").open("rb") as file:
        return read_po(file)


def texts() -> set[str]:
    found: set[str] = set()
    for message in template():
        found.update(message.id if isinstance(message.id, tuple) else (str(message.id),))
    return found - {""}
