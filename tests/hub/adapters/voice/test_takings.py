"""What is being recorded, with a played engine."""

from pathlib import Path

import pytest

from device.voice import messages as vm
from hub.core import call_events as ce
from hub.core import effects as fx
from hub.core import events as ev
from hub.ports import PermanentAdapterError
from tests.hub.adapters.voice.spoken_centre import Played
from tests.waiting import until


def test_a_recording_is_closed_and_deleted(played: Played) -> None:
    until(lambda: played.voice._recorder.is_running, "it can be recorded")
    played.arrives()
    played.do(fx.RecordCall(1, "life-1", 1, "in-1"), fx.Bridge(1, (fx.Part("in-1"), fx.Part("b1"))))
    left, right = (command.point for command in played.told(vm.OpenSocket) if isinstance(command, vm.OpenSocket))
    links = played.told(vm.SetLinks)[-1]
    assert isinstance(links, vm.SetLinks)
    assert {("in-1", left), ("b1", right)} < {(link.source, link.sink) for link in links.links}
    played.do(fx.StopRecording("life-1"), fx.StopRecording("life-1"))
    recorded = played.wait(ce.RecordingEnded, recording_id="life-1")
    assert {command.point for command in played.told(vm.ClosePoint) if isinstance(command, vm.ClosePoint)} == {
        left,
        right,
    }
    played.do(fx.DeleteRecording("life-1", recorded.file))
    played.wait(ce.RecordingDeleted, recording_id="life-1")
    with pytest.raises(PermanentAdapterError):
        played.do(fx.DeleteRecording("life-1", "../else"))


def test_a_recording_that_fails_is_told_to_a_person_and_so_is_that_it_works_again(
    played: Played, tmp_path: Path
) -> None:
    blocked = tmp_path / "recordings" / "life-1.pogarec"
    blocked.mkdir()
    played.do(fx.RecordCall(1, "life-1", 1, "in-1"))
    failed = played.wait(ev.AdapterFailed)
    assert (failed.adapter, failed.lasting) == ("recording", True)
    played.do(fx.RecordCall(1, "life-2", 1, "in-1"))
    until(lambda: blocked.with_name("life-2.pogarec").exists(), "it is recorded")
    played.do(fx.StopRecording("life-2"))
    played.wait(ev.AdapterRecovered, adapter="recording")
