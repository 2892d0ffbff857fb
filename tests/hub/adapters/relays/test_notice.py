"""The outside is told where to look, and nothing about a person."""

import json

import pytest

from hub.adapters.relays.notice import notice_of
from hub.core.records import Priority
from tests.hub.adapters.relays.receiver import NOTICE, relay


def test_a_program_is_told_what_it_needs() -> None:
    assert json.loads(NOTICE.as_json()) == {
        "version": 1,
        "notice_id": "n-1",
        "incident_id": 7,
        "kind": "alarm",
        "priority": "alarm",
        "unit_id": "unit-1",
        "reason": "nobody has accepted it, step 1",
        "opened": "2026-01-02T03:04:05+00:00",
        "sent": "2026-01-02T03:05:05+00:00",
        "link": "https://centre.example/incidents/7",
    }


def test_a_person_is_told_in_a_few_lines() -> None:
    assert NOTICE.title() == "ALARM: alarm of unit-1, incident 7"
    assert NOTICE.text().splitlines() == [
        "nobody has accepted it, step 1",
        "Opened 2026-01-02 03:04:05 UTC",
        "https://centre.example/incidents/7",
    ]


@pytest.mark.parametrize("url", ["https://centre.example", "https://centre.example/"])
def test_the_link_leads_to_the_incident(url: str) -> None:
    assert notice_of(relay(), url, 0).link == "https://centre.example/incidents/7"


def test_without_an_address_of_the_console_there_is_no_link() -> None:
    notice = notice_of(relay(), "", 0)
    assert notice.link == ""
    assert notice.text().endswith("UTC")


def test_what_may_name_a_person_or_a_place_stays_inside() -> None:
    notice = notice_of(relay(), "", 0)
    told = notice.as_json().decode() + notice.title() + notice.text()
    assert "Grandmother" not in told
    assert "Bathroom" not in told


def test_every_notice_has_an_id_of_its_own() -> None:
    assert notice_of(relay(), "", 0).notice_id != notice_of(relay(), "", 0).notice_id


def test_an_alarm_goes_before_a_notice() -> None:
    assert notice_of(relay(), "", 0).is_alarm
    assert not notice_of(relay(priority=Priority.URGENT), "", 0).is_alarm
