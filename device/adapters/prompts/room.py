"""Plays through the voice engine, which has the room's sound device while there is one; else in another way.

Rules: words are not lost with an engine: what it could not say to the end is said again, from the beginning, by the
next engine or in the other way. The other way is not taken while an engine has the sound card or is about to take it,
for a card often bears only one of them.
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

    def await_sound(self) -> bool:
        """Tell the same, as soon as an engine that has just been started could say it."""

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
        sound = self._begin_through_engine(utterance)
        if sound is None:
            return self._otherwise.begin(utterance)
        return _Attempt(sound, lambda: self._begin_through_engine(utterance) or self._otherwise.begin(utterance))

    def _begin_through_engine(self, utterance: Utterance) -> Sound | None:
        if not self._room.await_sound():
            return None
        try:
            return self._room.play(utterance.wav, utterance.duration_s)
        except AdapterError as error:  # it had, a moment ago
            log.warning("the words are said in another way: %s", error)
            return None

    def probe(self) -> Sound:
        """Find out whether something would be heard: the engine looks after its device by itself."""
        return _Silence() if self._room.has_sound() else self._otherwise.probe()


class _Attempt:
    """Words that an engine says and, where that fails, are said once again."""

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
            problem = error
        return not self._is_cut and self._say_again(problem)

    def cut(self) -> None:
        """End them, in whichever way they are being said."""
        with self._lock:
            self._is_cut = True
            self._sound.cut()

    def _say_again(self, problem: AdapterError) -> bool:
        log.warning("the words are said again: %s", problem)
        sound = self._begin_again()  # which may take a while, so that no lock is held
        with self._lock:
            self._sound = sound
            if self._is_cut:
                sound.cut()
        return sound.wait()


class _Silence:
    """Nothing, said to its end."""

    def wait(self) -> bool:
        """It is over."""
        return True

    def cut(self) -> None:
        """There is nothing to end."""
