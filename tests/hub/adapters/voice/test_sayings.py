"""What is said to a leg, with a played engine: each saying ends once."""

import pytest

from device.voice import messages as vm
from hub.core import call_events as ce
from hub.core import effects as fx
from tests.hub.adapters.voice.spoken_centre import Played, over, say
from tests.waiting import until


def test_prompts_are_played_in_order_to_their_leg(played: Played) -> None:
    played.arrives()
    played.do(say())
    [play] = played.told(vm.PlayFiles)
    assert isinstance(play, vm.PlayFiles)
    assert [(path.parent.name, path.stem) for path in play.files] == [("lv", "greeting"), ("lv", "looking")]
    assert played.told(vm.SetLinks) == [vm.SetLinks(links=(vm.Link(source=play.point, sink="in-1"),))]
    played.engine.say(vm.PlayEnded(point=play.point, is_complete=True))
    played.engine.say(vm.PlayEnded(point=play.point, is_complete=True))
    assert played.heard.all[-1] == ce.SayingEnded("s1", is_complete=True)
    assert played.count(ce.SayingEnded) == 1
    assert played.told(vm.SetLinks)[-1] == vm.SetLinks()


def test_a_saying_that_was_stopped_is_over_when_the_engine_says_so(
    played: Played, caplog: pytest.LogCaptureFixture
) -> None:
    played.arrives()
    played.do(say(), fx.StopSaying("s1"), fx.StopSaying("s2"))
    [close] = played.told(vm.ClosePoint)
    assert isinstance(close, vm.ClosePoint)
    assert played.count(ce.SayingEnded) == 0
    played.engine.say(vm.PlayEnded(point=close.point, is_complete=False, reason="closed"))
    assert played.heard.all[-1] == ce.SayingEnded("s1", is_complete=False)
    assert "could not play" not in caplog.text


def test_what_cannot_be_played_is_over_and_logged(played: Played, caplog: pytest.LogCaptureFixture) -> None:
    played.arrives()
    played.do(say())
    played.engine.say(vm.PlayEnded(point="say/s1", is_complete=False, reason="no such file"))
    assert played.heard.all[-1] == ce.SayingEnded("s1", is_complete=False)
    assert "no such file" in caplog.text


def test_what_was_said_to_a_leg_is_stopped_when_it_ends(played: Played) -> None:
    played.arrives()
    played.do(say())
    played.engine.say(over("in-1"))
    assert played.told(vm.ClosePoint) == [vm.ClosePoint(point="say/s1")]


def test_a_text_is_removed_when_it_was_played(played: Played) -> None:
    played.arrives()
    played.do(fx.Say("s1", "in-1", fx.Text("The lift works again.", "en")))
    until(lambda: bool(played.told(vm.PlayFiles)), "the text was read")
    [play] = played.told(vm.PlayFiles)
    assert isinstance(play, vm.PlayFiles)
    assert play.files[0].exists()
    played.engine.say(vm.PlayEnded(point=play.point, is_complete=True))
    assert not play.files[0].exists()
