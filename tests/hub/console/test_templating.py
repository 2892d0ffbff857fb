"""From a template to a page."""

import json
import re
from pathlib import Path

from babel.messages.extract import extract_from_file

from hub.console.templating import HERE, STATIC, _readable, script_texts
from tests.console_client import Client

TEMPLATES = sorted((HERE / "templates").glob("*.html"))


def test_scripts_get_every_text_they_ask_for() -> None:
    """What the page finds in the scripts by itself is what Babel finds."""
    found = {message for path in STATIC.glob("*.js") for _, message, _, _ in extract_from_file("javascript", path)}
    singular, plural = script_texts()
    assert singular | plural == found


def test_every_script_and_style_that_is_named_is_there() -> None:
    for template in TEMPLATES:
        for name in re.findall(r"\{\{ static \}\}/([\w.-]+)", template.read_text(encoding="utf-8")):
            assert (STATIC / name).is_file(), f"{template.name} names {name}"
    for script in STATIC.glob("*.js"):
        for name in re.findall(r'(?:from|import\()\s*"\./([\w.-]+)"', script.read_text(encoding="utf-8")):
            assert (STATIC / name).is_file(), f"{script.name} imports {name}"


def test_what_a_page_gives_its_scripts_cannot_end_its_block(elza: Client) -> None:
    text = elza.get("/").text
    block = text[text.index('id="page-data">') + len('id="page-data">') :]
    assert json.loads(block[: block.index("<")])["operator"] == "Elza"


def test_what_is_no_text_is_shown_by_its_numbers() -> None:
    assert _readable(b"\xff\x00{") == "\\xff\x00{"
    assert len(_readable(b"a" * 5_000)) == 1_000


def test_no_script_is_long() -> None:
    long = [path.name for path in [*STATIC.glob("*.js"), *TEMPLATES] if _lines(path) > 300]
    assert not long


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
