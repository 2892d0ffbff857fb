"""A lost engine, and one that is not there: no call goes on, and the centre says why."""

from pathlib import Path

import pytest

from device.voice import messages as vm
from hub.adapters.voice.adapter import Voice
from hub.core import call_events as ce
from hub.core import effects as fx
from hub.core import events as ev
from hub.core.call_records import Browser
from hub.ports import PermanentAdapterError, SpeechRefusedError
from tests.hub.adapters.voice.spoken_centre import Played, PlayedEngine, SpokenCentre, open_door, over, say, settings


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


def test_an_engine_that_never_starts_is_told_to_a_person_once_and_so_is_its_return(played: Played) -> None:
    for _ in range(5):
        played.engine.say(vm.EngineLost(reason="no port"))
    assert played.count(ce.VoiceLost) == 1
    assert [event for event in played.heard.all if isinstance(event, ev.AdapterFailed)] == [
        ev.AdapterFailed("voice", "start", "the voice engine does not run: no port", lasting=True)
    ]
    played.engine.begin()
    assert played.heard.all[-1] == ev.AdapterRecovered("voice")


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
