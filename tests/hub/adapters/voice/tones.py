"""Tones at the bridge's rate, and the sides of a stereo sound."""

from array import array

from device.voice.messages import CLOCK_HZ
from hub.demo import tone as tones

FRAME_SAMPLES = 320


def tone(hz: float, samples: int = FRAME_SAMPLES, first: int = 0) -> bytes:
    """Return a piece of a tone, from its sample `first` on."""
    return tones.tone(hz, samples, first, CLOCK_HZ)


def level(sound: bytes, hz: float) -> float:
    """Return how much of a tone a sound holds: 1 is all of `tone`, 0 nothing."""
    return tones.level(sound, hz, CLOCK_HZ)


def loudest(sound: bytes, hz: float, rate_hz: int = CLOCK_HZ) -> float:
    """Return the level of a tone in the piece that has most of it."""
    return tones.loudest(sound, hz, rate_hz)


def channel(stereo: bytes, side: int) -> bytes:
    """Return the left (0) or the right (1) of a stereo sound."""
    return array("h", stereo)[side::2].tobytes()
