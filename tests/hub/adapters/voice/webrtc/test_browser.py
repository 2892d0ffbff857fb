"""What is taken for granted of aiortc, though it promises nothing of it."""

import asyncio

from aiortc import RTCPeerConnection, RTCRtpReceiver
from aiortc.jitterbuffer import JitterBuffer

from hub.adapters.voice.webrtc.browser import JITTER_BUFFER, MOST_PACKETS, _wait_less


def test_a_receiver_has_the_buffer_that_is_made_shorter() -> None:
    async def check() -> None:
        receiver: RTCRtpReceiver = RTCPeerConnection().addTransceiver("audio").receiver
        assert isinstance(getattr(receiver, JITTER_BUFFER), JitterBuffer)
        _wait_less(receiver)
        assert getattr(receiver, JITTER_BUFFER).capacity == MOST_PACKETS

    asyncio.run(check())  # aiortc wants a running loop, and another test may have left none
