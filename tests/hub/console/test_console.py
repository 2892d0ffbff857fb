"""The console as a door of the runtime: it opens or says why not, hands over at once, and closes."""

import socket
import threading
from pathlib import Path

import pytest

from hub.adapters.store import open_store
from hub.console import Console, ConsoleSettings
from hub.core.effects import Acknowledge, Reply, Show, ShowCall
from hub.core.records import Incident, IncidentKind, IncidentState, Priority
from hub.ports import PermanentAdapterError, TransientAdapterError
from tests.console_centre import Centre, running
from tests.console_client import Client
from tests.hub.console.conftest import Browse

ALARM = Incident(1, IncidentKind.ALARM, Priority.ALARM, IncidentState.RAISED, 100.0)


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        console = Console(ConsoleSettings(port=taken.getsockname()[1]), store.reader)
        with pytest.raises(PermanentAdapterError, match=r"Address already in use\. Free the port"):
            console.start(lambda _: None)
        console.stop()
    store.close()


def test_a_certificate_that_is_none_is_said(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    for name in ("certificate", "key"):
        (tmp_path / name).write_text("not a certificate")
    settings = ConsoleSettings(port=0, tls_certificate=tmp_path / "certificate", tls_key=tmp_path / "key")
    console = Console(settings, store.reader)
    with pytest.raises(PermanentAdapterError, match="certificate"):
        console.start(lambda _: None)
    console.stop()
    store.close()


def test_its_address_is_known_once_it_serves(centre: Centre, stranger: Client) -> None:
    assert centre.console.url.startswith("http://127.0.0.1:")
    assert centre.console.is_serving
    assert stranger.get("/sign-in").status_code == 200


def test_it_stops_twice_and_performs_nothing_more(tmp_path: Path) -> None:
    with running(tmp_path) as centre:
        console = centre.console
    console.stop()
    assert not console.is_serving
    console.perform(Show(ALARM, ()))
    console.perform(Reply("nobody"))


def test_before_the_start_nothing_is_lost_that_is_in_the_store(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    console = Console(ConsoleSettings(port=0), store.reader)
    console.perform(Show(ALARM, ()))
    console.stop()
    store.close()


def test_it_performs_what_it_says_and_nothing_else(centre: Centre) -> None:
    assert centre.console.performs == (Show, ShowCall, Reply)
    with pytest.raises(PermanentAdapterError, match="does not perform Acknowledge"):
        centre.console.perform(Acknowledge(1))


def test_showing_takes_no_time_though_the_console_is_busy(centre: Centre, signed_in: Browse) -> None:
    """The runtime's thread hands over and goes on: the loop is blocked here, and `perform` returns."""
    server = centre.console._server
    assert server is not None
    blocked, free = threading.Event(), threading.Event()

    def busy() -> None:
        blocked.set()
        free.wait(30)

    server.call(busy)
    assert blocked.wait(30)
    for _ in range(1_000):
        centre.console.perform(Show(ALARM, ()))
    free.set()
    client = signed_in("Elza")
    with client.stream() as stream:
        shown = stream.wait("snapshot").data["incidents"]
    assert [one["incident_id"] for one in shown] == [1]


def test_a_store_that_cannot_be_read_still_shows_the_next_alarm(tmp_path: Path) -> None:
    class Broken:
        def __getattr__(self, name: str) -> object:
            def fail(*_: object) -> None:
                raise TransientAdapterError("the disk is gone")

            return fail

    console = Console(ConsoleSettings(port=0), Broken())  # type: ignore[arg-type]
    console.start(lambda _: None)
    try:
        assert console.first_code is None
        client = Client(console.url)
        answer = client.get("/healthz")
        assert answer.status_code == 200
        page = client.get("/", headers={"cookie": "poga=x"})
        assert page.status_code == 503
        assert "The store cannot be read just now." in page.text
        client.close()
    finally:
        console.stop()
