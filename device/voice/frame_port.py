"""A point of the bridge whose sound is ours: frames are taken from us and put to us.

Rules: `take` and `put` are called on the bridge's own thread, every 20 ms, so they are quick and never wait. A port is
destroyed by `destroy` and never left to the garbage collector: the bridge's thread may be in it at that moment.
"""

# mypy: allow-subclassing-any

import logging
from collections.abc import Callable
from typing import Any

from device.voice.messages import CLOCK_HZ
from device.voice.pjsip import IS_OWN_BUILD, pj

log = logging.getLogger(__name__)

FRAME_USEC = 20_000


class FramePort(pj.AudioMediaPort):
    """A port at the bridge; `take` gives what others hear of it, `put` gets what it hears, None if that is nothing."""

    def __init__(
        self,
        name: str,
        take: Callable[[], bytes | None] = lambda: None,
        put: Callable[[bytes | None], None] = lambda frame: None,
        clock_hz: int = CLOCK_HZ,
    ) -> None:
        super().__init__()
        self._take = take
        self._put = put
        self._is_broken = False
        form = pj.MediaFormatAudio()
        form.init(pj.PJMEDIA_FORMAT_PCM, clock_hz, 1, FRAME_USEC, 16)
        self.createPort(name, form)

    def onFrameRequested(self, frame: Any) -> None:  # noqa: N802 - PJSIP's name
        """Give the bridge a frame."""
        try:
            sound = self._take()
            if sound is None:
                frame.type = pj.PJMEDIA_FRAME_TYPE_NONE
                return
            frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
            frame.size = len(sound)
            _write(frame, sound)
        except Exception as error:  # noqa: BLE001 - the library would swallow it
            self._say_once(error)

    def onFrameReceived(self, frame: Any) -> None:  # noqa: N802 - PJSIP's name
        """Take a frame from the bridge."""
        try:
            is_sound = frame.type == pj.PJMEDIA_FRAME_TYPE_AUDIO
            self._put(_read(frame) if is_sound else None)
        except Exception as error:  # noqa: BLE001 - the library would swallow it
            self._say_once(error)

    def destroy(self) -> None:
        """Take it out of the bridge, in the owner's thread.

        It is this call, and not the last reference going, that ends the library's half: the bridge's thread may be
        inside our half just now, and it must not find it half gone.
        """
        pj.AudioMediaPort.__swig_destroy__(self)

    def _say_once(self, error: Exception) -> None:
        if not self._is_broken:
            self._is_broken = True
            log.error("a point's sound is broken: %r", error)


def _read_bytes(frame: Any) -> bytes:
    copied = bytearray(frame.size)
    frame.buf.copy_to_bytearray(copied)
    return bytes(copied)


def _write_bytes(frame: Any, sound: bytes) -> None:
    frame.buf.assign_from_bytes(sound)


def _read_list(frame: Any) -> bytes:
    return bytes(frame.buf)


def _write_list(frame: Any, sound: bytes) -> None:
    frame.buf = pj.ByteVector(list(sound))


_read = _read_bytes if IS_OWN_BUILD else _read_list
_write = _write_bytes if IS_OWN_BUILD else _write_list
