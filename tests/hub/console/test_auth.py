"""Who gets in: nobody without a session, no change without the page's own token and origin."""

import pytest
from fastapi.routing import APIRoute

from hub.console.application import ROUTERS
from hub.console.auth import csrf_token
from tests.console_centre import Centre
from tests.console_client import Client
from tests.hub.console.conftest import Browse, SignIn
from tests.waiting import until

PUBLIC = {
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/first"),
    ("POST", "/first"),
    ("GET", "/healthz"),
    ("GET", "/metrics"),
}
"""Everything that somebody may ask for who is not signed in."""
API_ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
ROUTES = sorted(
    {(method, route.path) for route in API_ROUTES for method in route.methods or ()} | {("GET", "/openapi.json")}
)


PLACES = {
    "incident_id": "1",
    "unit_id": "unit-001",
    "client_id": "1",
    "premises_id": "1",
    "recording_id": "r1",
    "list_id": "1",
    "name": "Fire test",
}


def filled(path: str) -> str:
    """Return the path with something in the place of its parameters."""
    for name, value in PLACES.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path
    return path


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route not in PUBLIC])
def test_nothing_is_given_to_who_is_not_signed_in(stranger: Client, method: str, path: str) -> None:
    stranger.get("/sign-in")
    token = csrf_token(stranger.http.cookies["poga_visitor"])
    answer = stranger.http.request(method, filled(path), json={}, headers={"x-csrf-token": token})
    if answer.status_code == 303:
        assert method == "GET"
        assert answer.headers["location"].startswith("/sign-in?next=/")
    else:
        assert answer.status_code == 401
        assert "Sign in again" in answer.text


@pytest.mark.parametrize(
    ("csrf", "origin"),
    [
        ("", "own"),
        ("0" * 64, "own"),
        ("žēlīgs", "own"),
        ("right", "https://evil.example"),
        ("right", "null"),
        ("right", ""),
    ],
)
def test_no_change_without_the_pages_own_token_and_origin(centre: Centre, elza: Client, csrf: str, origin: str) -> None:
    headers = {
        b"x-csrf-token": (elza.csrf if csrf == "right" else csrf).encode(),
        b"origin": (centre.url if origin == "own" else origin).encode(),
    }
    changes = [route for route in ROUTES if route[0] != "GET"]
    assert len(changes) > 20
    for method, path in changes:
        answer = elza.http.request(method, filled(path), json={}, headers=headers)
        assert answer.status_code == 403, path
        assert "Load it again" in answer.text


def test_a_change_from_the_console_itself_is_taken(elza: Client) -> None:
    assert elza.ask("/api/alive", {"on_shift": False}).status_code == 200


def test_the_token_of_another_browser_is_worth_nothing(signed_in: SignIn) -> None:
    mine, others = signed_in("Elza"), signed_in("Elza")
    assert mine.ask("/api/alive", {"on_shift": False}, **{"x-csrf-token": others.csrf}).status_code == 403


def test_only_administrators_keep_the_operators(elza: Client, juris: Client) -> None:
    assert elza.get("/operators").status_code == 200
    assert juris.get("/operators").status_code == 403
    token = {"csrf": juris.csrf, "name": "Zane", "password": "rain on tin roofs", "role": "administrator"}
    assert juris.http.post("/operators", data=token).status_code == 403
    assert "/operators" not in juris.get("/").text


def test_a_session_ends_by_itself(centre: Centre, browse: Browse) -> None:
    client = browse(centre.url, centre.session_of("Juris", lasts_s=1.0))
    until(lambda: client.get("/api/me").status_code == 401, "the session is over")


def test_an_operator_who_may_not_sign_in_any_more_is_out_at_once(
    centre: Centre, elza: Client, signed_in: SignIn
) -> None:
    centre.add_operator("Leaver")
    leaver = signed_in("Leaver")
    with leaver.stream() as stream:
        stream.wait("snapshot")
        answer = elza.http.post("/operators/change", data={"csrf": elza.csrf, "name": "Leaver", "role": "operator"})
        assert answer.status_code == 303
        assert leaver.get("/api/me").status_code == 401
        assert stream.has_ended.wait(30)


def test_a_made_up_cookie_opens_nothing(centre: Centre, browse: Browse) -> None:
    for cookie in ("x", "a" * 4000, "' OR 1=1 --", "%00"):
        assert browse(centre.url).get("/api/me", headers={"cookie": f"poga={cookie}"}).status_code == 401


def test_the_cookie_is_for_this_site_and_no_script(centre: Centre, stranger: Client) -> None:
    answer = stranger.sign_in("Juris", "rain on tin roofs")
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("poga="))
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/", "max-age=43200"} <= attributes
    assert "secure" not in attributes  # this console is reached by plain http


def test_the_store_has_no_token(centre: Centre, stranger: Client) -> None:
    stranger.sign_in("Juris", "rain on tin roofs")
    token = stranger.http.cookies["poga"]
    assert centre.reader.session(token) is None
    for file in centre.folder.rglob("*.sqlite*"):
        assert token.encode() not in file.read_bytes()
