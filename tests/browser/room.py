"""A room that a browser can really speak with: the other end of its WebRTC connection, and what sounds at both.

`Room` takes the place of the centre's voice. It says `ROOM_HZ` into every connection, and keeps what it hears; the
microphone of the tests' browser says `OPERATOR_HZ`. Both come in short bursts, as speech does: a steady tone would be
taken for noise, and suppressed.
"""

import array
import asyncio
import fractions
import math
import threading
import wave
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from hub.ports import SpeechRefusedError
from tests.centre_voice import FakeVoice
from tests.waiting import GENEROUS_S

Samples = Sequence[int]
RATE = 48_000
FRAME = RATE // 50
BURST_S, PAUSE_S = 0.25, 0.15
LOUDNESS = 12_000
ROOM_HZ, OPERATOR_HZ = 700.0, 1_100.0
KEPT_FRAMES = 100
MOSTLY = 0.5
"""The share of the power at one frequency from which on it is that tone that sounds, whatever a codec has added."""


def microphone_file(path: Path, seconds: float = 4.0) -> Path:
    """Write what the browser's microphone hears; it is played again and again."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        samples = (_sample(OPERATOR_HZ, place) for place in range(int(seconds * RATE)))
        out.writeframes(array.array("h", samples).tobytes())
    return path


def share(samples: Samples, hertz: float) -> float:
    """Return how much of the power of what sounds is at this frequency: 0 to 1 (Goertzel)."""
    power = sum(float(sample) * sample for sample in samples)
    if power < len(samples) * 100.0:  # as good as silent
        return 0.0
    turn = 2.0 * math.cos(2.0 * math.pi * hertz / RATE)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + turn * last - before
    return (before * before + last * last - turn * before * last) / (power * len(samples) / 2.0)


class Room(FakeVoice):
    """Every connection of a browser ends here."""

    def __init__(self) -> None:
        super().__init__()
        self.peers: dict[str, RTCPeerConnection] = {}
        self.heard: deque[Samples] = deque(maxlen=KEPT_FRAMES)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="room", daemon=True)
        self._thread.start()

    def hears_the_operator(self) -> bool:
        """Tell whether the browser's microphone is heard here now."""
        return any(share(frame, OPERATOR_HZ) > MOSTLY for frame in list(self.heard)[-25:])

    def is_silent(self) -> bool:
        """Tell whether nothing of the microphone has come for a while."""
        lately = list(self.heard)[-50:]
        return len(lately) == 50 and all(share(frame, OPERATOR_HZ) < MOSTLY for frame in lately)

    def answer(self, leg: str, operator: str, offer: str) -> str:
        if self.ringing.get(leg) != operator:
            raise SpeechRefusedError(f"{leg} does not ring {operator}")
        del self.ringing[leg]
        return asyncio.run_coroutine_threadsafe(self._connect(leg, offer), self._loop).result(GENEROUS_S)

    def end(self, leg: str, status: int = 200, is_silence: bool = False) -> None:
        peer = self.peers.pop(leg, None)
        if peer is not None:
            asyncio.run_coroutine_threadsafe(peer.close(), self._loop)
        super().end(leg, status, is_silence)

    def stop(self) -> None:
        super().stop()
        for leg in list(self.peers):
            asyncio.run_coroutine_threadsafe(self.peers.pop(leg).close(), self._loop).result(GENEROUS_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(GENEROUS_S)
        self._loop.close()

    async def _connect(self, leg: str, offer: str) -> str:
        peer = self.peers[leg] = RTCPeerConnection()
        peer.addTrack(_Voice())

        @peer.on("track")
        def take(track: MediaStreamTrack) -> None:
            asyncio.ensure_future(self._listen(track))  # noqa: RUF006 - it ends with its track

        @peer.on("connectionstatechange")
        async def look() -> None:
            if peer.connectionState == "connected":
                self.answered(leg)
            elif peer.connectionState in ("failed", "closed") and leg in self.peers:
                self.end(leg)

        await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        return str(peer.localDescription.sdp)

    async def _listen(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, AudioFrame)
            channels = len(frame.layout.channels)
            samples = array.array("h", bytes(frame.planes[0])[: frame.samples * channels * 2])
            self.heard.append(samples[::channels])


class _Voice(MediaStreamTrack):
    """The room's tone, a frame every 20 ms."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._place = 0
        self._begin_s = 0.0

    async def recv(self) -> AudioFrame:
        loop = asyncio.get_running_loop()
        self._begin_s = self._begin_s or loop.time()
        await asyncio.sleep(max(0.0, self._begin_s + self._place / RATE - loop.time()))
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME)
        samples = array.array("h", (_sample(ROOM_HZ, place) for place in range(self._place, self._place + FRAME)))
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._place, fractions.Fraction(1, RATE)
        self._place += FRAME
        return frame


def _sample(hertz: float, place: int) -> int:
    at_s = place / RATE
    if at_s % (BURST_S + PAUSE_S) > BURST_S:
        return 0
    return int(LOUDNESS * math.sin(2.0 * math.pi * hertz * at_s))
