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
        self._is_out = threading.Event()
        self._thread = threading.Thread()
        for end in ("speaker", "microphone"):
            os.mkfifo(folder / end)
        self.configuration.write_text("")

    def plug(self) -> None:
        self._is_out.clear()
        # For both directions, so that nobody waits for the other end to be opened.
        ends = [os.open(self._folder / end, os.O_RDWR | os.O_NONBLOCK) for end in ("speaker", "microphone")]
        for end in ends:
            fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self._thread = threading.Thread(target=self._sound, args=ends, daemon=True)
        self._thread.start()
        self.configuration.write_text(CONFIGURATION.format(folder=self._folder))

    def unplug(self) -> None:
        self.configuration.write_text("")
        self._is_out.set()
        self._thread.join()

    def plays(self, hz: int) -> None:
        """Wait until the loudspeaker plays a tone."""
        until(lambda: strength(bytes(self._heard[-CLOCK_HZ:]), hz) > IS_HEARD, f"{hz} Hz are heard in the room")

    def forget(self) -> None:
        self._heard.clear()
        self._heard += bytes(2)

    def _sound(self, speaker: int, microphone: int) -> None:
        due_s, said = time.monotonic(), self._tone
        walls = deque([bytes(FRAME_BYTES)] * ECHO_FRAMES)
        while not self._is_out.wait(max(0.0, due_s - time.monotonic())):
            due_s += FRAME_S
            with suppress(BlockingIOError):
                os.write(microphone, said[:FRAME_BYTES] or _softer(walls[0]))
                said = said[FRAME_BYTES:] + said[:FRAME_BYTES]
            with suppress(BlockingIOError):
                walls.append(os.read(speaker, FRAME_BYTES))
                walls.popleft()
                self._heard += walls[-1]
        os.close(speaker)
        os.close(microphone)


def _softer(frame: bytes) -> bytes:
    return array("h", (sample // 2 for sample in array("h", frame))).tobytes()
