"""The page: hands and eyes over HTTP, for this machine alone."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from device.config import Centre, Settings
from device.core.effects import Light
from device.prompts.words import Language
from device.simulator.home import TRIGGERS, VirtualHome
from device.simulator.line import Line
from device.simulator.page import HERE, labels, make_page
from tests.mosquitto import free_port
from tests.waiting import until


class Place:
    """A home with its page and its line."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.is_ending = False
        self.line = Line("127.0.0.1", port)
        centre = Centre(host="127.0.0.1", port=port, tls=False)
        self.home = VirtualHome(
            Settings(unit_id="poga-virtual-1", centres=(centre,), triggers=TRIGGERS, data_dir=folder), self.line
        )
        page = make_page(self.home, self.line, lambda: self.is_ending)
        self.browser = TestClient(page, base_url="http://127.0.0.1:8000")

    def act(self, path: str, body: dict[str, Any]) -> int:
        return self.browser.post(f"/api/{path}", json=body).status_code

    @property
    def state(self) -> dict[str, Any]:
        plain: dict[str, Any] = self.browser.get("/api/state").json()
        return plain


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    place.home.plug_in()
    yield place
    place.home.unplug()


def test_every_hand_does_what_it_says(place: Place) -> None:
    assert place.act("press", {"trigger": "button", "down": True}) == 204
    assert place.act("cancel", {"down": True}) == 204
    assert place.state["down"] == ["button", "cancel"]
    for path, body, seen in (
        ("network", {"up": False}, {"network": False}),
        ("network", {"up": True}, {"network": True}),
        ("battery", {"percent": 55.5}, {"battery_percent": 55.5}),
        ("mains", {"on": False}, {"mains": False, "is_on": True}),
        ("battery", {"percent": 0}, {"is_on": False}),
        ("mains", {"on": True}, {"mains": True, "is_on": True}),
        ("loudspeaker", {"works": False}, {"loudspeaker": False}),
        ("lamp", {"works": False}, {"lamp": False}),
    ):
        assert place.act(path, body) == 204
        assert seen.items() <= place.state.items()


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("press", {"trigger": "doorbell", "down": True}, 404),
        ("press", {"trigger": "button"}, 422),
        ("press", {"trigger": "button", "down": True, "hard": True}, 422),
        ("battery", {"percent": 101}, 422),
        ("network", {"up": "maybe"}, 422),
    ],
)
def test_what_cannot_be_done_is_refused(place: Place, path: str, body: dict[str, Any], code: int) -> None:
    assert place.act(path, body) == code
    assert place.state["down"] == []


def test_another_site_cannot_press(place: Place) -> None:
    elsewhere = place.browser.post(
        "/api/press", content=b'{"trigger":"button","down":true}', headers={"Content-Type": "text/plain"}
    )
    assert elsewhere.status_code == 422
    renamed = place.browser.post(
        "/api/press", json={"trigger": "button", "down": True}, headers={"Host": "evil.example"}
    )
    assert renamed.status_code == 400
    assert place.state["down"] == []


def test_every_answer_says_what_a_browser_may_do(place: Place) -> None:
    for path in ("/", "/static/home.js", "/api/state", "/nowhere"):
        policy = place.browser.get(path).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy


def test_no_asset_comes_from_elsewhere_and_nothing_is_inline() -> None:
    html = (HERE / "static" / "index.html").read_text(encoding="utf-8")
    for foreign in ("http:", "https:", "//", "style=", "<style", "onclick", "javascript:"):
        assert foreign not in html.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_a_stream_tells_everything_at_first_and_ends_with_the_program(place: Place) -> None:
    until(lambda: place.state["light"] == "breath", "the unit is awake")
    place.is_ending = False
    with place.browser.stream("GET", "/api/stream") as stream:
        names = []
        for line in stream.iter_lines():
            if line.startswith("event:"):
                names.append(line.removeprefix("event:").strip())
                place.is_ending = True
    assert names[:2] == ["change", "log"]


@pytest.mark.parametrize("language", Language)
def test_the_page_speaks_every_language_of_the_unit(language: Language) -> None:
    said = labels(language)
    assert all(text.strip() for text in said.values())
    assert set(Light) <= set(said)
    assert "{seconds}" in said["seconds_left"]


def test_every_label_is_used_and_every_language_of_a_label_is_known() -> None:
    tables = tomllib.loads((HERE / "labels.toml").read_text(encoding="utf-8"))
    assert all(set(said) == set(Language) for said in tables.values())
    html = (HERE / "static" / "index.html").read_text(encoding="utf-8")
    script = "".join(path.read_text(encoding="utf-8") for path in (HERE / "static").glob("*.js"))
    unused = {
        name
        for name in tables
        if name not in set(Light) and f'data-label="{name}"' not in html and f"labels.{name}" not in script
    }
    assert unused == set()
    asked = {part.split('"')[0] for part in html.split('data-label="')[1:]}
    assert asked <= set(tables)
