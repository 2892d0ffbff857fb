"""The pages of the register: what is typed is kept, shown as text, and never overwritten unseen."""

import pytest

from tests.console_centre import Centre
from tests.console_client import Client

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def stamp_in(page: str, action: str) -> str:
    form = page[page.index(f'action="{action}"') :]
    return form[form.index('name="stamp" value="') + 20 :][:16]


def test_a_home_is_added_found_and_shown(centre: Centre, elza: Client) -> None:
    answer = elza.fill(
        "/new-home",
        "/new-home",
        unit_id="unit-900",
        unit_name="hall",
        premises_address="Meklējamā iela 5",
        premises_key_location="Under the mat",
        client_name="Zenta Atrastā",
        client_phone="+371 2000 0900",
        client_language="ru",
        client_notes="Line one\r\nline two",
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/homes/unit-900?saved=1")
    page = elza.get("/homes/unit-900?saved=1").text
    for words in ("Zenta Atrastā", "Meklējamā iela 5", "Under the mat", "Russian", "line two", "Saved."):
        assert words in page
    for search in ("zenta", "meklejama 5", "2000 0900", "unit-900"):
        assert "unit-900" in elza.get("/homes", params={"search": search}).text
    assert "No home holds all of these words." in elza.get("/homes?search=nowhere-at-all").text
    view = centre.reader.home("unit-900")
    assert view is not None
    assert view.clients[0].notes == "Line one\nline two"


def test_every_mistake_in_a_new_home_is_said_beside_its_field(elza: Client) -> None:
    answer = elza.fill(
        "/new-home", "/new-home", unit_id="Unit 1!", premises_address=" ", client_name="x" * 121, client_phone="call me"
    )
    assert answer.status_code == 422
    assert "3 to 32 of a-z, 0-9 and -, as printed on the unit." in answer.text
    answer = elza.fill("/new-home", "/new-home", unit_id="unit-901", premises_address=" ", client_name="Anna")
    assert "Fill this in." in answer.text
    answer = elza.fill(
        "/new-home", "/new-home", unit_id="unit-901", premises_address="A", client_name="B", client_phone="call me"
    )
    assert "A phone number has digits, spaces and + ( ) - . / only." in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="call me"' in answer.text


def test_a_unit_is_added_once(centre: Centre, elza: Client, home: str) -> None:
    answer = elza.fill("/new-home", "/new-home", unit_id=home, premises_address="Elsewhere")
    assert answer.status_code == 409
    assert "The register has this unit already." in answer.text


def test_a_person_is_added_and_changed(centre: Centre, elza: Client, home: str) -> None:
    page = f"/homes/{home}"
    assert elza.fill(page, f"{page}/clients", name="Otrs Cilvēks", phone="", language="lv").status_code == 303
    view = centre.reader.home(home)
    assert view is not None
    second = next(client for client in view.clients if client.name == "Otrs Cilvēks")
    action = f"{page}/clients/{second.client_id}"
    stamp = stamp_in(elza.get(page).text, action)
    answer = elza.fill(page, action, stamp=stamp, name="Otrs Vārds", phone="+371 2000 0999", language="fi")
    assert answer.status_code == 303
    assert "Otrs Vārds" in elza.get(page).text


def test_nobody_overwrites_what_they_have_not_seen(elza: Client, juris: Client, home: str) -> None:
    page, action = f"/homes/{home}", f"/homes/{home}/premises"
    stamp = stamp_in(juris.get(page).text, action)
    assert elza.fill(page, action, stamp=stamp, address="Elzas iela 1").status_code == 303
    answer = juris.fill(page, action, stamp=stamp, address="Jura iela 2")
    assert answer.status_code == 422
    assert "Somebody else has changed it meanwhile" in answer.text
    assert "Elzas iela 1" in answer.text
    assert "Jura iela 2" not in elza.get(page).text


def test_a_unit_is_set_moved_and_taken_out(centre: Centre, elza: Client, home: str) -> None:
    other = centre.add_home(800, "Cita Persona", "Citur iela 8")
    page, action = f"/homes/{home}", f"/homes/{home}/unit"
    wrong = elza.fill(page, action, name="hall", reporting_time_s="40", heartbeat_s="30", is_in_service="1")
    assert "The reporting time must be at least twice the time between heartbeats." in wrong.text
    wrong = elza.fill(page, action, name="hall", reporting_time_s="soon", heartbeat_s="1", is_in_service="1")
    assert "Write a number." in wrong.text
    assert "At least 5." in wrong.text
    fields = {"name": "hall", "reporting_time_s": "120", "heartbeat_s": "60", "is_in_service": "1"}
    assert "There is no unit of this name" in elza.fill(page, action, **fields, move_to="unit-none").text
    assert elza.fill(page, action, **fields, move_to=other).status_code == 303
    assert "Citur iela 8" in elza.get(page).text
    assert elza.fill(page, action, **{**fields, "take_out": "1"}).status_code == 303
    assert "A unit without a home" in elza.get(page).text
    del fields["is_in_service"]
    assert elza.fill(page, action, **fields).status_code == 303
    assert "out of service" in elza.get(page).text
    assert elza.fill(page, f"{page}/premises", address="Sava iela 3").status_code == 303
    assert "Sava iela 3" in elza.get(page).text


def test_a_unit_that_is_not_in_the_register_can_be_added(elza: Client) -> None:
    answer = elza.get("/homes/unit-unheard-of")
    assert (answer.status_code, answer.headers["location"]) == (303, "/new-home?unit=unit-unheard-of")
    assert 'value="unit-unheard-of"' in elza.get(answer.headers["location"]).text
    assert elza.get("/homes/NO UNIT").status_code == 404


def test_one_cannot_change_a_person_of_another_home(centre: Centre, elza: Client, home: str) -> None:
    centre.add_home(801, "Cita Persona", "Citur iela 9")
    answer = elza.fill(f"/homes/{home}", f"/homes/{home}/clients/801", name="Mine now", language="lv")
    assert answer.status_code == 404
    client = centre.reader.client(801)
    assert client is not None
    assert client.name == "Cita Persona"


@pytest.mark.parametrize(
    "path", ["/homes", "/homes/unit-850", "/units", "/homes?search=%3Cscript%3E", "/new-home?unit=%22%3E%3Cscript%3E"]
)
def test_what_people_type_is_text_on_every_page(centre: Centre, elza: Client, path: str) -> None:
    centre.add_home(850, EVIL, EVIL, key=EVIL, place_notes=EVIL, notes=EVIL, stands=EVIL)
    centre.beat("unit-850", faults=(EVIL[:60],))
    text = elza.get(path).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_a_search_of_any_kind_is_answered(elza: Client) -> None:
    for search in ("%", "' OR 1=1 --", "\\", "ā" * 200, '"', "   "):
        assert elza.get("/homes", params={"search": search}).status_code == 200
    assert elza.get("/homes", params={"search": "x" * 201}).status_code == 422
