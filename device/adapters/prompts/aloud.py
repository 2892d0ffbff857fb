"""Plays in the virtual home: the page shows the words and plays the sound.

Rules: nothing is cut here; the page falls silent when the next utterance comes.
"""

from collections.abc import Callable

from device.adapters.prompts.player import Sound, Utterance


class SaidAloud:
    """Hands each utterance to a listener."""

    def __init__(self, listener: Callable[[Utterance], None]) -> None:
        """Take who listens; called from the speaking thread."""
        self._listener = listener

    def begin(self, utterance: Utterance) -> Sound:
        """Hand it over; the next one cuts it there."""
        self._listener(utterance)
        return _HandedOver()

    def probe(self) -> Sound:
        """Nothing can fail here."""
        return _HandedOver()


class _HandedOver:
    """An utterance that is somebody else's by now."""

    def wait(self) -> bool:
        """It was said."""
        return True

    def cut(self) -> None:
        """Do nothing: the listener cuts it when the next one comes."""
