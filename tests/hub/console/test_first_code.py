"""The one-time code: hard to guess, easy to type, gone after use."""

from pathlib import Path

from hub.console.first_code import ALPHABET, FirstCode


def test_the_code_is_long_and_has_no_letter_that_looks_like_another() -> None:
    codes = {FirstCode().text for _ in range(50)}
    assert len(codes) == 50
    for code in codes:
        assert code is not None
        assert len(code.replace("-", "")) == 12
        assert not set(code) & set("01IO")
    assert len(ALPHABET) == 32


def test_it_matches_however_it_is_typed() -> None:
    code = FirstCode()
    assert code.text is not None
    for typed in (code.text, code.text.lower(), code.text.replace("-", ""), f"  {code.text.replace('-', ' ')}\n"):
        assert code.matches(typed)
    for wrong in ("", code.text[:-1], code.text + "A", "ā" * 12):
        assert not code.matches(wrong)


def test_it_is_good_for_nothing_once_it_has_expired(tmp_path: Path) -> None:
    code = FirstCode(tmp_path / "code")
    text = code.text or ""
    code.expire()
    assert code.text is None
    assert not code.matches(text)
    assert not (tmp_path / "code").exists()


def test_its_file_is_the_owners_alone_even_where_one_was_there(tmp_path: Path) -> None:
    file = tmp_path / "code"
    file.write_text("old")
    file.chmod(0o644)
    code = FirstCode(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().strip() == code.text
