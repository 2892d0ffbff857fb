"""The door's bookkeeping, with a played engine: whatever happens, each leg, saying and recording ends once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from device.voice import messages as vm
from device.wire.vocabulary import CallPurpose
from hub.adapters.voice.adapter import Voice
from hub.adapters.voice.numbers import Directory
from hub.core import call_events as ce
from hub.core import effects as fx
from hub.core import events as ev
from hub.core.call_records import Browser, Phone, UnitOf
from hub.core.effects import Prompt, Spoken
from hub.ports import PermanentAdapterError, SpeechRefusedError
from tests.hub.adapters.voice.operators_browser import operators_browser
from tests.hub.adapters.voice.spoken_centre import PlayedEngine, SpokenCentre, open_door, settings
from tests.waiting import until

DIRECTORY = Directory(trunk="sip:trunk.example", unit_address="sip:{unit_id}@registrar.example")


class Played(SpokenCentre):
    """A door with a played engine."""

    def __init__(self, voice: Voice) -> None:
        super().__init__(voice)
        assert isinstance(voice._engine, PlayedEngine)
        self.engine = voice._engine

    def told(self, kind: type[vm.EngineCommand]) -> list[vm.EngineCommand]:
        return [command for command in self.engine.told.all if isinstance(command, kind)]

    def arrives(self, leg: str = "in-1", from_user: str = "home-17") -> None:
        self.engine.say(
            vm.LegArrived(
                leg=leg,
                from_user=from_user,
                from_host="127.0.0.1",
                to_user="alarm",
                protocol=vm.Protocol.UDP,
                source="127.0.0.1:5080",
            )
        )

    def ended(self, leg: str) -> list[ce.LegEnded]:
        return [event for event in self.heard.all if isinstance(event, ce.LegEnded) and event.leg == leg]

    def do(self, *effects: fx.Effect) -> None:
        for effect in effects:
            self.voice.perform(effect)


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Played]:
    voice = Voice(settings(tmp_path, DIRECTORY), PlayedEngine, lambda: None)
    centre = Played(voice)
    try:
        voice.start(centre.heard)
        yield centre
    finally:
        voice.stop()


@pytest.fixture
def console(centre: Played) -> Played:
    """The same, when browsers can be answered."""
    until(lambda: centre.voice.is_ready, "browsers can be answered")
    return centre


def over(leg: str, status: int = 200, by: vm.EndedBy = vm.EndedBy.THEM) -> vm.LegEnded:
    return vm.LegEnded(leg=leg, status=status, reason="OK", by=by)


# --- legs ---


def test_a_telephone_is_rung_by_the_trunk(centre: Played) -> None:
    centre.do(fx.Ring("p1", Phone("2000 0001"), 1))
    [call] = centre.told(vm.PlaceCall)
    assert call == vm.PlaceCall(leg="p1", uri="sip:+37120000001@trunk.example", from_user="", srtp=vm.Srtp.MANDATORY)


@pytest.mark.parametrize(
    ("purpose", "headers"), [(CallPurpose.SPEAK, {}), (CallPurpose.ANNOUNCE, {"Poga-Purpose": "announce"})]
)
def test_a_unit_is_told_what_the_call_is_for(centre: Played, purpose: CallPurpose, headers: dict[str, str]) -> None:
    centre.do(fx.Ring("u1", UnitOf("home-17"), 1, purpose))
    [call] = centre.told(vm.PlaceCall)
    assert call == vm.PlaceCall(leg="u1", uri="sip:home-17@registrar.example", headers=headers)


def test_an_emergency_number_never_reaches_the_engine(centre: Played) -> None:
    centre.do(fx.Ring("p1", Phone("112"), 1))
    assert [event.status for event in centre.ended("p1")] == [403]
    assert centre.told(vm.PlaceCall) == []


def test_what_the_other_end_does_is_told(centre: Played) -> None:
    centre.do(fx.Ring("p1", Phone("sip:anna@phone.example"), 1))
    for status in (100, 180, 183):
        centre.engine.say(vm.LegProgressed(leg="p1", status=status))
    centre.engine.say(vm.LegAnswered(leg="p1"))
    centre.engine.say(vm.LegHeard(leg="p1"))
    centre.engine.say(vm.DigitHeard(leg="p1", digit="1"))
    centre.engine.say(over("p1", by=vm.EndedBy.SILENCE))
    assert centre.heard.all[1:] == [
        ce.LegRinging("p1"),
        ce.LegRinging("p1"),
        ce.LegAnswered("p1"),
        ce.LegHeard("p1"),
        ce.KeyHeard("p1", "1"),
        ce.LegEnded("p1", 200, "OK", is_silence=True),
    ]


def test_a_call_that_cannot_be_placed_has_ended(centre: Played) -> None:
    centre.do(fx.Ring("p1", Phone("sip:anna@phone.example"), 1))
    centre.engine.say(vm.CommandFailed(command="place_call", subject="p1", reason="no such transport"))
    centre.engine.say(over("p1"))
    assert [(event.status, event.reason) for event in centre.ended("p1")] == [(0, "no such transport")]


def test_calls_that_come_are_answered_refused_and_ended_as_the_core_says(centre: Played) -> None:
    for leg in ("in-1", "in-2", "in-3"):
        centre.arrives(leg)
    centre.do(fx.AnswerCall("in-1"), fx.RefuseCall("in-2", 486), fx.EndCall("in-3"), fx.EndCall("in-9"))
    assert centre.engine.told.all == [
        vm.AnswerLeg(leg="in-1"),
        vm.EndLeg(leg="in-2", status=486),
        vm.EndLeg(leg="in-3"),
    ]
    assert centre.ended("in-3") == []  # the engine says when it has


# --- browsers ---


def test_a_browser_that_rings_is_ended_or_declined_without_a_word_to_the_engine(console: Played) -> None:
    console.do(fx.Ring("b1", Browser("anna"), 1), fx.Ring("b2", Browser("anna"), 1), fx.EndCall("b1"))
    console.voice.decline("b2", "bert")
    assert console.ended("b2") == []
    console.voice.decline("b2", "anna")
    console.voice.decline("b2", "anna")
    assert [event.status for event in console.ended("b1") + console.ended("b2")] == [487, 603]
    assert console.engine.told.all == []


def test_nobody_takes_a_leg_that_does_not_ring_there(console: Played) -> None:
    console.do(fx.Ring("b1", Browser("anna"), 1))
    for leg, operator in (("b1", "bert"), ("b9", "anna")):
        with pytest.raises(SpeechRefusedError, match="does not ring here"):
            console.voice.answer(leg, operator, "v=0")
    assert console.told(vm.OpenSocket) == []


def test_a_leg_is_taken_once_and_rings_on_where_that_fails(console: Played) -> None:
    console.do(fx.Ring("b1", Browser("anna"), 1))
    with pytest.raises(SpeechRefusedError, match="offer"):
        console.voice.answer("b1", "anna", "v=0")
    assert console.told(vm.ClosePoint) == [vm.ClosePoint(point="b1")]
    with operators_browser(440) as first, operators_browser(440) as second:
        first.call(lambda offer: console.voice.answer("b1", "anna", offer))
        with pytest.raises(SpeechRefusedError, match="answered already"):
            second.call(lambda offer: console.voice.answer("b1", "anna", offer))
        console.wait(ce.LegAnswered, leg="b1")
        console.do(fx.EndCall("b1"))
    assert [event.status for event in console.ended("b1")] == [200]
    assert console.told(vm.ClosePoint)[1:] == [vm.ClosePoint(point="b1")]


def test_a_browser_whose_point_the_engine_cannot_make_has_ended(console: Played) -> None:
    console.do(fx.Ring("b1", Browser("anna"), 1))
    with operators_browser(440) as browser:
        browser.call(lambda offer: console.voice.answer("b1", "anna", offer))
        console.engine.say(vm.CommandFailed(command="open_socket", subject="b1", reason="no room"))
        assert [event.reason for event in console.ended("b1")] == ["no room"]


def test_without_an_engine_no_browser_rings(centre: Played) -> None:
    centre.engine.is_running = False
    centre.do(fx.Ring("b1", Browser("anna"), 1))
    assert [event.status for event in centre.ended("b1")] == [503]


# --- sayings ---


def say(saying: str = "s1", leg: str = "in-1") -> fx.Say:
    return fx.Say(saying, leg, Spoken((Prompt.GREETING, Prompt.LOOKING), "lv"))


def test_prompts_are_played_in_order_to_their_leg(centre: Played) -> None:
    centre.arrives()
    centre.do(say())
    [play] = centre.told(vm.PlayFiles)
    assert isinstance(play, vm.PlayFiles)
    assert [(path.parent.name, path.stem) for path in play.files] == [("lv", "greeting"), ("lv", "looking")]
    assert centre.told(vm.SetLinks) == [vm.SetLinks(links=(vm.Link(source=play.point, sink="in-1"),))]
    centre.engine.say(vm.PlayEnded(point=play.point, is_complete=True))
    centre.engine.say(vm.PlayEnded(point=play.point, is_complete=True))
    assert centre.heard.all[-1] == ce.SayingEnded("s1", is_complete=True)
    assert centre.count(ce.SayingEnded) == 1
    assert centre.told(vm.SetLinks)[-1] == vm.SetLinks()


def test_a_saying_that_was_stopped_is_over_when_the_engine_says_so(
    centre: Played, caplog: pytest.LogCaptureFixture
) -> None:
    centre.arrives()
    centre.do(say(), fx.StopSaying("s1"), fx.StopSaying("s2"))
    [close] = centre.told(vm.ClosePoint)
    assert isinstance(close, vm.ClosePoint)
    assert centre.count(ce.SayingEnded) == 0
    centre.engine.say(vm.PlayEnded(point=close.point, is_complete=False, reason="closed"))
    assert centre.heard.all[-1] == ce.SayingEnded("s1", is_complete=False)
    assert "could not play" not in caplog.text


def test_what_cannot_be_played_is_over_and_logged(centre: Played, caplog: pytest.LogCaptureFixture) -> None:
    centre.arrives()
    centre.do(say())
    centre.engine.say(vm.PlayEnded(point="say/s1", is_complete=False, reason="no such file"))
    assert centre.heard.all[-1] == ce.SayingEnded("s1", is_complete=False)
    assert "no such file" in caplog.text


def test_what_was_said_to_a_leg_is_stopped_when_it_ends(centre: Played) -> None:
    centre.arrives()
    centre.do(say())
    centre.engine.say(over("in-1"))
    assert centre.told(vm.ClosePoint) == [vm.ClosePoint(point="say/s1")]


def test_a_text_is_removed_when_it_was_played(centre: Played) -> None:
    centre.arrives()
    centre.do(fx.Say("s1", "in-1", fx.Text("The lift works again.", "en")))
    until(lambda: bool(centre.told(vm.PlayFiles)), "the text was read")
    [play] = centre.told(vm.PlayFiles)
    assert isinstance(play, vm.PlayFiles)
    assert play.files[0].exists()
    centre.engine.say(vm.PlayEnded(point=play.point, is_complete=True))
    assert not play.files[0].exists()


# --- recordings ---


def test_a_recording_is_closed_and_deleted(centre: Played) -> None:
    until(lambda: centre.voice._recorder.is_running, "it can be recorded")
    centre.arrives()
    centre.do(fx.RecordCall(1, "life-1", 1, "in-1"), fx.Bridge(1, (fx.Part("in-1"), fx.Part("b1"))))
    left, right = (command.point for command in centre.told(vm.OpenSocket) if isinstance(command, vm.OpenSocket))
    links = centre.told(vm.SetLinks)[-1]
    assert isinstance(links, vm.SetLinks)
    assert {("in-1", left), ("b1", right)} < {(link.source, link.sink) for link in links.links}
    centre.do(fx.StopRecording("life-1"), fx.StopRecording("life-1"))
    recorded = centre.wait(ce.RecordingEnded, recording_id="life-1")
    assert {command.point for command in centre.told(vm.ClosePoint) if isinstance(command, vm.ClosePoint)} == {
        left,
        right,
    }
    centre.do(fx.DeleteRecording("life-1", recorded.file))
    centre.wait(ce.RecordingDeleted, recording_id="life-1")
    with pytest.raises(PermanentAdapterError):
        centre.do(fx.DeleteRecording("life-1", "../else"))


def test_a_recording_that_fails_is_told_to_a_person_and_so_is_that_it_works_again(
    centre: Played, tmp_path: Path
) -> None:
    blocked = tmp_path / "recordings" / "life-1.pogarec"
    blocked.mkdir()
    centre.do(fx.RecordCall(1, "life-1", 1, "in-1"))
    failed = centre.wait(ev.AdapterFailed)
    assert (failed.adapter, failed.lasting) == ("recording", True)
    centre.do(fx.RecordCall(1, "life-2", 1, "in-1"))
    until(lambda: blocked.with_name("life-2.pogarec").exists(), "it is recorded")
    centre.do(fx.StopRecording("life-2"))
    centre.wait(ev.AdapterRecovered, adapter="recording")


# --- the engine ---


def test_a_lost_engine_takes_every_call_with_it_without_a_word_of_each(console: Played) -> None:
    console.arrives()
    console.do(
        fx.Ring("b1", Browser("anna"), 1),
        fx.RecordCall(1, "life-1", 1, "in-1"),
        fx.Bridge(1, (fx.Part("in-1"), fx.Part("b1"))),
        say(),
    )
    console.engine.say(vm.EngineLost(reason="killed"))
    console.engine.say(over("in-1"))
    console.wait(ce.RecordingEnded)
    assert [type(event) for event in console.heard.all if isinstance(event, ce.CallEvent)] == [
        ce.VoiceStarted,
        ce.CallArrived,
        ce.LegRinging,
        ce.VoiceLost,
        ce.RecordingEnded,
    ]
    with pytest.raises(SpeechRefusedError, match="does not ring here"):
        console.voice.answer("b1", "anna", "v=0")
    told = len(console.engine.told.all)
    console.engine.begin()
    assert len(console.engine.told.all) == told


def test_an_engine_that_never_starts_is_told_to_a_person_once_and_so_is_its_return(centre: Played) -> None:
    for _ in range(5):
        centre.engine.say(vm.EngineLost(reason="no port"))
    assert centre.count(ce.VoiceLost) == 1
    assert [event for event in centre.heard.all if isinstance(event, ev.AdapterFailed)] == [
        ev.AdapterFailed("voice", "start", "the voice engine does not run: no port", lasting=True)
    ]
    centre.engine.begin()
    assert centre.heard.all[-1] == ev.AdapterRecovered("voice")


def test_without_pjsua2_the_centre_goes_on_without_voice_and_says_so(tmp_path: Path) -> None:
    voice = Voice(settings(tmp_path), PlayedEngine, lambda: "pjsua2 is not installed: make pjsua2")
    centre = SpokenCentre(voice)
    with pytest.raises(PermanentAdapterError, match="make pjsua2"):
        voice.start(centre.heard)
    assert centre.heard.all == [ce.VoiceLost("pjsua2 is not installed: make pjsua2")]
    voice.perform(fx.Ring("b1", Browser("anna"), 1))
    assert [event.status for event in centre.heard.all if isinstance(event, ce.LegEnded)] == [503]
    voice.stop()
    voice.stop()


def test_missing_words_are_told_to_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.prompts.spoken.SpokenWords.__init__.__defaults__", (tmp_path,))
    with open_door(Voice(settings(tmp_path), PlayedEngine, lambda: None)) as centre:
        failed = centre.wait(ev.AdapterFailed)
        assert (failed.adapter, "make prompts" in failed.reason) == ("prompts", True)
        centre.voice.perform(say())
        assert not centre.wait(ce.SayingEnded).is_complete
