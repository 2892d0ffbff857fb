"""Coming and going: the first administrator once, wrong tries slowly, everything in words that help."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.console.sign_in import _local
from tests.console_centre import PASSWORD, Centre, running
from tests.console_client import Client
from tests.hub.console.conftest import Browse


@pytest.fixture(autouse=True)
def no_wrong_tries(centre: Centre) -> None:
    centre.forgive()


def test_who_is_known_gets_in(stranger: Client) -> None:
    answer = stranger.sign_in("Juris", PASSWORD, next="/units")
    assert (answer.status_code, answer.headers["location"]) == (303, "/units")
    assert "Juris" in stranger.get("/").text


def test_a_name_is_known_however_it_is_cased(stranger: Client) -> None:
    assert stranger.sign_in(" jURIS ", PASSWORD).status_code == 303
    assert stranger.get("/api/me").json()["operator"] == "Juris"


@pytest.mark.parametrize(("name", "password"), [("Juris", "wrong"), ("Nobody", PASSWORD), ("", ""), ("Juris", "")])
def test_a_wrong_name_and_a_wrong_password_look_the_same(stranger: Client, name: str, password: str) -> None:
    answer = stranger.sign_in(name, password)
    assert answer.status_code == 403
    assert "The name or the password is wrong." in answer.text
    assert "poga" not in stranger.http.cookies


def test_five_wrong_tries_at_a_name_have_to_wait(stranger: Client) -> None:
    for _ in range(5):
        assert stranger.sign_in("Juris", "wrong").status_code == 403
    answer = stranger.sign_in("Juris", PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 300
    assert "Too many wrong tries. Wait 5 min" in answer.text


def test_one_address_that_tries_many_names_has_to_wait(stranger: Client) -> None:
    for number in range(5):
        assert stranger.sign_in(f"Guess {number}", "wrong").status_code == 403
    assert stranger.sign_in("Juris", PASSWORD).status_code == 429


def test_right_passwords_never_have_to_wait(stranger: Client) -> None:
    assert [stranger.sign_in("Juris", PASSWORD).status_code for _ in range(7)] == [303] * 7


def test_many_tries_at_once_gain_nothing(centre: Centre, browse: Browse) -> None:
    answers: list[int] = []

    def guess() -> None:
        client = browse(centre.url)
        answers.append(client.sign_in("Juris", "wrong").status_code)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [403] * 5 + [429] * 7


def test_signing_out_ends_the_session_and_its_streams(stranger: Client) -> None:
    stranger.sign_in("Juris", PASSWORD)
    session = stranger.http.cookies["poga"]
    with stranger.stream() as stream:
        stream.wait("snapshot")
        answer = stranger.http.post("/sign-out", data={"csrf": stranger.csrf})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert stream.has_ended.wait(30)
    assert "poga" not in stranger.http.cookies
    stranger.http.cookies.set("poga", session)
    assert stranger.get("/api/me").status_code == 401


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/units?search=a", "/units?search=a"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_the_way_on_leads_to_the_console_only(asked: str, led: str) -> None:
    assert _local(asked) == led


def test_the_language_can_be_chosen_before_signing_in(stranger: Client, browse: Browse) -> None:
    assert stranger.get("/sign-in?lang=lv").status_code == 303
    assert '<html lang="lv"' in stranger.get("/sign-in").text
    assert '<html lang="fi"' in browse(stranger.url).get("/sign-in", headers={"accept-language": "fi-FI"}).text


# --- the first administrator ---


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Centre]:
    """Return a centre that nobody can sign in to yet."""
    with running(tmp_path / "store", first_code_file=tmp_path / "code") as centre:
        yield centre


def begin(client: Client, code: str | None, **more: str) -> int:
    fields = {"code": code or "", "name": "Elza", "password": PASSWORD, "language": "lv", **more}
    return client.fill("/first", "/first", **fields).status_code


def test_the_first_administrator_begins_with_the_code(empty: Centre, tmp_path: Path, browse: Browse) -> None:
    client = browse(empty.url)
    assert client.get("/sign-in").headers["location"] == "/first"
    code = empty.console.first_code
    assert code is not None
    assert (tmp_path / "code").read_text().strip() == code
    assert (tmp_path / "code").stat().st_mode & 0o777 == 0o600
    assert begin(client, code.lower().replace("-", " ")) == 303
    assert client.get("/api/me").json() | {"csrf": "", "expires_s": 0} == {
        "operator": "Elza",
        "role": "administrator",
        "language": "lv",
        "csrf": "",
        "expires_s": 0,
    }


def test_the_code_is_good_once(empty: Centre, tmp_path: Path, browse: Browse) -> None:
    code = empty.console.first_code
    first, second = browse(empty.url), browse(empty.url)
    token = second.get("/first").text
    assert "First administrator" in token
    assert begin(first, code) == 303
    assert empty.console.first_code is None
    assert not (tmp_path / "code").exists()
    assert second.get("/first").headers["location"] == "/sign-in"
    assert [one.name for one in empty.reader.operators()] == ["Elza"]


def test_several_at_once_make_one_administrator(empty: Centre, browse: Browse) -> None:
    fields = {"code": empty.console.first_code or "", "password": PASSWORD, "language": "lv"}
    answers: list[int] = []

    def race(client: Client, token: str, name: str) -> None:
        answers.append(client.http.post("/first", data={"csrf": token, "name": name, **fields}).status_code)

    clients = [browse(empty.url) for _ in range(3)]
    tokens = [client.form_token("/first") for client in clients]
    threads = [
        threading.Thread(target=race, args=one)
        for one in zip(clients, tokens, ("Anna", "Berta", "Cecilia"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 3
    assert len(empty.reader.operators()) == 1


def test_a_wrong_code_makes_nobody_and_has_to_wait(empty: Centre, browse: Browse) -> None:
    client = browse(empty.url)
    assert [begin(client, "AAAA-BBBB-CCCC") for _ in range(5)] == [422] * 5
    answer = client.fill("/first", "/first", code=empty.console.first_code or "", name="Elza", password=PASSWORD)
    assert "Too many wrong tries" in answer.text
    assert empty.reader.operators() == []


def test_what_is_wrong_with_the_first_form_is_said_beside_it(empty: Centre, browse: Browse) -> None:
    client = browse(empty.url)
    answer = client.fill("/first", "/first", code="x", name="E", password="short", language="xx")
    assert answer.status_code == 422
    for words in ("At least 2 characters.", "At least 10 characters.", "Choose one of these."):
        assert words in answer.text
    assert 'value="E"' in answer.text
    assert "short" not in answer.text


def test_a_centre_that_has_an_operator_has_no_code(empty: Centre, browse: Browse) -> None:
    begin(browse(empty.url), empty.console.first_code)
    empty.stop()
    empty.start()
    assert empty.console.first_code is None
