"""Texts are found without regard to case and accents, in every alphabet."""

import pytest

from hub.adapters.store.search import fold, searchable, words_of


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Āboliņa Žanna", "aBOLINA zanna"),
        ("Алёна Йодова", "АЛЕНА иодова"),
        ("Pärtel Õun", "partel oun"),
        ("Åke Göransson", "ake goransson"),
        ("Straße", "STRASSE"),
    ],
)
def test_case_and_accents_do_not_matter(text: str, typed: str) -> None:
    assert fold(text) == fold(typed)


def test_folding_twice_changes_nothing() -> None:
    text = fold("Āboliņa ﬁ İ Ǆ ½ Алёна")
    assert fold(text) == text


@pytest.mark.parametrize("typed", ["20000001", "+371 2000 0001", "2000-0001", "(371)", "37120000001", "+37120000001"])
def test_a_telephone_number_is_found_however_it_is_typed(typed: str) -> None:
    kept = searchable("Žanna", phone="+371 2000 0001")
    assert all(word in kept or digits in kept for word, digits in words_of(typed))


def test_a_flat_number_stays_itself() -> None:
    kept = searchable("Ābeļu iela 1-2")
    assert all(word in kept or digits in kept for word, digits in words_of("abelu 1-2"))
    assert words_of("1-2") == [("1-2", "1-2")]
