"""Sound between a browser and the engine: Opus on one side, frames of 20 ms at 16 kHz in datagrams on the other.

Rules: what comes too fast is dropped, what does not come is silence: delay never grows. Opus is spoken in mono at the
bridge's own rate, with the redundancy that hides a lost packet.
"""

import asyncio
import contextlib
import socket
from collections import deque
from fractions import Fraction
from pathlib import Path

from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, AudioResampler, CodecContext
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.packet import Packet

from device.voice.messages import CLOCK_HZ, FRAME_BYTES, FRAME_S

SILENCE = bytes(FRAME_BYTES)
MOST_WAITING = 3
"""Frames of the engine that wait for their turn: 60 ms, and what is older is dropped."""
PATIENCE_S = 2 * FRAME_S
"""So long without a frame of the engine, and silence is sent in its place."""
BIT_RATE = 32_000
EXPECTED_LOSS_PERCENT = 5
_FRAME_SAMPLES = FRAME_BYTES // 2
_TIME_BASE = Fraction(1, CLOCK_HZ)


class EngineLine:
    """A datagram socket to a point of the engine. Belongs to the loop that made it."""

    def __init__(self, engine: Path) -> None:
        """Open our end; the engine's may come later."""
        self._engine = str(engine)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        self._socket.bind("")  # the kernel gives it a name: the engine answers to whoever has spoken
        self._waiting: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._came = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    def send(self, frame: bytes) -> None:
        """Let the engine have a frame; where it cannot take it, it is lost."""
        with contextlib.suppress(OSError):  # its point is not there yet, or not any more, or it has enough
            self._socket.sendto(frame, self._engine)

    async def next_frame(self) -> bytes:
        """Return the engine's next frame, or silence where none comes in time."""
        if not self._waiting:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._came.wait()
            except TimeoutError:
                self.send(SILENCE)  # it may not know yet where its frames are wanted
                return SILENCE
        frame = self._waiting.popleft()
        if not self._waiting:
            self._came.clear()
        return frame

    def close(self) -> None:
        """Close our end."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                frame = self._socket.recv(FRAME_BYTES + 1)
                if len(frame) == FRAME_BYTES:
                    self._waiting.append(frame)
                    self._came.set()


class FromEngine(MediaStreamTrack):
    """What the browser is to hear, as Opus packets: encoded here, once, at the bridge's rate."""

    kind = "audio"

    def __init__(self, line: EngineLine) -> None:
        """Take the line to the engine."""
        super().__init__()
        self._line = line
        self._codec = _opus()
        self._count = 0

    async def recv(self) -> "Packet[AudioStream]":
        """Return the next 20 ms, which aiortc sends as it is. Raises MediaStreamError after `stop`."""
        while True:
            if self.readyState != "live":
                raise MediaStreamError
            packets = self._codec.encode(self._next(await self._line.next_frame()))
            if packets:
                return self._stamped(packets[0])

    def _next(self, sound: bytes) -> AudioFrame:
        frame = AudioFrame(format="s16", layout="mono", samples=_FRAME_SAMPLES)
        frame.planes[0].update(sound)
        frame.sample_rate = CLOCK_HZ
        frame.time_base = _TIME_BASE
        frame.pts = self._count * _FRAME_SAMPLES
        self._count += 1
        return frame

    def _stamped(self, packet: "Packet[AudioStream]") -> "Packet[AudioStream]":
        """Count from zero: the encoder's own lead would be a time before the first."""
        packet.pts = (self._count - 1) * _FRAME_SAMPLES
        packet.time_base = _TIME_BASE
        return packet


class ToEngine:
    """Brings what a browser says to the bridge's rate."""

    def __init__(self, line: EngineLine) -> None:
        """Take the line to the engine."""
        self._line = line
        self._resampler = AudioResampler(format="s16", layout="mono", rate=CLOCK_HZ, frame_size=_FRAME_SAMPLES)

    def hand_on(self, frame: AudioFrame) -> None:
        """Hand on a decoded frame."""
        for piece in self._resampler.resample(frame):
            self._line.send(bytes(piece.planes[0])[:FRAME_BYTES])


def _opus() -> AudioCodecContext:
    codec = CodecContext.create("libopus", "w")
    assert isinstance(codec, AudioCodecContext)  # noqa: S101 - what libopus is
    codec.format = "s16"
    codec.layout = "mono"
    codec.sample_rate = CLOCK_HZ
    codec.time_base = _TIME_BASE
    codec.bit_rate = BIT_RATE
    codec.options = {"application": "voip", "fec": "1", "packet_loss": str(EXPECTED_LOSS_PERCENT)}
    return codec
