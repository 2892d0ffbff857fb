"""The pages about operators: adding, changing, and what each may do about themselves."""

import pytest

from tests.console_centre import PASSWORD, Centre
from tests.console_client import Client
from tests.hub.console.conftest import SignIn

OTHER_PASSWORD = "seven grey herons"


@pytest.fixture(autouse=True)
def no_wrong_tries(centre: Centre) -> None:
    centre.forgive()


def test_an_administrator_adds_an_operator_who_can_sign_in(elza: Client, stranger: Client) -> None:
    fields = {"name": "Zane Bērziņa-Ķe", "password": PASSWORD, "role": "operator", "language": "et"}
    assert elza.fill("/operators", "/operators", **fields).status_code == 303
    assert "Zane Bērziņa-Ķe" in elza.get("/operators").text
    assert stranger.sign_in("zane bērziņa-ķe", PASSWORD).status_code == 303
    assert '<html lang="et"' in stranger.get("/").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "Z"}, "At least 2 characters."),
        ({"name": "x" * 41}, "At most 40 characters."),
        ({"password": "short"}, "At least 10 characters."),
        ({"password": "aaaaaaaaaaaa"}, "Use more different characters."),
        ({"role": "king"}, "Choose one of these."),
        ({"name": "elza"}, "There is an operator of this name already."),
        ({"name": "Zan\u202ee"}, "There is a character in it that cannot be shown."),
    ],
)
def test_an_operator_that_cannot_be_added_is_explained(elza: Client, fields: dict[str, str], words: str) -> None:
    whole = {"name": "Zane", "password": PASSWORD, "role": "operator", "language": "lv", **fields}
    answer = elza.fill("/operators", "/operators", **whole)
    assert answer.status_code == 422
    assert words in answer.text
    assert whole["password"] not in answer.text


def test_somebody_is_always_left_who_can_add_operators(elza: Client) -> None:
    answer = elza.fill("/operators", "/operators/change", name="Elza", role="operator", is_active="1")
    assert answer.status_code == 422
    assert "Nobody would be left who can add operators." in answer.text
    answer = elza.fill("/operators", "/operators/change", name="Elza", role="administrator")
    assert answer.status_code == 422
    assert elza.get("/operators").status_code == 200


def test_a_new_password_signs_out_everywhere(centre: Centre, elza: Client, signed_in: SignIn, stranger: Client) -> None:
    centre.add_operator("Forgetful")
    there = signed_in("Forgetful")
    assert elza.fill("/operators", "/operators/password", name="Forgetful", password=OTHER_PASSWORD).status_code == 303
    assert there.get("/api/me").status_code == 401
    assert stranger.sign_in("Forgetful", PASSWORD).status_code == 403
    assert stranger.sign_in("Forgetful", OTHER_PASSWORD).status_code == 303


def test_changing_the_own_password_keeps_this_browser_only(centre: Centre, signed_in: SignIn) -> None:
    centre.add_operator("Careful")
    here, there = signed_in("Careful"), signed_in("Careful")
    wrong = here.fill("/profile", "/profile/password", old="not this", password=OTHER_PASSWORD)
    assert "This is not your password." in wrong.text
    assert here.fill("/profile", "/profile/password", old=PASSWORD, password=OTHER_PASSWORD).status_code == 303
    assert here.get("/api/me").status_code == 200
    assert there.get("/api/me").status_code == 401


def test_guessing_at_the_own_password_has_to_wait(centre: Centre, signed_in: SignIn) -> None:
    centre.add_operator("Left Open")
    client = signed_in("Left Open")
    for _ in range(5):
        client.fill("/profile", "/profile/password", old="guess", password=OTHER_PASSWORD)
    answer = client.fill("/profile", "/profile/password", old=PASSWORD, password=OTHER_PASSWORD)
    assert "Too many wrong tries" in answer.text


def test_the_language_is_the_operators_own(centre: Centre, signed_in: SignIn) -> None:
    centre.add_operator("Traveller")
    client = signed_in("Traveller")
    assert client.fill("/profile", "/profile/language", language="fi").status_code == 303
    assert '<html lang="fi"' in client.get("/profile", headers={"accept-language": "sv"}).text


def test_an_operator_who_does_not_exist_is_said(elza: Client) -> None:
    answer = elza.fill("/operators", "/operators/change", name="Nobody", role="operator")
    assert answer.status_code == 404
    assert "It is not in the register." in answer.text
