"""A whole home that calls: the unit's program with its engine, a broker, and a centre that answers."""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from device.wire import messages as wire
from device.wire.messages import SoundTested
from tests.device.voice.party import needs_pjsua2
from tests.mosquitto import RealMosquitto
from tests.played_home import UNIT, Played
from tests.scripted_centre import ScriptedCentre
from tests.speech.called_centre import CalledCentre, called_centre
from tests.waiting import until

pytestmark = needs_pjsua2


class Called:
    """A home whose unit may call, and both ends of its centre."""

    def __init__(self, home: Played, messages: ScriptedCentre, voice: CalledCentre) -> None:
        self.home = home
        self.messages = messages
        self.voice = voice

    def call(self) -> dict[str, Any]:
        call: dict[str, Any] = self.home.state["call"]
        return call

    def press(self) -> None:
        self.home.act("press", trigger="button", down=True)
        self.messages.wait_for("alarm_raised")  # a press that is over sooner than anybody looks may be noise
        self.home.act("press", trigger="button", down=False)

    def engine_pid(self) -> int:
        """The one child of the program that is a voice engine."""
        tasks = Path(f"/proc/{self.home.child.pid}/task").iterdir()
        pids = [int(pid) for task in tasks for pid in (task / "children").read_text().split()]
        (engine,) = [pid for pid in pids if b"device.voice" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        return engine

    def tested(self, count: int) -> SoundTested:
        self.messages.order(wire.TestSound())
        body = self.messages.wait_for("sound_tested", count).body
        assert isinstance(body, SoundTested)
        return body


@pytest.fixture
def called(tmp_path: Path) -> Iterator[Called]:
    with (
        tempfile.TemporaryDirectory(prefix="poga-") as short,
        called_centre(Path(short)) as voice,
        RealMosquitto(tmp_path) as broker,
        ScriptedCentre(broker.port, UNIT) as messages,
        closing(Played(tmp_path, broker.port, "--call", voice.uri)) as home,
    ):
        home.until_light("steady")
        until(lambda: any("SoundFound" in line["event"] for line in home.state["log"]), "the unit has voice and sound")
        yield Called(home, messages, voice)


def test_a_killed_engine_costs_a_moment_of_speech_and_nothing_of_the_alarm(called: Called) -> None:
    called.press()
    called.voice.answer()
    until(lambda: called.call()["microphone"], "the room is heard")
    os.kill(called.engine_pid(), signal.SIGKILL)
    until(lambda: not called.call()["has_voice"], "the voice is lost")
    assert not called.call()["microphone"]
    assert called.home.state["alarm"]["state"] == "received"
    again = called.voice.answer()
    alarm = called.messages.wait_for("alarm_raised")
    assert again.headers["Poga-Alarm"] == str(alarm.key)
    until(lambda: called.call()["microphone"], "the room is heard again")


def test_the_virtual_room_gives_the_chirp_back_unless_its_loudspeaker_is_unplugged(called: Called) -> None:
    heard = called.tested(1)
    assert heard.is_heard
    assert heard.level_db is not None
    assert -18 < heard.level_db < -6
    called.home.act("loudspeaker", works=False)
    assert not called.tested(2).is_heard
    until(lambda: "sound_weak" in called.home.state["faults"], "the fault is known")
    called.home.act("loudspeaker", works=True)
    assert called.tested(3).is_heard
    until(lambda: "sound_weak" not in called.home.state["faults"], "the fault is gone")


def test_the_program_ends_in_good_order_and_its_engine_with_it(called: Called) -> None:
    pid = called.engine_pid()
    assert called.home.end() == (0, f"Virtual home: {called.home.ready['url']}\n", "")
    assert not Path(f"/proc/{pid}").exists()
