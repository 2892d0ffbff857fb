"""The GSM alphabet against published vectors: packing as printed in python-gsmmodem's test_pdu.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.modem.sms.alphabet import packed, septets_of, text_of, unpacked

VECTORS = (
    ("123", bytes([49, 217, 12])),
    ("12345678", bytes([49, 217, 140, 86, 179, 221, 112])),
    ("123456789", bytes([49, 217, 140, 86, 179, 221, 112, 57])),
    ("Hello World!", bytes([200, 50, 155, 253, 6, 93, 223, 114, 54, 57, 4])),
    ("[{abc}]~", bytes([27, 222, 6, 21, 22, 143, 55, 169, 141, 111, 211, 3])),
    ("{åΦΓΛΩΠΨΣΘ€}", bytes([27, 212, 67, 50, 161, 84, 44, 23, 76, 102, 83, 222, 164, 0])),
    ("a[]{}€", bytes([225, 13, 111, 227, 219, 160, 54, 169, 77, 25])),
)


def flat(text: str) -> list[int]:
    septets = septets_of(text)
    assert septets is not None
    return [septet for character in septets for septet in character]


@pytest.mark.parametrize(("text", "octets"), VECTORS)
def test_published_texts_are_packed_and_unpacked(text: str, octets: bytes) -> None:
    septets = flat(text)
    assert packed(septets) == octets
    assert unpacked(octets, len(septets)) == septets
    assert text_of(septets) == text


@given(st.lists(st.integers(0, 127), max_size=160), st.integers(0, 6))
def test_what_was_packed_is_unpacked(septets: list[int], fill_bits: int) -> None:
    assert unpacked(packed(septets, fill_bits), len(septets), fill_bits) == septets


@given(st.text(max_size=50))
def test_a_text_that_the_alphabet_has_comes_back_and_any_other_is_refused(text: str) -> None:
    septets = septets_of(text)
    if septets is None:
        assert any(septets_of(character) is None for character in text)
    else:
        assert text_of(flat(text)) == text


@given(st.lists(st.integers(0, 127), max_size=20))
def test_any_septets_are_some_text(septets: list[int]) -> None:
    assert len(text_of(septets)) <= len(septets)


def test_an_unknown_escape_is_a_space() -> None:
    assert text_of([0x1B, 0x01, 0x41, 0x1B]) == " A"
