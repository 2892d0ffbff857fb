"""What makes the words of the virtual home heard and seen: through the voice engine, or straight into the room.

Rules: the page shows the words of whatever is said. A loudspeaker that is unplugged is one that cannot be found, for
the unit as for the page.
"""

import io
import threading
import time
import wave
from collections.abc import Callable, Iterator
from typing import Any

from device.adapters.prompts import Player, Room, RoomPlayer, Sound, Utterance
from device.ports import PermanentAdapterError
from device.simulator.room import VirtualRoom
from device.voice.messages import FRAME_BYTES, FRAME_S


class Loudspeaker:
    """The player of one home, over all lives of its unit."""

    def __init__(self, room: VirtualRoom) -> None:
        """Speak into a room."""
        self._room = room
        self._into_the_room = _IntoTheRoom(room)
        self._player: Player = self._into_the_room
        self._lock = threading.Lock()
        self._number = 0
        self._last: Utterance | None = None

    def beside(self, engine: Room | None) -> Player:
        """Take the engine of a new life, if it has one, and return the player that is this loudspeaker."""
        self._player = self._into_the_room if engine is None else RoomPlayer(engine, self._into_the_room)
        return self

    def begin(self, utterance: Utterance) -> Sound:
        """Begin to say it. Raises AdapterError."""
        self._refuse_if_broken()
        with self._lock:
            self._number += 1
            self._last = utterance
        return self._player.begin(utterance)

    def probe(self) -> Sound:
        """Say nothing. Raises AdapterError."""
        self._refuse_if_broken()
        return self._player.probe()

    def last(self) -> dict[str, Any] | None:
        """Return what was said last, None where nothing was."""
        with self._lock:
            if self._last is None:
                return None
            said = self._last
            return {"number": self._number, "prompt": said.prompt, "language": said.language, "text": said.words}

    def fall_silent(self) -> None:
        """Forget what was said: the unit is dark."""
        with self._lock:
            self._last = None

    def _refuse_if_broken(self) -> None:
        if self._room.is_broken:
            raise PermanentAdapterError("the loudspeaker is unplugged; plug it in")


class _IntoTheRoom:
    """Plays without an engine: frame by frame, as long as it takes."""

    def __init__(self, room: VirtualRoom) -> None:
        self._room = room

    def begin(self, utterance: Utterance) -> Sound:
        return _Playing(_frames_of(utterance.wav), self._room.sound)

    def probe(self) -> Sound:
        return _Playing(iter(()), self._room.sound)


class _Playing:
    """Frames, each at its time."""

    def __init__(self, frames: Iterator[bytes], sound: Callable[[bytes], None]) -> None:
        self._frames = frames
        self._sound = sound
        self._is_cut = threading.Event()

    def wait(self) -> bool:
        due_s = time.monotonic()
        for frame in self._frames:
            self._sound(frame)
            due_s += FRAME_S
            if self._is_cut.wait(max(0.0, due_s - time.monotonic())):
                return False
        return not self._is_cut.is_set()

    def cut(self) -> None:
        self._is_cut.set()


def _frames_of(wav: bytes) -> Iterator[bytes]:
    with wave.open(io.BytesIO(wav)) as file:
        while frame := file.readframes(FRAME_BYTES // 2):
            yield frame.ljust(FRAME_BYTES, b"\0")
