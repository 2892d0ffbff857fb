"""The rest of the JSON: who asks, the register, units, and a description of all of it."""

import pytest

from tests.console_centre import Centre
from tests.console_client import Client


def test_who_asks(elza: Client) -> None:
    me = elza.get("/api/me").json()
    assert (me["operator"], me["role"], me["language"]) == ("Elza", "administrator", "en")
    assert me["csrf"] == elza.page_data("/")["csrf"]


def test_a_home_by_json(centre: Centre, elza: Client) -> None:
    home = {
        "unit_id": "unit-700",
        "premises": {"address": "Ievades iela 7"},
        "client": {"name": "Jana Ievadītā", "phone": "+371 2000 0700", "language": "lv"},
    }
    assert elza.ask("/api/homes", home).status_code == 201
    assert elza.ask("/api/homes", home).json()["problem"] == "taken_name"
    unit = elza.get("/api/units/unit-700").json()
    assert unit["home"]["clients"][0]["name"] == "Jana Ievadītā"
    assert unit["health"] is None
    premises_id, client_id = unit["home"]["premises_id"], unit["home"]["clients"][0]["client_id"]
    assert elza.ask(f"/api/premises/{premises_id}", {"address": "Labota iela 7"}, "PUT").status_code == 200
    assert elza.ask(f"/api/clients/{client_id}", {"name": "Jana Labotā"}, "PUT").status_code == 200
    assert elza.ask(f"/api/premises/{premises_id}/clients", {"name": "Otra"}).status_code == 201
    edit = {"name": "kitchen", "reporting_time_s": 300, "heartbeat_s": 60, "premises_id": premises_id}
    assert elza.ask("/api/units/unit-700", edit, "PUT").status_code == 200
    found = elza.get("/api/homes?search=labota").json()
    assert [(one["unit_id"], one["unit_name"], len(one["clients"])) for one in found] == [("unit-700", "kitchen", 2)]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("PUT", "/api/premises/999999", {"address": "A"}, 404, "It is not in the register."),
        ("PUT", "/api/clients/999999", {"name": "A"}, 404, "It is not in the register."),
        ("PUT", "/api/units/unit-none", {}, 404, "It is not in the register."),
        ("GET", "/api/units/unit-none", None, 404, "It is not in the register."),
        ("POST", "/api/premises/999999/clients", {"name": "A"}, 404, "It is not in the register."),
        ("POST", "/api/homes", {"unit_id": "UNIT", "premises": {"address": "A"}}, 422, "unit_id: Value error, 3 to 32"),
        ("POST", "/api/homes", {"unit_id": "unit-9", "premises": {}}, 422, "premises.address: Field required"),
        ("PUT", "/api/units/unit-9", {"reporting_time_s": 20, "heartbeat_s": 30}, 422, "at least twice"),
        ("POST", "/api/alive", {"on_shift": "perhaps"}, 422, "on_shift: Input should be a valid boolean"),
        ("GET", "/api/homes?limit=0", None, 422, "limit: Input should be greater"),
        ("GET", "/api/nothing", None, 404, "There is nothing at this address."),
    ],
)
def test_what_cannot_be_done_is_said(
    elza: Client, method: str, path: str, body: dict[str, object] | None, status: int, words: str
) -> None:
    answer = elza.ask(path, body, method) if method != "GET" else elza.get(path)
    assert answer.status_code == status
    assert words in answer.json()["message"]


def test_an_edit_from_an_old_version_is_refused(centre: Centre, elza: Client, home: str) -> None:
    premises_id = elza.get(f"/api/units/{home}").json()["home"]["premises_id"]
    answer = elza.ask(f"/api/premises/{premises_id}", {"address": "A", "stamp": "0" * 16}, "PUT")
    assert (answer.status_code, answer.json()["problem"]) == (409, "changed")


def test_units_come_with_their_health(centre: Centre, elza: Client, home: str) -> None:
    centre.beat(home, faults=("mains_lost",), mains=False)
    unit = next(one for one in elza.get("/api/units").json() if one["home"]["unit_id"] == home)
    assert unit["health"]["heartbeat"]["faults"] == ["mains_lost"]
    assert unit["health"]["heartbeat"]["mains"] is False


def test_everything_is_described(elza: Client) -> None:
    description = elza.get("/openapi.json").json()
    assert {"/api/incidents/{incident_id}/accept", "/api/homes", "/live", "/healthz"} <= set(description["paths"])
    assert "/sign-in" not in description["paths"]


def test_what_is_open_now(centre: Centre, elza: Client, home: str) -> None:
    incident = centre.press(home)
    for shown in (elza.get("/api/open").json()["incidents"], elza.get("/api/incidents").json()):
        assert incident.incident_id in {one["incident_id"] for one in shown}
