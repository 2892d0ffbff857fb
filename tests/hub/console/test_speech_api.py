"""Speaking, as JSON: what is asked reaches the core as it was meant, what cannot be meant is refused with a reason."""

from collections.abc import Iterator

import pytest

from device.wire.vocabulary import SpeechMode
from hub.console.call_views import CallOut
from hub.console.live import Snapshot
from hub.core import speech_acts as act
from hub.core.call_events import SpeechActed
from hub.core.call_records import Announcement, Browser, PartKind, Phone
from hub.core.call_view import CallState, CallView, PartState, PartView
from hub.core.effects import ShowCall
from hub.core.events import ConsolesChanged
from hub.ports import IceServer
from tests.centre_voice import FakeVoice
from tests.console_centre import Centre, running
from tests.console_client import Client
from tests.hub.console.conftest import Browse
from tests.waiting import until

OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
VIEW = CallView(
    conversation=7,
    incident_id=1,
    unit_id="unit-001",
    state=CallState.SPEAKING,
    since_s=1.0,
    answered_s=2.0,
    parts=(PartView("in-1", PartKind.UNIT, PartState.SPEAKING, 1.0, "unit-001"),),
)


@pytest.fixture(scope="module")
def voice() -> FakeVoice:
    return FakeVoice((IceServer(("turn:turn.example",), "who", "what"),))


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory, voice: FakeVoice) -> Iterator[Centre]:
    with running(tmp_path_factory.mktemp("spoken"), voice=voice, ping_s=0.1, alive_within_s=30.0) as centre:
        centre.add_operator("Elza", role="administrator")
        yield centre


@pytest.fixture
def operator(spoken: Centre, browse: Browse) -> Client:
    return browse(spoken.url, spoken.session_of("Elza"))


@pytest.mark.parametrize(
    ("path", "body", "wanted"),
    [
        ("call-back", None, act.CallBack()),
        ("hang-up", None, act.HangUp()),
        ("mute", {"is_on": True}, act.Mute(True)),
        ("mode", {"mode": "listen"}, act.SetMode(SpeechMode.LISTEN)),
        ("volume", {"volume": 8}, act.SetVolume(8)),
        ("volume", {"volume": 0, "leg": "out-3"}, act.SetVolume(0, "out-3")),
        ("hold", {"is_on": False}, act.Hold(False)),
        ("transfer", {"operator": "Juris"}, act.Transfer(Browser("Juris"))),
        ("add", {"number": "+371 2000 0001", "name": "Neighbour"}, act.Add(Phone("+37120000001", "Neighbour"))),
        ("add", {"number": "sip:m@phones.example"}, act.Add(Phone("sip:m@phones.example"))),
        ("drop", {"leg": "out-3"}, act.Drop("out-3")),
        ("announce-live", {"reason": "The door stands open."}, act.AnnounceLive("The door stands open.")),
        (
            "announce",
            {"text": "Please shut the door.", "language": "en", "reason": "Smoke next door."},
            act.Announce("Please shut the door.", "en", "Smoke next door."),
        ),
        (
            "announce",
            {"library": "Fire test", "language": "lv", "reason": "Every year."},
            act.Announce("Tikai pārbaude.", "lv", "Every year.", "Fire test"),
        ),
    ],
)
def test_what_is_asked_reaches_the_core(
    spoken: Centre, operator: Client, path: str, body: dict[str, object] | None, wanted: act.SpeechAct
) -> None:
    spoken.keep(Announcement("Fire test", "lv", "Tikai pārbaude."))
    until(lambda: bool(spoken.reader.announcements()), "the library is kept")
    operator.ask(f"/api/incidents/4711/speech/{path}", body)
    heard = [one for one in spoken.heard if isinstance(one, SpeechActed)][-1]
    assert (heard.operator, heard.incident_id, heard.act) == ("Elza", 4711, wanted)


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("mute", {}, "is_on"),
        ("mode", {"mode": "loud"}, "mode"),
        ("volume", {"volume": 11}, "volume"),
        ("volume", {"volume": -1}, "volume"),
        ("transfer", {}, "Choose an operator, or write a number."),
        ("transfer", {"operator": "Juris", "number": "+37120000001"}, "Choose an operator, or write a number."),
        ("add", {"number": "the neighbour"}, "Write a phone number as it is dialled"),
        ("drop", {"leg": ""}, "leg"),
        ("announce", {"language": "en", "reason": "x"}, "Write what is to be said"),
        ("announce", {"text": "a", "library": "b", "language": "en", "reason": "x"}, "Write what is to be said"),
        ("announce", {"text": "a", "language": "de", "reason": "x"}, "language"),
        ("announce", {"text": "a", "language": "en", "reason": " "}, "reason"),
        ("announce", {"text": "a" * 501, "language": "en", "reason": "x"}, "text"),
        ("announce-live", {}, "reason"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    spoken: Centre, operator: Client, path: str, body: dict[str, object], reason: str
) -> None:
    before = len(spoken.heard)
    answer = operator.ask(f"/api/incidents/4711/speech/{path}", body)
    assert (answer.status_code, answer.json()["problem"]) == (422, "invalid")
    assert reason in answer.json()["message"]
    assert not [one for one in spoken.heard[before:] if isinstance(one, SpeechActed)]


def test_words_that_the_library_does_not_have_are_not_said(operator: Client) -> None:
    body = {"library": "Fire test", "language": "fi", "reason": "Every year."}
    assert operator.ask("/api/incidents/4711/speech/announce", body).status_code == 404


def test_a_browser_learns_its_ways_and_joins_the_leg_that_rings_it(operator: Client, voice: FakeVoice) -> None:
    assert operator.get("/api/speech").json() == {
        "has_voice": True,
        "ice_servers": [{"urls": ["turn:turn.example"], "username": "who", "credential": "what"}],
    }
    voice.ringing["out-9"] = "Elza"
    assert operator.ask("/api/speech/answer", {"leg": "out-9", "offer": OFFER}).json()["answer"].startswith("v=0")
    refused = operator.ask("/api/speech/answer", {"leg": "out-9", "offer": OFFER})
    assert (refused.status_code, refused.json()["problem"]) == (409, "no_speech")


@pytest.mark.parametrize("offer", ["", "hello", "v=0", "v=1\r\n", "v=0\r\n" + "a" * 32_000])
def test_an_offer_that_is_none_is_refused(operator: Client, offer: str) -> None:
    assert operator.ask("/api/speech/answer", {"leg": "out-9", "offer": offer}).status_code == 422


def test_a_leg_can_be_declined(operator: Client, voice: FakeVoice) -> None:
    voice.legs.add("out-10")
    voice.ringing["out-10"] = "Elza"
    assert operator.ask("/api/speech/decline", {"leg": "out-10"}).json() == {"ok": True}
    assert voice.declined == ["out-10"]


def test_a_call_is_on_every_screen_until_it_has_ended(spoken: Centre, operator: Client) -> None:
    spoken.console.perform(ShowCall(VIEW))
    until(lambda: bool(calls(operator)), "the call is shown")
    (call,) = calls(operator)
    assert (call.state, call.parts[0].kind, call.answered_s) == ("speaking", "unit", 2.0)
    ended = CallView(VIEW.conversation, 1, "unit-001", CallState.ENDED, 1.0)
    spoken.console.perform(ShowCall(ended))
    until(lambda: not calls(operator), "the call is gone")


def test_who_has_a_microphone_is_told_to_the_core(spoken: Centre, operator: Client) -> None:
    with operator.stream():
        until(
            lambda: operator.ask("/api/alive", {"on_shift": True, "can_speak": True}).json()["streaming"], "it streams"
        )
        assert ConsolesChanged(frozenset({"Elza"}), frozenset({"Elza"})) in spoken.heard
        operator.ask("/api/alive", {"on_shift": True})
        assert spoken.heard[-1] == ConsolesChanged(frozenset({"Elza"}))


def test_without_voice_a_browser_is_told_so(elza: Client) -> None:
    assert elza.get("/api/speech").json() == {"has_voice": False, "ice_servers": []}
    answer = elza.ask("/api/speech/answer", {"leg": "out-1", "offer": OFFER})
    assert (answer.status_code, answer.json()["problem"]) == (409, "no_speech")
    assert elza.page_data("/")["has_voice"] is False


def calls(client: Client) -> tuple[CallOut, ...]:
    return Snapshot.model_validate(client.get("/api/open").json()).calls
