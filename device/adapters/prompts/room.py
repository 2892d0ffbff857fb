"""Plays through the voice engine, which has the room's sound device while there is one; else in another way.

Rules: words are not lost with an engine: what it could not say to the end is said again in the other way, from the
beginning. The other way is not asked while the engine plays, for a sound card often bears only one of them.
"""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from device.adapters.prompts.player import Player, Sound, Utterance
from device.ports import AdapterError

log = logging.getLogger(__name__)


class Room(Protocol):
    """What plays into the room through the engine."""

    def has_sound(self) -> bool:
        """Tell whether it has a sound device that works."""

    def play(self, wav: bytes, duration_s: float) -> Sound:
        """Begin to play. Raises AdapterError."""


class RoomPlayer:
    """Makes the words heard through the engine, or by another player."""

    def __init__(self, room: Room, otherwise: Player) -> None:
        """Take both ways."""
        self._room = room
        self._otherwise = otherwise

    def begin(self, utterance: Utterance) -> Sound:
        """Begin to play it."""
        if self._room.has_sound():
            try:
                first = self._room.play(utterance.wav, utterance.duration_s)
                return _Attempt(first, lambda: self._otherwise.begin(utterance))
            except AdapterError as error:  # it had, a moment ago
                log.warning("the words are said in another way: %s", error)
        return self._otherwise.begin(utterance)

    def probe(self) -> Sound:
        """Find out whether something would be heard: the engine looks after its device by itself."""
        return _Silence() if self._room.has_sound() else self._otherwise.probe()


class _Attempt:
    """Words that are being said and, where that fails, are said again in another way."""

    def __init__(self, first: Sound, begin_again: Callable[[], Sound]) -> None:
        self._sound = first
        self._begin_again = begin_again
        self._lock = threading.Lock()
        self._is_cut = False

    def wait(self) -> bool:
        """Wait for their end, in whichever way."""
        try:
            return self._sound.wait()
        except AdapterError as error:
            log.warning("the words are said in another way: %s", error)
        with self._lock:
            if self._is_cut:
                return False
            self._sound = self._begin_again()
        return self._sound.wait()

    def cut(self) -> None:
        """End them, in whichever way they are being said."""
        with self._lock:
            self._is_cut = True
            self._sound.cut()


class _Silence:
    """Nothing, said to its end."""

    def wait(self) -> bool:
        """It is over."""
        return True

    def cut(self) -> None:
        """There is nothing to end."""
