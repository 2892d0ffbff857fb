"""Call lists, the rule of recording and the library as JSON."""

from typing import Any

import pytest

from tests.console_centre import Centre
from tests.console_client import Client

LIST: dict[str, Any] = {
    "name": "Nights",
    "members": [
        {"kind": "operator", "name": "Elza"},
        {"kind": "phone", "name": "Head of shift", "number": "+371 2000 0060", "is_sure": True},
    ],
    "hours": [{"days": [5, 6], "from_minute": 0, "to_minute": "23:59"}],
    "languages": ["fi", "sv"],
    "ring_s": 10,
}


def test_a_list_is_added_read_and_changed(elza: Client) -> None:
    assert elza.ask("/api/call-lists", LIST).status_code == 201
    one = found(elza, "Nights")
    assert (one["ring_s"], one["languages"], one["members"][1]["number"]) == (10, ["fi", "sv"], "+37120000060")
    assert one["hours"] == [{"days": [5, 6], "from_minute": 0, "to_minute": 1439}]
    changed = {**LIST, "order": "rotating", "stamp": one["stamp"]}
    assert elza.ask(f"/api/call-lists/{one['list_id']}", changed, method="PUT").json() == {"ok": True}
    assert found(elza, "Nights")["order"] == "rotating"
    late = elza.ask(f"/api/call-lists/{one['list_id']}", changed, method="PUT")
    assert (late.status_code, late.json()["problem"]) == (409, "changed")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"members": []}, "members"),
        ({"members": [{"kind": "operator", "name": "Elza"}] * 13}, "members"),
        ({"members": [{"kind": "operator", "name": "Elza", "number": "123"}]}, "members.0"),
        ({"members": [{"kind": "parrot", "name": "Lora"}]}, "members.0.kind"),
        ({"ring_s": 15}, "ring_s"),
        ({"hours": [{"days": [7], "from_minute": 0, "to_minute": 1}]}, "hours.0.days.0"),
        ({"hours": [{"days": [], "from_minute": 0, "to_minute": 1}]}, "hours.0.days"),
        ({"hours": [{"days": [1], "from_minute": 0, "to_minute": 1440}]}, "hours.0.to_minute"),
        ({"languages": ["de"]}, "languages.0"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_list_that_cannot_be_taken_says_where(elza: Client, changes: dict[str, Any], place: str) -> None:
    answer = elza.ask("/api/call-lists", {**LIST, "name": "Never", **changes})
    assert (answer.status_code, answer.json()["problem"]) == (422, "invalid")
    assert f"{place}: " in answer.json()["message"]


def test_the_rule_is_read_and_changed(elza: Client) -> None:
    rule = {"records_calls": True, "recordings_kept_days": 7}
    assert elza.ask("/api/recording-rule", rule, method="PUT").json() == {"ok": True}
    assert elza.get("/api/recording-rule").json() == rule
    assert elza.ask("/api/recording-rule", {"records_calls": 3}, method="PUT").status_code == 422


def test_words_are_set_by_language(centre: Centre, elza: Client) -> None:
    words = {"en": {"text": "Good evening."}, "et": {"text": "Tere õhtust."}}
    assert elza.ask("/api/announcements/Evening", words, method="PUT").json() == {"ok": True}
    library = elza.get("/api/announcements").json()
    assert {"name": "Evening", "language": "et", "text": "Tere õhtust."} in library
    elza.ask("/api/announcements/Evening", {}, method="PUT")
    assert "Evening" not in [one["name"] for one in elza.get("/api/announcements").json()]
    assert elza.ask("/api/announcements/Evening", {"de": {"text": "x"}}, method="PUT").status_code == 422


def found(client: Client, name: str) -> dict[str, Any]:
    lists: list[dict[str, Any]] = client.get("/api/call-lists").json()
    return next(one for one in lists if one["name"] == name)
