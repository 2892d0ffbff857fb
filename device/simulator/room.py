"""The sound of the virtual home: its loudspeaker is heard on the page, and the page's microphone is the unit's.

Rules: pages that listen hear the same; the one that spoke up last is the one that is heard. While no call hears the
room, the microphone hears what the loudspeaker says, as in any room, so that the unit can test its sound; in a call the
browser's echo canceller takes that away. A loudspeaker that is unplugged says nothing, to nobody.
"""

import tempfile
import threading
from array import array
from collections.abc import Callable
from pathlib import Path

from device.adapters.voice import FrameSocket

Listener = Callable[[bytes], None]

LOOK_S = 0.25
"""An engine is told so often where sound is wanted, while none comes: it may be a new one."""
ECHO_SHIFT = 2
"""Of each sample: the microphone hears the loudspeaker 12 dB softer."""


class VirtualRoom:
    """A loudspeaker, a microphone, and the air between them. Used from any thread."""

    def __init__(self, is_heard: Callable[[], bool]) -> None:
        """Furnish it; `is_heard` tells whether a call hears the room."""
        self.is_broken = False
        self._is_heard = is_heard
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._speaker: object = None
        self._socket: FrameSocket | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._thread: threading.Thread | None = None

    @property
    def engine_socket(self) -> Path | None:
        """Where an engine finds this room, while it is open."""
        return None if self._folder is None else Path(self._folder.name, "engine")

    def open(self) -> None:
        """Let sound pass."""
        self._folder = tempfile.TemporaryDirectory(prefix="poga-room-")
        self._socket = FrameSocket(Path(self._folder.name, "room"), Path(self._folder.name, "engine"))
        self._thread = threading.Thread(target=self._pass_on, args=(self._socket,), name="room", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let nothing pass any more."""
        folder, self._folder = self._folder, None
        opened, self._socket = self._socket, None
        if folder is not None and opened is not None and self._thread is not None:
            opened.close()
            self._thread.join()
            folder.cleanup()

    def listen(self, listener: Listener) -> None:
        """Have a listener told every frame of the loudspeaker, from any thread; it must not wait."""
        with self._lock:
            self._listeners.append(listener)

    def leave(self, listener: Listener) -> None:
        """Tell a listener nothing any more."""
        with self._lock:
            self._listeners.remove(listener)

    def take_microphone(self, speaker: object) -> None:
        """Let this one speak, and no other."""
        self._speaker = speaker

    def speak(self, speaker: object, frame: bytes) -> None:
        """Let the microphone hear a frame, where this is the one who speaks and a call hears the room."""
        if speaker is self._speaker and self._is_heard():
            self._let_in(frame)

    def sound(self, frame: bytes) -> None:
        """Let the loudspeaker say a frame."""
        if self.is_broken:
            return
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(frame)
        if not self._is_heard():
            self._let_in(_softer(frame))

    def _let_in(self, frame: bytes) -> None:
        opened = self._socket
        if opened is not None:
            opened.say(frame)

    def _pass_on(self, engine: FrameSocket) -> None:
        while self._socket is engine:
            frame = engine.hear(LOOK_S)
            if frame is not None:
                self.sound(frame)
            elif self._socket is engine:
                engine.announce()


def _softer(frame: bytes) -> bytes:
    return array("h", (sample >> ECHO_SHIFT for sample in array("h", frame))).tobytes()
