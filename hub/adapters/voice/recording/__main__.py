"""The recorder: a process of its own, so that no call waits for the disk and no alarm for a call's sound.

Hears commands on its standard input, a socket, and answers there. When that closes, nobody is there to be told how the
recordings ended: they are left with all their sound and without an end, for the centre's next start to find.
"""

import contextlib
import logging
import select
import socket
import time
from collections.abc import Iterator

from hub.adapters.voice.recording import messages as ms
from hub.adapters.voice.recording.keys import Keys
from hub.adapters.voice.recording.taking import Taking
from hub.adapters.voice.recording.writing import Writer
from hub.ports import AdapterError, RecordingLostError

log = logging.getLogger(__name__)

TURN_S = 0.04
"""A socket holds ten frames, which is five turns."""
ALIVE_EVERY_S = 1.0
PIECE_BYTES = 65_536
TROUBLES = (OSError, AdapterError, RecordingLostError)


class Recorder:
    """Every recording."""

    def __init__(self, keys: Keys, line: socket.socket) -> None:
        """Begin with none."""
        self._keys = keys
        self._line = line
        self._takings: dict[str, Taking] = {}
        self._alive_s = 0.0

    @property
    def pause_s(self) -> float:
        """Return how long to wait for the next command."""
        return TURN_S if self._takings else ALIVE_EVERY_S / 2

    def take(self, command: ms.Command) -> None:
        """Do what a command says."""
        match command:
            case ms.OpenRecording():
                self._open(command)
            case ms.CloseRecording():
                self._end(command.recording)

    def turn(self) -> None:
        """Take down what was said meanwhile."""
        now_s = time.monotonic()
        for recording, taking in list(self._takings.items()):
            try:
                taking.turn(now_s)
            except OSError as error:
                del self._takings[recording]
                taking.close()
                self.say(ms.RecordingClosed(recording=recording, seconds=taking.seconds, problem=str(error)))
        if now_s - self._alive_s >= ALIVE_EVERY_S:
            self._alive_s = now_s
            self.say(ms.Alive(recordings=len(self._takings)))

    def leave_all(self) -> None:
        """Write the rest of everything."""
        for taking in self._takings.values():
            with contextlib.suppress(OSError):
                taking.leave(time.monotonic())
            taking.close()

    def say(self, event: ms.Event) -> None:
        """Tell the centre."""
        with contextlib.suppress(OSError):  # it has ended, which the next reading tells
            self._line.sendall(event.model_dump_json().encode() + b"\n")

    def _open(self, command: ms.OpenRecording) -> None:
        try:
            writer = Writer(command.file, self._keys.newest(), self._keys.find)
            self._takings[command.recording] = Taking(writer, command.left, command.right, time.monotonic())
        except TROUBLES as error:
            self.say(ms.RecordingClosed(recording=command.recording, seconds=0, problem=str(error)))

    def _end(self, recording: str) -> None:
        taking = self._takings.pop(recording, None)
        if taking is None:
            return
        problem = ""
        try:
            taking.end(time.monotonic())
        except OSError as error:
            problem = str(error)
        taking.close()
        self.say(ms.RecordingClosed(recording=recording, seconds=taking.seconds, problem=problem))


def run(line: socket.socket) -> None:
    """Record until the other end closes."""
    lines = _Lines(line)
    settings = ms.Settings.model_validate_json(lines.first())
    recorder = Recorder(Keys(settings.keys), line)
    recorder.say(ms.Started())
    while not lines.are_over:
        for text in lines.within(recorder.pause_s):
            recorder.take(ms.COMMANDS.validate_json(text))
        recorder.turn()
    recorder.leave_all()


class _Lines:
    """Reads lines from a socket."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._rest = b""
        self.are_over = False

    def first(self) -> bytes:
        """Return the first line, however long it takes. Raises EOFError where there is none."""
        while b"\n" not in self._rest:
            self._read()
            if self.are_over:
                raise EOFError("the centre has ended before it said what it wants")
        first, _, self._rest = self._rest.partition(b"\n")
        return first

    def within(self, seconds: float) -> Iterator[bytes]:
        """Return the lines that are there, or come within that time."""
        if b"\n" not in self._rest and select.select([self._line], [], [], seconds)[0]:
            self._read()
        *whole, self._rest = self._rest.split(b"\n")
        yield from whole

    def _read(self) -> None:
        try:
            piece = self._line.recv(PIECE_BYTES)
        except OSError:
            piece = b""
        self.are_over = not piece
        self._rest = self._rest + piece if piece else b""


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(levelname)-8s %(name)s: %(message)s")
    run(socket.socket(fileno=0))
