"""What the bridge links beside legs: what plays, what records, what is a socket.

Rules: a player waits for the first who hears it, and is closed when it is through. Everything is made and ended in the
owner's thread.
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from device.voice.frame_port import FramePort
from device.voice.links import Links
from device.voice.messages import ROOM, EngineEvent, OpenSocket, PlayEnded, PlayFiles, RecordFile
from device.voice.pjsip import pj, said
from device.voice.refusal import CommandRefusedError
from device.voice.socket_line import SocketLine
from device.voice.tape import Clip, Tape, TapeError, load

log = logging.getLogger(__name__)

CLOSED = "closed"


class Point(Protocol):
    """Something the bridge can link."""

    @property
    def media(self) -> Any:
        """Return it as PJSIP knows it."""

    def close(self) -> None:
        """End it."""


class Player:
    """Plays clips one after the other."""

    def __init__(self, name: str, clips: Sequence[Clip], repeats: bool) -> None:
        self._name = name
        self._clips = list(clips)
        self._repeats = repeats
        self._next = 0
        self._tape: Tape
        self.media: Any = None
        self._load()

    def look(self) -> bool:
        """Go on to the next clip where one is over; tell whether the sound is another now."""
        if not self._tape.is_over or self.is_over:
            return False
        self.media.destroy()
        self._load()
        return True

    @property
    def is_over(self) -> bool:
        """Tell whether all has been played."""
        return self._tape.is_over and self._next >= len(self._clips) and not self._repeats

    def close(self) -> None:
        """End it."""
        self.media.destroy()

    def _load(self) -> None:
        clip = self._clips[self._next % len(self._clips)]
        self._next += 1
        self._tape = Tape(clip, self._repeats and len(self._clips) == 1)
        self.media = FramePort(self._name, take=self._tape.take, clock_hz=clip.rate_hz)


class Recorder:
    """Writes what it hears to a WAV file."""

    def __init__(self, path: Path) -> None:
        self.media = pj.AudioMediaRecorder()
        self.media.createRecorder(str(path))

    def close(self) -> None:
        """End it; the file is complete a moment later."""
        self.media = None


class Socket:
    """Gives another process what it hears, and says what that sends."""

    def __init__(self, name: str, path: Path) -> None:
        self._line = SocketLine(path)
        try:
            self.media = FramePort(name, take=self._line.take, put=self._line.put)
        except pj.Error:
            self._line.close()
            raise

    def close(self) -> None:
        """End it."""
        self.media.destroy()
        self._line.close()


class Points:
    """All of them, by name."""

    def __init__(self, links: Links, say: Callable[[EngineEvent], None]) -> None:
        self._links = links
        self._say = say
        self._open: dict[str, Point] = {}

    @property
    def has_players(self) -> bool:
        """Tell whether somebody has to look when a player is through."""
        return any(isinstance(point, Player) for point in self._open.values())

    def media_of(self, name: str) -> Any:
        """Return a point as PJSIP knows it, or None."""
        point = self._open.get(name)
        return point.media if point else None

    def play(self, command: PlayFiles) -> None:
        """Begin to play. A file that cannot be played ends it before it has begun."""
        self._check_new(command.point)
        try:
            clips = load(command.files)
        except TapeError as error:
            self._say(PlayEnded(point=command.point, is_complete=False, reason=str(error)))
            return
        self.add(command.point, Player(command.point, clips, command.repeats))

    def record(self, command: RecordFile) -> None:
        """Begin to record. Raises CommandRefusedError."""
        self._check_new(command.point)
        try:
            self.add(command.point, Recorder(command.path))
        except pj.Error as error:
            raise CommandRefusedError(f"{command.path} cannot be written: {said(error)}") from None

    def open_socket(self, command: OpenSocket) -> None:
        """Begin to exchange frames. Raises CommandRefusedError."""
        self._check_new(command.point)
        self.add(command.point, Socket(command.point, command.path))

    def add(self, name: str, point: Point) -> None:
        """Take a point in."""
        self._open[name] = point
        self._links.appear(name)

    def close(self, name: str) -> None:
        """End a point. Raises CommandRefusedError."""
        point = self._open.pop(name, None)
        if point is None:
            raise CommandRefusedError("there is no such point")
        self._links.vanish(name)
        point.close()
        if isinstance(point, Player):
            self._say(PlayEnded(point=name, is_complete=point.is_over, reason="" if point.is_over else CLOSED))

    def look(self) -> None:
        """Close the players that are through, and let the others go on."""
        players = [(name, point) for name, point in self._open.items() if isinstance(point, Player)]
        for name, player in players:
            if player.is_over:
                self.close(name)
            elif player.look():
                self._links.appear(name)

    def close_all(self) -> None:
        """End all of them, in silence."""
        for name in list(self._open):
            self._links.vanish(name)
            self._open.pop(name).close()

    def _check_new(self, name: str) -> None:
        if name in self._open or name == ROOM:
            raise CommandRefusedError("there is a point of this name already")
