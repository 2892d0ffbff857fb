"""What goes around every answer, and what is not read at all."""

import re
import socket

import pytest

from hub.console.templating import HERE, STATIC, static_version
from tests.console_centre import Centre
from tests.console_client import Client

SOURCES = ("script-src", "style-src", "img-src", "connect-src", "media-src", "worker-src")
PAGES = ["/", "/homes", "/units", "/history", "/unreadable", "/operators", "/profile", "/new-home", "/incidents/1"]


@pytest.mark.parametrize("path", [*PAGES, "/sign-in", "/nothing", "/api/me", "/healthz"])
def test_every_answer_forbids_what_the_console_does_not_need(elza: Client, path: str) -> None:
    headers = elza.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in SOURCES} == {"'self'"}
    assert policy["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert headers["permissions-policy"] == "camera=(), geolocation=(), microphone=(self), payment=(), usb=()"
    assert "server" not in headers
    assert "strict-transport-security" not in headers  # by plain http it would mean nothing


@pytest.mark.parametrize("path", [*PAGES, "/sign-in"])
def test_no_page_holds_a_script_or_a_style_of_its_own(elza: Client, path: str) -> None:
    text = elza.get(path).text
    for script in re.findall(r"<script([^>]*)>", text):
        assert "src=" in script or 'type="application/json"' in script
    assert "<style" not in text
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_no_script_writes_markup() -> None:
    for script in STATIC.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            assert word not in text.replace("without innerHTML", ""), f"{script.name} uses {word}"


def test_no_template_switches_escaping_off() -> None:
    for template in (HERE / "templates").glob("*.html"):
        assert "|safe" not in template.read_text(encoding="utf-8").replace(" ", "")


def test_scripts_and_styles_may_be_kept_for_ever(stranger: Client) -> None:
    answer = stranger.get(f"/static/{static_version()}/page.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert stranger.get("/static/0123456789ab/page.js").status_code == 404


@pytest.mark.parametrize("path", ["../auth.py", "..%2fauth.py", "%2e%2e/auth.py", "....//auth.py"])
def test_nothing_but_scripts_and_styles_is_given(stranger: Client, path: str) -> None:
    assert "hmac" not in stranger.get(f"/static/{static_version()}/{path}").text


def test_a_body_that_is_too_large_is_not_read(elza: Client) -> None:
    answer = elza.http.post("/api/alive", content=b"x" * 70_000, headers={"x-csrf-token": elza.csrf})
    assert answer.status_code == 413
    assert "at most 65536 bytes" in answer.text


def test_a_body_of_no_known_size_is_not_read(centre: Centre) -> None:
    host, _, port = centre.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as raw:
        raw.sendall(b"POST /sign-in HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        assert b" 411 " in raw.recv(200)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"BREW /\r\n",
    ],
)
def test_nonsense_does_not_hurt(centre: Centre, stranger: Client, request_bytes: bytes) -> None:
    host, _, port = centre.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as raw:
        raw.sendall(request_bytes)
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(4096):
            pass
    assert stranger.get("/healthz").status_code == 200


def test_no_asset_comes_from_elsewhere() -> None:
    for path in [*STATIC.rglob("*"), *(HERE / "templates").rglob("*")]:
        if path.is_file():
            text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"https?://", text), f"{path.name} names another site"
