"""One browser's connection: from its offer to its last sound.

Rules: it is said to be gone once, whatever ends it; a browser that is killed says nothing, so silence ends it, too.
Only sound is taken, and only as Opus.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription
from aiortc.jitterbuffer import JitterBuffer
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.rtcrtpparameters import RTCRtpCodecCapability
from av import AudioFrame

from hub.adapters.voice.webrtc import messages as ms
from hub.adapters.voice.webrtc.sound import EngineLine, FromEngine, ToEngine

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.25
JITTER_BUFFER = "_RTCRtpReceiver__jitter_buffer"
MOST_PACKETS, PACKETS_AHEAD = 8, 2
"""At 20 ms each: 40 ms as a rule, 160 ms where packets were lost."""
OVER = ("failed", "closed", "disconnected")


class OfferError(Exception):
    """An offer that cannot be answered; the text says why."""


class Browser:
    """One leg. Belongs to the process's loop."""

    def __init__(self, command: ms.TakeOffer, settings: ms.Settings, say: Callable[[ms.Event], None]) -> None:
        """Take the browser's offer; `say` is told what becomes of it."""
        servers = [RTCIceServer(list(ice.urls), ice.username or None, ice.credential or None) for ice in settings.ice]
        # An empty list, never None: None would ask somebody's public server.
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self._command = command
        self._settings = settings
        self._say = say
        self._line = EngineLine(command.engine)
        self._heard_s: float | None = None
        self._begun_s = asyncio.get_running_loop().time()
        self._is_over = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._connection.on("connectionstatechange", self._state_changed)
        self._connection.on("track", self._track_came)

    async def answer(self) -> str:
        """Return the answer to the offer. Raises OfferError."""
        sound = self._connection.addTransceiver(FromEngine(self._line), "sendrecv")
        _wait_less(sound.receiver)
        sound.setCodecPreferences([codec for codec in _codecs() if codec.mimeType.lower() == "audio/opus"])
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(self._command.offer, "offer"))
            if sound.mid is None:
                raise OfferError("the offer has no sound")
            await self._connection.setLocalDescription(await self._connection.createAnswer())
        except OfferError:
            raise
        except Exception as error:  # whatever a browser may have sent: it is its mistake
            raise OfferError(f"there is no answer to the offer: {type(error).__name__}: {error}") from error
        text = self._connection.localDescription.sdp
        if "a=candidate:" not in text:
            raise OfferError("this machine has no network address that a browser could reach")
        self._keep(self._watch())
        return text

    async def close(self) -> None:
        """End it without a word."""
        self._is_over = True
        for task in self._tasks:
            task.cancel()
        await self._connection.close()
        self._line.close()

    def _state_changed(self) -> None:
        state = self._connection.connectionState
        if state == "connected":
            self._say(ms.BrowserConnected(leg=self._command.leg))
        elif state in OVER:
            self._gone(f"the connection is {state}")

    def _track_came(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio":
            self._keep(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        to_engine = ToEngine(self._line)
        with contextlib.suppress(MediaStreamError):  # it has ended, which the state says as well
            while True:
                frame = await track.recv()
                if self._heard_s is None:
                    self._say(ms.BrowserHeard(leg=self._command.leg))
                self._heard_s = asyncio.get_running_loop().time()
                if isinstance(frame, AudioFrame):
                    to_engine.hand_on(frame)

    async def _watch(self) -> None:
        """End a browser that does not come, or sends nothing any more."""
        loop = asyncio.get_running_loop()
        while not self._is_over:
            await asyncio.sleep(LOOK_EVERY_S)
            if self._heard_s is None:
                if loop.time() - self._begun_s > self._settings.connect_within_s:
                    self._gone("it did not connect")
            elif loop.time() - self._heard_s > self._settings.silence_limit_s:
                self._gone(f"nothing was heard of it for {self._settings.silence_limit_s:g} s", is_silence=True)

    def _gone(self, reason: str, *, is_silence: bool = False) -> None:
        if not self._is_over:
            self._is_over = True
            self._say(ms.BrowserGone(leg=self._command.leg, reason=reason, is_silence=is_silence))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _wait_less(receiver: RTCRtpReceiver) -> None:
    """Give a receiver a shorter buffer than aiortc's, whose delay grows to 320 ms after a loss and stays there."""
    setattr(receiver, JITTER_BUFFER, JitterBuffer(capacity=MOST_PACKETS, prefetch=PACKETS_AHEAD))


def _codecs() -> list[RTCRtpCodecCapability]:
    known = RTCRtpReceiver.getCapabilities("audio")
    return known.codecs if known else []
