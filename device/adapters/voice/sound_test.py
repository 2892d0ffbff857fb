"""The acoustic self-test: the chirp is played into the room and heard again through the microphone.

Rules: one at a time, on a thread of its own, in bounded time; every test that was asked for is answered once. What the
microphone hears is kept in memory for as long as it is looked at, and nowhere else. The engine's echo canceller is
switched off meanwhile, for it would take away the very thing that is listened for. A call ends a test at once.
"""

import itertools
import logging
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from device.adapters.voice import chirp, hearing
from device.adapters.voice.frames import FrameSocket
from device.adapters.voice.room import Room
from device.adapters.voice.switchboard import Switchboard
from device.core.events import SoundTest
from device.ports import AdapterError, TransientAdapterError
from device.voice.messages import (
    CLOCK_HZ,
    FRAME_BYTES,
    ClosePoint,
    EngineCommand,
    OpenSocket,
    SetSound,
    Sound,
    SoundKind,
)

log = logging.getLogger(__name__)

OPENS_WITHIN_S = 2.0
SETTLES_S = 0.5
"""After the echo canceller was switched, before the chirp is played."""
BREAKS_OFF_WITHIN_S = 5.0
FRAMES = hearing.LENGTH * 2 // FRAME_BYTES
HEARS_WITHIN_S = 2 * hearing.LENGTH / CLOCK_HZ
_LOOK_S = 0.05

BROKEN_OFF = "a call came between"


class SoundTester:
    """Tests the sound of one room."""

    def __init__(
        self,
        send: Callable[[EngineCommand], None],
        switchboard: Switchboard,
        room: Room,
        sound: Sound,
        answer: Callable[[SoundTest], None],
    ) -> None:
        """Take the room with its sound; `answer` is told how a test went."""
        self._send = send
        self._switchboard = switchboard
        self._room = room
        self._sound = sound
        self._answer = answer
        self._numbers = itertools.count(1)
        self._is_broken_off = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin a test; where one is being done already, that one answers for both."""
        if self._thread is None or not self._thread.is_alive():
            self._is_broken_off.clear()
            self._thread = threading.Thread(target=self._test, name="sound test", daemon=True)
            self._thread.start()

    def break_off(self) -> None:
        """Leave the room to somebody else; returns at once."""
        self._is_broken_off.set()

    def stop(self) -> None:
        """Test no more."""
        self.break_off()
        if self._thread is not None:
            self._thread.join(BREAKS_OFF_WITHIN_S)

    # --- the thread ---

    def _test(self) -> None:
        try:
            frames = self._listen()
            if self._is_broken_off.is_set():
                test = SoundTest(is_heard=False, detail=BROKEN_OFF)
            else:
                test = hearing.analyse(hearing.samples_of(b"".join(frames)))
        except (AdapterError, OSError) as error:
            test = SoundTest(is_heard=False, detail=str(error)[:256])
        except Exception as error:  # a mistake here must not leave a test without its answer
            log.critical("the sound test failed", exc_info=True)
            test = SoundTest(is_heard=False, detail=f"{type(error).__name__}: {error}"[:256])
        self._answer(test)

    def _listen(self) -> list[bytes]:
        """Play the chirp and return what the microphone heard meanwhile. Raises AdapterError, OSError."""
        cancels_echo = self._sound.kind is SoundKind.CARD and not self._sound.has_own_echo_canceller
        point = f"listening-{next(self._numbers)}"
        with tempfile.TemporaryDirectory(prefix="poga-sound-") as folder:
            ear = FrameSocket(Path(folder, "ear"), Path(folder, "engine"))
            try:
                if cancels_echo:
                    self._send(SetSound(sound=self._sound.model_copy(update={"has_own_echo_canceller": True})))
                self._send(OpenSocket(point=point, path=Path(folder, "engine")))
                self._wait_for(ear)
                self._is_broken_off.wait(SETTLES_S if cancels_echo else 0)
                return self._record(ear, point)
            finally:
                self._switchboard.remove(point)
                self._send(ClosePoint(point=point))
                if cancels_echo:
                    self._send(SetSound(sound=self._sound))
                ear.close()

    def _wait_for(self, ear: FrameSocket) -> None:
        ends_s = time.monotonic() + OPENS_WITHIN_S
        while not ear.announce():
            if time.monotonic() > ends_s:
                raise TransientAdapterError(f"the voice engine has opened no socket within {OPENS_WITHIN_S:g} s")
            self._is_broken_off.wait(_LOOK_S)

    def _record(self, ear: FrameSocket, point: str) -> list[bytes]:
        if self._is_broken_off.is_set():
            return []
        frames: list[bytes] = []
        playing = self._room.play(chirp.wav(), chirp.LENGTH_S, listener=point)
        try:
            ends_s = time.monotonic() + HEARS_WITHIN_S
            while len(frames) < FRAMES and time.monotonic() < ends_s and not self._is_broken_off.is_set():
                frame = ear.hear(_LOOK_S)
                if frame is not None:
                    frames.append(frame)
        finally:
            playing.cut()
        if len(frames) < FRAMES // 2 and not self._is_broken_off.is_set():
            raise TransientAdapterError(f"the microphone gave {len(frames)} of {FRAMES} frames")
        return frames
