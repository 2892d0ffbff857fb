"""Recordings: noted before the first sound, for those who may, whole or in pieces."""

from collections.abc import Iterator
from typing import Any

import pytest

from hub.core import events as ev
from hub.core.call_records import Recording
from tests.centre_voice import FakeRecordings, FakeVoice
from tests.console_centre import Centre, running
from tests.console_client import Client
from tests.hub.console.conftest import Browse
from tests.waiting import until

FILE = "recording-1"
SOUND = f"/api/recordings/{FILE}/sound"


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    recordings = FakeRecordings()
    recordings.add(FILE)
    with running(tmp_path_factory.mktemp("spoken"), voice=FakeVoice(), recordings=recordings) as centre:
        for name, role in (("Elza", "administrator"), ("Juris", "operator"), ("Vera", "operator")):
            centre.add_operator(name, role)
        centre.keep(Recording(FILE, incident(centre), 0.0, 1e12, file=FILE, seconds=2.0))
        centre.keep(Recording("going-on", incident(centre), 0.0, 1e12))
        centre.keep(Recording("deleted", incident(centre), 0.0, 1.0, file="deleted", seconds=2.0, deleted_s=2.0))
        centre.keep(Recording("damaged", incident(centre), 0.0, 1e12, file="damaged", seconds=2.0))
        until(lambda: len(centre.reader.recordings(incident(centre))) == 4, "the recordings are kept")
        yield centre


def incident(centre: Centre) -> int:
    """Return the one incident, which Juris has."""
    found = centre.reader.open_incidents()
    if not found:
        home = centre.add_home(1, "Anna Paraudziņa", "Izdomu iela 1, Paraugpils")
        raised = centre.press(home)
        centre.runtime.report(ev.OperatorActed("", "Juris", raised.incident_id, ev.Act.ACCEPT))
        until(lambda: centre.reader.open_incidents()[0].owner == "Juris", "Juris has it")
        return raised.incident_id
    return found[0].incident_id


def as_shown(spoken: Centre, client: Client) -> dict[str, Any]:
    """Return the recording as its incident shows it."""
    recordings: list[dict[str, Any]] = client.get(f"/api/incidents/{incident(spoken)}").json()["recordings"]
    return next(one for one in recordings if one["recording_id"] == FILE)


def browser(spoken: Centre, browse: Browse, name: str) -> Client:
    return browse(spoken.url, spoken.session_of(name))


@pytest.mark.parametrize("name", ["Elza", "Juris"])
def test_it_is_heard_only_after_the_listening_is_kept(spoken: Centre, browse: Browse, name: str) -> None:
    client = browser(spoken, browse, name)
    assert client.get(SOUND).json()["problem"] == "not_yours_to_hear"
    assert client.ask(f"/api/recordings/{FILE}/listenings").status_code == 201
    assert name in [one.operator for one in spoken.reader.listenings(FILE)]
    whole = client.get(SOUND)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    assert whole.content[:4] == b"RIFF"
    assert len(whole.content) == int(whole.headers["content-length"]) == 44 + 2 * 64_000
    shown = as_shown(spoken, client)
    assert shown["is_yours_to_hear"]
    assert name in [one["operator"] for one in shown["listenings"]]


def test_it_is_wound_on_and_back_without_another_note(spoken: Centre, browse: Browse) -> None:
    client = browser(spoken, browse, "Elza")
    client.ask(f"/api/recordings/{FILE}/listenings")
    noted = len(spoken.reader.listenings(FILE))
    piece = client.http.get(SOUND, headers={"range": "bytes=44-143"})
    assert (piece.status_code, piece.headers["content-range"]) == (206, f"bytes 44-143/{44 + 128_000}")
    assert len(piece.content) == 100
    rest = client.http.get(SOUND, headers={"range": "bytes=128000-"})
    assert len(rest.content) == 44
    beyond = client.http.get(SOUND, headers={"range": "bytes=999999-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{44 + 128_000}")
    assert client.http.get(SOUND, headers={"range": "bytes=200-100"}).status_code == 416
    assert len(spoken.reader.listenings(FILE)) == noted


def test_whoever_never_had_the_incident_does_not_hear_it(spoken: Centre, browse: Browse) -> None:
    vera = browser(spoken, browse, "Vera")
    refused = vera.ask(f"/api/recordings/{FILE}/listenings")
    assert (refused.status_code, refused.json()["problem"]) == (403, "not_yours_to_hear")
    assert vera.get(SOUND).status_code == 403
    assert not as_shown(spoken, vera)["is_yours_to_hear"]
    assert "Vera" not in [one.operator for one in spoken.reader.listenings(FILE)]


@pytest.mark.parametrize(("recording", "status"), [("nothing", 404), ("going-on", 410), ("deleted", 410)])
def test_what_cannot_be_heard_is_not_noted(spoken: Centre, browse: Browse, recording: str, status: int) -> None:
    client = browser(spoken, browse, "Elza")
    assert client.ask(f"/api/recordings/{recording}/listenings").status_code == status
    assert not spoken.reader.listenings(recording)


def test_a_damaged_one_says_so(spoken: Centre, browse: Browse) -> None:
    client = browser(spoken, browse, "Elza")
    client.ask("/api/recordings/damaged/listenings")
    answer = client.get("/api/recordings/damaged/sound")
    assert (answer.status_code, answer.json()["problem"]) == (410, "recording_lost")
