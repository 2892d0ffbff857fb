"""NoVoice: a centre without voice. It reports no call, and so is never asked to do anything with one."""

from hub.core.effects import VOICE_EFFECTS, Effect
from hub.ports import PermanentAdapterError, Report


class NoVoice:
    """Implements hub.ports.Adapter."""

    name = "voice"
    performs: tuple[type[Effect], ...] = VOICE_EFFECTS

    def start(self, report: Report) -> None:
        """Do nothing: the core hears of no voice, and begins no call."""

    def perform(self, effect: Effect) -> None:
        """Refuse: nobody can have asked for it."""
        raise PermanentAdapterError(f"this centre has no voice: {type(effect).__name__} cannot be done")

    def stop(self) -> None:
        """Do nothing."""
