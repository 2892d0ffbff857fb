"""Calls: who speaks with whom. Nobody does so far: a call is refused, so that its unit tries elsewhere at once."""

from hub.core import call_events as cev
from hub.core.effects import Effect, Problem, RefuseCall, Reply

NOT_NOW = 503
"""Service unavailable: the caller tries elsewhere."""


class Calls:
    """Every call at the centre."""

    def handle(self, event: cev.CallEvent) -> list[Effect]:
        """Return what is to be done about an event."""
        match event:
            case cev.CallArrived():
                return [RefuseCall(event.leg, NOT_NOW)]
            case cev.SpeechActed():
                return [Reply(event.request_id, Problem.NO_VOICE)]
            case _:
                return []
