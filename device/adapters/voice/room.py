"""The sound of the room: plays a file there, for whoever has something to say, while the engine has a sound device.

Rules: what is played comes from memory, and no disk is asked for it; whoever waits for its end always comes back, with
the engine or without.
"""

import itertools
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from device.adapters.voice.switchboard import Switchboard
from device.ports import TransientAdapterError
from device.voice.messages import ClosePoint, EngineCommand, PlayEnded, PlayFiles

SOON_S = 4.0
"""An engine that has just been started has found its sound device within this, if there is one."""
PATIENCE_S = 5.0
"""What has not ended after this, and after twice its length, never will."""


class Room:
    """Plays through an engine. Used from any thread."""

    def __init__(self, send: Callable[[EngineCommand], None], switchboard: Switchboard) -> None:
        """Take how the engine is told; there is no sound yet."""
        self._send = send
        self._switchboard = switchboard
        self._lock = threading.Condition()
        self._device: str | None = None
        self._is_expected_until_s = 0.0
        self._playing: dict[str, Playing] = {}
        self._numbers = itertools.count(1)

    def has_sound(self) -> bool:
        """Tell whether the engine has a sound device that works."""
        return self._device is not None

    def await_sound(self) -> bool:
        """Tell the same, as soon as an engine that has just been started could say it."""
        with self._lock:
            while self._device is None:
                left_s = self._is_expected_until_s - time.monotonic()
                if left_s <= 0:
                    return False
                self._lock.wait(left_s)
            return True

    def play(self, wav: bytes, duration_s: float, listener: str | None = None) -> "Playing":
        """Begin to play; `listener` is a point that hears the room from the same moment on.

        Raises:
            TransientAdapterError: the engine has no sound now.
        """
        with self._lock:
            if self._device is None:
                raise TransientAdapterError("the voice engine has no sound device now")
            playing = Playing(self, f"words-{next(self._numbers)}", wav, 2 * duration_s + PATIENCE_S)
            self._playing[playing.point] = playing
        self._send(PlayFiles(point=playing.point, files=(playing.path,)))
        self._switchboard.play(playing.point, listener)
        return playing

    def close(self, playing: "Playing") -> None:
        """Play it no more."""
        with self._lock:
            was_playing = self._playing.pop(playing.point, None) is not None
        if was_playing:
            self._switchboard.remove(playing.point)
            self._send(ClosePoint(point=playing.point))
            playing.end(is_complete=False)

    def fall_silent(self) -> None:
        """Cut whatever is played, and play nothing any more."""
        self.lost("")

    # --- what the engine says ---

    def found(self, device: str) -> bool:
        """Know that there is a sound device; tell whether that is news."""
        with self._lock:
            is_news, self._device = device != self._device, device
            self._lock.notify_all()
        return is_news

    def expect(self) -> None:
        """Know that an engine has just been started."""
        self._is_expected_until_s = time.monotonic() + SOON_S

    def lost(self, reason: str, *, is_expected: bool = False) -> None:
        """Know that there is none: nothing goes on. `is_expected`: an engine is on its way that may find one."""
        with self._lock:
            self._device = None
            self._is_expected_until_s = time.monotonic() + SOON_S if is_expected else 0.0
            self._lock.notify_all()
            playing, self._playing = list(self._playing.values()), {}
        for one in playing:
            self._switchboard.remove(one.point)
            self._send(ClosePoint(point=one.point))
            one.end(is_complete=False, problem=reason)

    def ended(self, event: PlayEnded) -> None:
        """Know that a player is through."""
        with self._lock:
            playing = self._playing.pop(event.point, None)
        if playing is not None:
            self._switchboard.remove(playing.point)
            playing.end(event.is_complete, "" if event.is_complete else event.reason or "it was ended")


class Playing:
    """Something that is being played: a file in memory, which the engine reads once."""

    def __init__(self, room: Room, point: str, wav: bytes, limit_s: float) -> None:
        self.point = point
        self._room = room
        self._limit_s = limit_s
        self._over = threading.Event()
        self._is_complete = False
        self._problem = ""
        self._memory = os.fdopen(os.memfd_create(point), "wb")
        self._memory.write(wav)
        self._memory.flush()
        self.path = Path(f"/proc/{os.getpid()}/fd/{self._memory.fileno()}")

    def wait(self) -> bool:
        """Wait for its end; tell whether it was played to the end (False: cut). Raises TransientAdapterError."""
        if not self._over.wait(self._limit_s):
            self._problem = f"the voice engine has not played it within {self._limit_s:.0f} s; it is told to stop"
            self.cut()
        if self._problem:
            raise TransientAdapterError(self._problem)
        return self._is_complete

    def cut(self) -> None:
        """End it now. Called from any thread."""
        self._room.close(self)

    def end(self, is_complete: bool, problem: str = "") -> None:
        """Know that it is over; said once, by whoever took it out of the room."""
        self._memory.close()
        self._is_complete, self._problem = is_complete, self._problem or problem
        self._over.set()
