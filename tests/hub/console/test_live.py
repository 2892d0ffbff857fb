"""What browsers hear live: a snapshot, every change, a sign of life; and who is known to listen."""

import json
import socket

from hub.core import events as ev
from tests.console_centre import Centre
from tests.console_client import Client
from tests.hub.console.conftest import SignIn
from tests.waiting import until

JURIS = frozenset({"Juris"})


def last_roster(centre: Centre) -> frozenset[str] | None:
    told = [event.operators for event in centre.heard if isinstance(event, ev.ConsolesChanged)]
    return told[-1] if told else None


def test_a_stream_begins_with_all_that_is_open(centre: Centre, elza: Client, home: str) -> None:
    incident = centre.press(home, "kitchen")
    with elza.stream() as stream:
        snapshot = stream.wait("snapshot").data
    shown = next(one for one in snapshot["incidents"] if one["incident_id"] == incident.incident_id)
    assert (shown["subject"], shown["state"], shown["priority"]) == ("kitchen", "raised", "alarm")
    assert shown["home"]["address"].startswith("Izdomu iela")
    assert snapshot["omitted"] == 0


def test_everybody_sees_who_was_first(centre: Centre, elza: Client, juris: Client, home: str) -> None:
    with elza.stream() as mine, juris.stream() as theirs:
        mine.wait("snapshot"), theirs.wait("snapshot")
        incident = centre.press(home)
        for stream in (mine, theirs):
            stream.wait("incident", incident_id=incident.incident_id, state="raised")
        elza.ask(f"/api/incidents/{incident.incident_id}/accept")
        for stream in (mine, theirs):
            stream.wait("incident", incident_id=incident.incident_id, state="accepted", owner="Elza")
        elza.ask(f"/api/incidents/{incident.incident_id}/close", {"outcome": "test"})
        theirs.wait("incident", incident_id=incident.incident_id, state="closed")


def test_the_home_comes_with_a_new_alarm_or_right_after_it(centre: Centre, elza: Client, home: str) -> None:
    with elza.stream() as stream:
        stream.wait("snapshot")
        incident = centre.press(home)
        event = stream.wait("incident", incident_id=incident.incident_id, home_is_read=True)
        assert event.data["home"]["unit_id"] == home


def test_an_edit_of_the_register_reaches_the_screens(centre: Centre, elza: Client, home: str) -> None:
    incident = centre.press(home)
    with elza.stream() as stream:
        stream.wait("snapshot")
        unit = elza.get(f"/api/units/{home}").json()["home"]
        answer = elza.ask(f"/api/premises/{unit['premises_id']}", {"address": "Jaunā iela 9"}, "PUT")
        assert answer.status_code == 200
        until(
            lambda: any(
                one.data["incident_id"] == incident.incident_id and one.data["home"]["address"] == "Jaunā iela 9"
                for one in stream.events.all
                if one.name == "incident"
            ),
            "the new address is shown",
        )


def test_numbers_grow_over_a_restart_and_the_session_lasts(centre: Centre, elza: Client, home: str) -> None:
    incident = centre.press(home)
    with elza.stream() as stream:
        before = stream.wait("ping").number
    centre.stop()
    centre.start()
    with elza.stream() as stream:
        snapshot = stream.wait("snapshot")
    assert snapshot.number > before
    assert incident.incident_id in {one["incident_id"] for one in snapshot.data["incidents"]}


def test_the_centre_says_every_moment_that_it_lives(elza: Client) -> None:
    with elza.stream() as stream:
        first, second = stream.wait("ping", 1), stream.wait("ping", 2)
    assert second.data["now_s"] > first.data["now_s"]
    assert second.number > first.number


def test_stopping_the_centre_ends_every_stream(centre: Centre, elza: Client) -> None:
    with elza.stream() as stream:
        stream.wait("snapshot")
        centre.stop()
        assert stream.has_ended.wait(30)
    centre.start()


# --- who is at a console ---


def test_an_operator_is_live_with_a_stream_a_word_and_a_shift(centre: Centre, juris: Client) -> None:
    assert juris.ask("/api/alive", {"on_shift": True}).json() == {"streaming": False}
    with juris.stream() as stream:
        stream.wait("snapshot")
        assert juris.ask("/api/alive", {"on_shift": False}).json() == {"streaming": True}
        assert "Juris" not in (last_roster(centre) or ())
        juris.ask("/api/alive", {"on_shift": True})
        until(lambda: last_roster(centre) == JURIS, "Juris is live")
        assert "Juris" in stream.wait("ping", on_shift=["Juris"]).data["on_shift"]
    until(lambda: last_roster(centre) == frozenset(), "Juris is not live without a stream")


def test_a_browser_that_says_nothing_is_not_live(centre: Centre, juris: Client) -> None:
    with juris.stream() as stream:
        stream.wait("snapshot")
        juris.ask("/api/alive", {"on_shift": True})
        until(lambda: last_roster(centre) == JURIS, "Juris is live")
        until(lambda: last_roster(centre) == frozenset(), "Juris is silent for too long")


def test_of_two_browsers_one_is_enough(centre: Centre, signed_in: SignIn) -> None:
    one, other = signed_in("Juris"), signed_in("Juris")
    with one.stream() as first:
        first.wait("snapshot")
        with other.stream() as second:
            second.wait("snapshot")
            other.ask("/api/alive", {"on_shift": True})
            one.ask("/api/alive", {"on_shift": True})
            until(lambda: last_roster(centre) == JURIS, "Juris is live")
        one.ask("/api/alive", {"on_shift": True})
        assert last_roster(centre) == JURIS


# --- bounds ---


def test_there_are_never_too_many_streams(centre: Centre, elza: Client) -> None:
    streams = centre.console._parts.live.streams  # type: ignore[union-attr]
    streams._most, most = len(streams) + 1, streams._most
    try:
        with elza.stream() as first:
            first.wait("snapshot")
            answer = elza.get("/live")
            assert (answer.status_code, answer.json()["problem"]) == (503, "too_many")
    finally:
        streams._most = most


def test_a_reader_that_reads_nothing_is_dropped_and_holds_up_nobody(
    centre: Centre, elza: Client, juris: Client, home: str
) -> None:
    parts, server = centre.console._parts, centre.console._server
    assert parts is not None
    assert server is not None
    streams = parts.live.streams
    host, _, port = centre.url.removeprefix("http://").partition(":")
    with socket.socket() as stalled, elza.stream() as stream:
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.connect((host, int(port)))
        stalled.sendall(f"GET /live HTTP/1.1\r\nhost: x\r\ncookie: poga={juris.http.cookies['poga']}\r\n\r\n".encode())
        until(lambda: len(streams) == 2, "both streams are open")
        filler = json.dumps({"now_s": 1.0, "on_shift": ["x" * 50_000]})

        def floods() -> bool:
            server.call(streams.publish, "ping", filler)
            return streams.dropped == 1

        until(floods, "the stalled reader is dropped")
        incident = centre.press(home)
        stream.wait("incident", incident_id=incident.incident_id)
        until(lambda: len(streams) == 1, "only the other stream is left")
