"""The bridge's pulse: an ear that keeps nothing, and knows by what it hears that the bridge is alive.

Rules: every leg is linked to it. PJSIP takes nothing out of a leg that nobody hears: half a second of old words would
wait there for whoever is linked next, and would be his delay for minutes.
"""

# mypy: allow-subclassing-any

import logging
from typing import Any

from device.voice.frame_port import FramePort
from device.voice.pjsip import pj, said

log = logging.getLogger(__name__)


class Pulse(FramePort):
    """Counts the bridge's beats, 50 a second."""

    def __init__(self) -> None:
        super().__init__("pulse")
        self.beats = 0

    def onFrameReceived(self, frame: Any) -> None:  # noqa: N802 - PJSIP's name
        """Count a beat."""
        self.beats += 1

    def drain(self, media: Any) -> None:
        """Hear a leg from now on, as long as its sound is this one."""
        try:
            media.startTransmit(self)
        except pj.Error as error:
            log.error("a leg that nobody hears will be late: %s", said(error))
