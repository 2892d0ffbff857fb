"""An operator's browser that says a tone."""

from hub.adapters.voice.webrtc.headset import RATE_HZ, Headset
from hub.demo.tone import tone

__all__ = ["RATE_HZ", "operators_browser"]


def operators_browser(says_hz: float) -> Headset:
    """Return a headset that says a tone without end."""
    return Headset(lambda first, samples: tone(says_hz, samples, first, RATE_HZ))
