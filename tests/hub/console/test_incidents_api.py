"""What operators do with incidents: the core decides, the first wins, everybody is told why."""

import threading

import pytest

from tests.console_centre import Centre
from tests.console_client import Client
from tests.waiting import until


def test_accept_note_and_close(centre: Centre, elza: Client, home: str) -> None:
    incident = centre.press(home)
    path = f"/api/incidents/{incident.incident_id}"
    assert elza.ask(f"{path}/accept").json() == {"ok": True}
    assert elza.ask(f"{path}/note", {"text": " She fell. \r\nTalking. "}).json() == {"ok": True}
    assert elza.ask(f"{path}/close", {"outcome": "helped", "text": "Up again."}).json() == {"ok": True}
    kept = centre.reader.incident(incident.incident_id)
    assert kept is not None
    assert (kept.state, kept.owner, kept.outcome) == ("closed", "Elza", "helped")
    written = [(entry.kind, entry.actor, entry.text) for entry in centre.reader.timeline(incident.incident_id)]
    assert ("note", "Elza", "She fell. \nTalking.") in written
    assert written[-1][0] in ("closed", "order_done")
    assert ("closed", "Elza", "Up again.") in written


def test_of_two_at_once_one_wins_and_the_other_hears_who(
    centre: Centre, elza: Client, juris: Client, home: str
) -> None:
    incident = centre.press(home)
    answers = {}

    def accept(client: Client, name: str) -> None:
        answers[name] = client.ask(f"/api/incidents/{incident.incident_id}/accept")

    threads = [threading.Thread(target=accept, args=pair) for pair in ((elza, "Elza"), (juris, "Juris"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = centre.reader.incident(incident.incident_id)
    assert kept is not None
    loser = {"Elza": "Juris", "Juris": "Elza"}[kept.owner]
    assert answers[kept.owner].status_code == 200
    assert answers[loser].status_code == 409
    assert answers[loser].json() == {
        "problem": "taken",
        "owner": kept.owner,
        "message": f"{kept.owner} was first and has it.",
    }


def test_taking_over_and_giving_back(centre: Centre, elza: Client, juris: Client, home: str) -> None:
    path = f"/api/incidents/{centre.press(home).incident_id}"
    assert juris.ask(f"{path}/release").json()["problem"] == "not_accepted"
    elza.ask(f"{path}/accept")
    refused = juris.ask(f"{path}/close", {"outcome": "helped"})
    assert (refused.status_code, refused.json()["problem"], refused.json()["owner"]) == (409, "not_yours", "Elza")
    assert juris.ask(f"{path}/take-over").status_code == 200
    assert juris.ask(f"{path}/release").status_code == 200
    assert elza.get(path).json()["incident"]["owner"] == ""


@pytest.mark.parametrize(
    ("ending", "status", "problem"),
    [
        ({}, 409, "no_outcome"),
        ({"outcome": "restored"}, 409, "no_outcome"),
        ({"outcome": "folded"}, 409, "no_outcome"),
        ({"outcome": "party"}, 422, "invalid"),
        ({"outcome": "helped", "text": "x" * 2001}, 422, "invalid"),
        ({"outcome": "helped", "extra": 1}, 422, "invalid"),
    ],
)
def test_an_ending_that_is_none_is_refused(
    centre: Centre, elza: Client, home: str, ending: dict[str, object], status: int, problem: str
) -> None:
    path = f"/api/incidents/{centre.press(home).incident_id}"
    elza.ask(f"{path}/accept")
    answer = elza.ask(f"{path}/close", ending)
    assert (answer.status_code, answer.json()["problem"]) == (status, problem)
    assert elza.get(path).json()["incident"]["state"] == "accepted"


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "\x00", "a\u202eb"])
def test_a_note_that_cannot_be_taken_says_why(centre: Centre, elza: Client, home: str, text: str) -> None:
    path = f"/api/incidents/{centre.press(home).incident_id}"
    answer = elza.ask(f"{path}/note", {"text": text})
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("Something in it cannot be taken: text: ")


def test_an_incident_that_does_not_exist(elza: Client) -> None:
    for answer in (elza.get("/api/incidents/999999"), elza.ask("/api/incidents/999999/accept")):
        assert (answer.status_code, answer.json()["problem"]) == (404, "no_such_incident")
    assert elza.ask("/api/incidents/none/accept").status_code == 422


def test_a_closed_incident_stays_closed(centre: Centre, elza: Client, home: str) -> None:
    path = f"/api/incidents/{centre.press(home).incident_id}"
    elza.ask(f"{path}/accept")
    elza.ask(f"{path}/close", {"outcome": "test"})
    assert elza.ask(f"{path}/accept").json()["problem"] == "closed"
    assert elza.get(path).json()["incident"]["outcome"] == "test"


def test_the_detail_shows_the_whole_ladder(centre: Centre, elza: Client, home: str) -> None:
    centre.beat(home)
    incident = centre.press(home, "bathroom", age_s=4.0)
    path = f"/api/incidents/{incident.incident_id}"
    elza.ask(f"{path}/accept")
    until(lambda: elza.get(path).json()["incident"]["told_s"] is not None, "the room is told")
    detail = elza.get(path).json()
    shown = detail["incident"]
    assert shown["pressed_s"] == pytest.approx(shown["opened_s"] - 4.0, abs=0.1)
    assert shown["opened_s"] <= shown["accepted_s"] <= shown["told_s"]
    assert shown["home"]["clients"][0]["name"].startswith("Anna Paraudziņa")
    assert [entry["kind"] for entry in detail["timeline"]] == ["raised", "accepted", "order_done"]
    assert detail["timeline"][0]["age_s"] == 4.0
    assert [(order["kind"], order["state"]) for order in detail["orders"]] == [("answer_alarm", "done")]
    assert detail["health"]["heartbeat"]["battery_percent"] == 98.0


def test_a_late_press_of_an_unknown_unit_is_shown_as_both(centre: Centre, elza: Client) -> None:
    incident = centre.press("unit-nobody-knows", age_s=10_800.0)
    shown = elza.get(f"/api/incidents/{incident.incident_id}").json()["incident"]
    assert (shown["is_known_unit"], shown["is_late"], shown["home"]) == (False, True, None)


def test_the_history_is_newest_first_and_goes_on(centre: Centre, elza: Client, home: str) -> None:
    numbers = []
    for _ in range(3):
        number = centre.press(home).incident_id
        elza.ask(f"/api/incidents/{number}/accept")
        elza.ask(f"/api/incidents/{number}/close", {"outcome": "test"})
        numbers.append(number)
    newest = elza.get("/api/incidents/closed?limit=2").json()
    assert [one["incident_id"] for one in newest] == numbers[:0:-1]
    older = elza.get(f"/api/incidents/closed?limit=1&before={newest[-1]['incident_id']}").json()
    assert [one["incident_id"] for one in older] == numbers[:1]
    assert [one["incident_id"] for one in elza.get(f"/api/incidents/closed?unit={home}").json()] == numbers[::-1]
    assert elza.get("/api/incidents/closed?limit=0").status_code == 422


def test_a_core_that_does_not_answer_is_said(centre: Centre, elza: Client, home: str) -> None:
    incident = centre.press(home)
    line = centre.console._parts.line  # type: ignore[union-attr]
    report, within_s = line._report, line._reply_within_s
    line._report, line._reply_within_s = (lambda _: None), 0.05
    try:
        answer = elza.ask(f"/api/incidents/{incident.incident_id}/accept")
    finally:
        line._report, line._reply_within_s = report, within_s
    assert (answer.status_code, answer.json()["problem"]) == (504, "no_reply")
    assert "Look whether it was done" in answer.json()["message"]
