"""A setting as a person sees it, whatever model it stands in."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pytest
from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from device.setting import About, Data, Setting, mistakes_in, rows_of, values_of


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: Annotated[SecretStr | None, About("A code.", data=Data.SECRET)] = None
    name: Annotated[str, Field(pattern="^a+$"), About("A name.")]


class Corner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    names: Annotated[tuple[str, ...], MaxLen(2), About("Names.")] = ()
    depth: Annotated[int, Ge(0), Le(9), About("A depth.")] = 3


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    wait_s: Annotated[float, Ge(0), Le(1.5), About("A wait.", unit="s")] = 0.5
    colour: Annotated[Colour | None, About("A colour.")] = None
    file: Annotated[Path, About("A file.")] = Path("/x")
    is_on: Annotated[bool, About("A switch.")] = True
    word: Annotated[str, MaxLen(5), About("A word.")] = "w"
    anything: Annotated[str, About("Anything.", allowed="a thing")] = ""
    inner: Annotated[tuple[Inner, ...], MinLen(1), MaxLen(3), About("Parts.")]
    corner: Annotated[Corner, About("A corner.", allowed="a section")] = Corner()


ROWS = {row.key: row for row in rows_of(Outer)}


def mistakes(plain: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(plain)
    return list(mistakes_in(caught.value, ROWS))


def test_a_row_says_all_that_is_known() -> None:
    assert ROWS["wait_s"] == Setting("wait_s", "s", "0.5", "0 to 1.5", Data.PLAIN, "A wait.")


@pytest.mark.parametrize(
    ("key", "default", "allowed"),
    [
        ("colour", "", "red, blue"),
        ("file", "/x", "a path"),
        ("is_on", "true", "true, false"),
        ("word", "w", "0 to 5 characters"),
        ("anything", "", "a thing"),
        ("inner", "", "1 to 3 entries"),
        ("inner[].name", "must be given", "`^a+$`"),
        ("inner[].code", "", "text"),
        ("corner", "", "a section"),
        ("corner.names", "", "0 to 2 entries"),
        ("corner.depth", "3", "0 to 9"),
    ],
)
def test_bounds_and_defaults_come_from_the_model(key: str, default: str, allowed: str) -> None:
    assert (ROWS[key].default, ROWS[key].allowed) == (default, allowed)


def test_a_value_is_shown_as_it_is_written_and_a_secret_only_as_there() -> None:
    outer = Outer.model_validate({"inner": [{"name": "a", "code": "4711"}, {"name": "aa"}]})
    shown = dict(values_of(outer.model_dump(mode="json"), frozenset({"inner[].code"})))
    assert shown["is_on"] == "true"
    assert shown["wait_s"] == "0.5"
    assert shown["colour"] == ""
    assert shown["inner[0].code"] == "set, not shown"
    assert shown["inner[1].code"] == "not set"
    assert shown["inner[1].name"] == "aa"
    assert shown["corner.names"] == ""
    assert shown["corner.depth"] == "3"


def test_a_list_of_words_is_shown_in_one_line() -> None:
    outer = Outer.model_validate({"inner": [{"name": "a"}], "corner": {"names": ["one", "two"]}})
    assert dict(values_of(outer.model_dump(mode="json"), frozenset()))["corner.names"] == "one, two"


def test_a_mistake_names_key_value_reason_and_what_is_allowed() -> None:
    assert mistakes({"wait_s": 9, "inner": [{"name": "a"}]}) == [
        "wait_s: 9 cannot be used: Input should be less than or equal to 1.5; allowed: 0 to 1.5 s"
    ]


def test_an_unknown_key_is_told_with_what_was_meant() -> None:
    assert mistakes({"wait": 1, "inner": [{"name": "a", "nam": "b"}]}) == [
        "inner[0].nam: there is no such setting; did you mean name?",
        "wait: there is no such setting; did you mean wait_s?",
    ]


def test_a_list_is_not_called_short_for_the_mistakes_of_its_entries() -> None:
    assert mistakes({"inner": [{"name": "b"}]}) == [
        "inner[0].name: 'b' cannot be used: String should match pattern '^a+$'; allowed: `^a+$`"
    ]
    assert mistakes({"inner": []})[0].startswith("inner: ")


def test_a_secret_is_not_quoted_in_a_mistake() -> None:
    assert "4711" not in mistakes({"inner": [{"name": "a", "code": 4711}]})[0]
