"""Which language a browser gets."""

import pytest

from hub.console.languages import Language, known, preferred


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", Language.EN),
        ("lv", Language.LV),
        ("lv-LV,lv;q=0.9,en;q=0.8", Language.LV),
        ("de-DE,de;q=0.9,fi;q=0.5,en;q=0.4", Language.FI),
        ("en;q=0.4, sv;q=0.9", Language.SV),
        ("xx", Language.EN),
        ("ru;q=much,et", Language.ET),
        (",;=,,q", Language.EN),
        ("et" * 1000, Language.EN),
    ],
)
def test_a_browser_gets_what_it_asks_for_most(asked: str, language: Language) -> None:
    assert preferred(asked) is language


def test_only_the_languages_of_the_console_are_known() -> None:
    assert known("ru") is Language.RU
    assert known("de") is None
    assert known("../en") is None
