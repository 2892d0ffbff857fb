"""Every word an operator can meet is there, in every language of the console."""

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from device.wire import messages as wire
from device.wire.codec import WireProblem
from device.wire.vocabulary import ClockQuality, FaultCode, SpeechMode
from hub.console import wording
from hub.console.languages import LOCALES, NAMES, Language, catalogue
from hub.console.operators import ROLE_WORDS, Role
from hub.console.templating import script_texts
from hub.core.call_records import AfterCycle, CallOrder
from hub.core.effects import Problem
from hub.core.reading import EVENTS_LOST
from hub.core.records import EntryKind, IncidentKind, IncidentState, OrderState, Outcome, Priority
from tests.console_centre import Centre
from tests.console_client import Client
from tests.hub.console.conftest import SignIn
from tests.waiting import until

ROOT = Path(__file__).parents[3]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TRANSLATED = tuple(language for language in Language if language is not Language.EN)
PAGES = (
    "/",
    "/homes",
    "/homes?search=nowhere",
    "/homes/{unit}",
    "/new-home",
    "/units",
    "/history",
    "/unreadable",
    "/operators",
    "/profile",
    "/incidents/1",
    "/no-such-page",
)
Key = tuple[str, ...]
"""A text as the sources have it: one form, or a singular and a plural."""

in_each_language = pytest.mark.parametrize("language", TRANSLATED)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return the texts that stand in the sources now, found as `make locales` finds them."""
    found = tmp_path_factory.mktemp("locales") / "messages.pot"
    extract = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "pyproject.toml"]
    subprocess.run([*extract, "-o", str(found), "hub"], cwd=ROOT, check=True)
    return _read(found)


# --- the catalogues ---


def test_each_language_has_a_catalogue_and_no_other_has() -> None:
    assert {path.name for path in LOCALES.iterdir() if path.is_dir()} == set(TRANSLATED)
    assert set(NAMES) == set(Language)


@in_each_language
def test_catalogue_has_the_texts_of_the_sources_and_no_other(language: Language, sources: Catalog) -> None:
    texts = _texts(_translations(language))
    assert texts.keys() == _texts(sources).keys(), "run `make locales`, then translate what is new"
    assert not _translations(language).obsolete


def test_template_is_up_to_date(sources: Catalog) -> None:
    assert _texts(_read(LOCALES / "messages.pot")).keys() == _texts(sources).keys(), "run `make locales`"


@in_each_language
def test_every_text_is_translated(language: Language) -> None:
    translations = _translations(language)
    for key, message in _texts(translations).items():
        forms = _forms(message)
        assert all(form.strip() for form in forms), f"{key} is not translated"
        assert not message.fuzzy, f"nobody has confirmed the translation of {key}"
        assert len(forms) == (translations.num_plurals if message.pluralizable else 1), key


@in_each_language
def test_translation_is_filled_in_with_what_the_text_is(language: Language) -> None:
    for key, message in _texts(_translations(language)).items():
        expected = _placeholders(key[-1])
        for form in _forms(message):
            assert _placeholders(form) == expected, f"{key} became {form}"
            form % dict.fromkeys(expected, "x")


@in_each_language
def test_translation_ends_as_the_text_ends(language: Language) -> None:
    for key, message in _texts(_translations(language)).items():
        for form in _forms(message):
            assert form[-1] in ".:?" if key[0][-1] in ".:?" else form[-1] not in ".:?", f"{key} became {form}"
            assert form == form.strip(), key


@in_each_language
def test_built_catalogue_says_what_is_translated(language: Language) -> None:
    built = catalogue(language)
    for key, message in _texts(_translations(language)).items():
        if not message.pluralizable:
            assert built.gettext(key[0]) == message.string, "run `make catalogues`"
        else:
            assert {built.ngettext(key[0], key[1], number) for number in range(200)} == set(_forms(message)), key


# --- the words for codes ---


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (wording.KINDS, IncidentKind),
        (wording.STATES, IncidentState),
        (wording.PRIORITIES, Priority),
        (wording.OUTCOMES, Outcome),
        (wording.ENTRIES, EntryKind),
        (wording.ORDER_STATES, OrderState),
        (wording.PROBLEMS, Problem),
        (wording.WIRE_PROBLEMS, WireProblem),
        (wording.CLOCKS, ClockQuality),
        (wording.SPOKEN, Language),
        (wording.MODES, SpeechMode),
        (wording.CALL_ORDERS, CallOrder),
        (wording.AFTER_CYCLE, AfterCycle),
        (ROLE_WORDS, Role),
    ],
)
def test_every_code_has_words(table: Mapping[StrEnum, str], codes: type[StrEnum]) -> None:
    assert set(table) == set(codes)
    assert all(table.values())


def test_every_fault_has_words() -> None:
    assert set(wording.FAULTS) == {*FaultCode, EVENTS_LOST}


def test_every_message_and_every_order_has_words() -> None:
    assert set(wording.MESSAGES) == _kinds(wire.Body)
    assert set(wording.ORDERS) == _kinds(wire.Order)


def test_every_word_for_a_code_is_translated(sources: Catalog) -> None:
    shown = {text for table in (*wording.TABLES.values(), wording.PROBLEMS, ROLE_WORDS) for text in table.values()}
    assert {(text,) for text in shown} <= _texts(sources).keys()


# --- the pages ---


@pytest.fixture(scope="module")
def lived_in(centre: Centre) -> str:
    """Return a unit with something of everything to show."""
    unit = centre.add_home(
        900, "Anna Paraudziņa", "Izdomu iela 900, Paraugpils", key="under the pot", notes="hears badly"
    )
    centre.beat(unit, faults=(FaultCode.MAINS_LOST, f"{FaultCode.TRIGGER_LOST}:kitchen"), mains=False)
    centre.press_again(centre.press(unit))
    centre.break_mains(unit)
    centre.garble(unit, b"{")
    until(lambda: any(one.kind == "unreadable" for one in centre.reader.open_incidents()), "everything is kept")
    return unit


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("path", PAGES)
def test_page_speaks_the_language(
    language: Language, path: str, centre: Centre, signed_in: SignIn, lived_in: str
) -> None:
    name = f"Elza {language}"
    centre.add_operator(name, role="administrator", language=language)
    answer = signed_in(name).get(path.format(unit=lived_in))
    assert answer.status_code == (404 if path == "/no-such-page" else 200)
    assert f'<html lang="{language}"' in answer.text
    assert f">{catalogue(language).gettext('Sign out')}</button>" in answer.text
    assert "%(" not in answer.text.replace(_page_data(answer.text), "")


@pytest.mark.parametrize("language", Language)
def test_page_gives_its_scripts_words_in_the_language(language: Language, centre: Centre, signed_in: SignIn) -> None:
    name = f"Juris {language}"
    centre.add_operator(name, language=language)
    data = signed_in(name).page_data("/")
    texts = catalogue(language)
    assert data["texts"]["Accept"] == texts.gettext("Accept")
    assert data["words"]["fault"][FaultCode.TRIGGER_LOST] == texts.gettext(wording.FAULTS[FaultCode.TRIGGER_LOST])
    for one, many in script_texts()[1]:
        plural = data["plurals"][one]
        for number in (0, 1, 2, 5, 11, 21, 101, 111):
            assert plural["forms"][int(plural["rule"][number])] == texts.ngettext(one, many, number)


@pytest.mark.parametrize("language", Language)
def test_stranger_chooses_the_language_at_the_door(language: Language, stranger: Client) -> None:
    stranger.get(f"/sign-in?lang={language}")
    page = stranger.get("/sign-in").text
    assert f'<html lang="{language}"' in page
    assert f">{catalogue(language).gettext('Sign in')}</button>" in page


# --- helpers ---


def _translations(language: Language) -> Catalog:
    return _read(LOCALES / language / "LC_MESSAGES" / "messages.po")


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def _texts(texts: Catalog) -> dict[Key, Message]:
    return {_row(message.id): message for message in texts if message.id}


def _forms(message: Message) -> Key:
    return _row(message.string or "")


def _row(text: str | Sequence[str]) -> Key:
    return (text,) if isinstance(text, str) else tuple(text)


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _kinds(union: object) -> set[str]:
    """Return the kinds of a union of bodies; one that the reader does not know shows its own name."""
    members = get_args(get_args(union)[0])
    bodies = [get_args(member)[0] for member in members]
    return {body.model_fields["kind"].default for body in bodies} - {"unknown"}


def _page_data(page: str) -> str:
    begin = page.index('<script type="application/json"')
    return page[begin : page.index("</script>", begin)]
