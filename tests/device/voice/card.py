"""A sound card that is none: ALSA's own plugins, a pipe for its loudspeaker, a pipe for its microphone.

It is as quick as real ones: a frame is heard and said every 20 ms. It can be pulled out and put in again.
"""

import fcntl
import os
import threading
import time
from array import array
from collections import deque
from contextlib import suppress
from pathlib import Path

from device.voice.messages import CLOCK_HZ, FRAME_BYTES, FRAME_S
from tests.device.voice.party import IS_HEARD, strength, tone
from tests.waiting import until

NAME = "poga_room"
PIPE_BYTES = 4096
"""A real device's buffer is as short."""
ECHO_FRAMES = 3
CONFIGURATION = """
pcm.poga_speaker {{ type file slave.pcm {{ type null }} file "{folder}/speaker" format raw }}
pcm.poga_microphone {{
    type file slave.pcm {{ type null }} file "/dev/null" infile "{folder}/microphone" format raw
}}
pcm.poga_room {{
    type asym
    playback.pcm {{ type plug slave.pcm poga_speaker }}
    capture.pcm {{ type plug slave.pcm poga_microphone }}
    hint {{ show on description "a room in a home" }}
}}
"""


class Card:
    """Says a tone into its microphone, or what its loudspeaker plays, and hears that."""

    def __init__(self, folder: Path, hz: int = 0) -> None:
        self.configuration = folder / "asound.conf"
        self._folder = folder
        self._tone = tone(hz, 1.0) if hz else b""
        self._heard = bytearray()
        self._written = 0
        self._speaker: int | None = None
        self._hands_on = threading.Lock()
        self._is_closing = threading.Event()
        for end in ("speaker", "microphone"):
            os.mkfifo(folder / end)
        self._configure("")
        # It is fed even when the card is out: at the end of a file ALSA would not wait any more, and spin.
        self._thread = threading.Thread(target=self._sound, args=(self._open("microphone"),), daemon=True)
        self._thread.start()

    def plug(self) -> None:
        self._speaker = self._open("speaker")
        self._configure(CONFIGURATION.format(folder=self._folder))

    def unplug(self) -> None:
        self._configure("")
        with self._hands_on:
            if self._speaker is not None:
                os.close(self._speaker)
            self._speaker = None

    def close(self) -> None:
        self.unplug()
        self._is_closing.set()
        self._thread.join()

    def plays(self, hz: int) -> None:
        """Wait until the loudspeaker plays a tone."""
        until(lambda: strength(bytes(self._heard[-CLOCK_HZ:]), hz) > IS_HEARD, f"{hz} Hz are heard in the room")

    def forget(self) -> None:
        self._heard.clear()
        self._heard += bytes(2)

    def _configure(self, text: str) -> None:
        """Write the configuration. ALSA reads it again only where its time is another, to the second."""
        self._written += 10
        written = self.configuration.with_suffix(".new")
        written.write_text(text)
        os.utime(written, (self._written, self._written))
        written.replace(self.configuration)

    def _open(self, end: str) -> int:
        # For both directions, so that nobody waits for the other end to be opened.
        opened = os.open(self._folder / end, os.O_RDWR | os.O_NONBLOCK)
        fcntl.fcntl(opened, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        return opened

    def _sound(self, microphone: int) -> None:
        due_s, said = time.monotonic(), self._tone
        walls = deque([bytes(FRAME_BYTES)] * ECHO_FRAMES)
        while not self._is_closing.wait(max(0.0, due_s - time.monotonic())):
            due_s += FRAME_S
            with suppress(BlockingIOError):
                os.write(microphone, said[:FRAME_BYTES] or _softer(walls[0]))
                said = said[FRAME_BYTES:] + said[:FRAME_BYTES]
            with self._hands_on, suppress(BlockingIOError):
                walls.append(bytes(FRAME_BYTES) if self._speaker is None else os.read(self._speaker, FRAME_BYTES))
                walls.popleft()
                self._heard += walls[-1]
        os.close(microphone)


def _softer(frame: bytes) -> bytes:
    return array("h", (sample // 2 for sample in array("h", frame))).tobytes()
