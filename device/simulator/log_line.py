"""A step of the unit as a line that a person reads: what happened, and what was done about it."""

from device.core import events as ev
from device.core.effects import (
    AnswerCall,
    Effect,
    EndCall,
    Forget,
    Indicate,
    PlaceCall,
    Publish,
    SetSpeech,
    Speak,
    Store,
    WriteJournal,
)
from device.journal import Step

_NOISE = (ev.DeadlineReached, ev.HealthRead, ev.OutboxRead, ev.CentreHeard)


def line_of(step: Step) -> tuple[str, list[str]] | None:
    """Return the event and its effects; None where nobody wants to read of it."""
    if not step.effects and isinstance(step.entry.event, _NOISE):
        return None
    return _happened(step.entry.event), [
        f"{type(effect).__name__} {_about(effect)}".rstrip() for effect in step.effects
    ]


def _happened(event: ev.Event) -> str:
    """Return an event as a person reads it: its name and what tells it from others."""
    match event:
        case ev.Started(cause=cause):
            return f"Started {cause}"
        case ev.ReceiptArrived(keys):
            return f"ReceiptArrived {', '.join(str(key.seq) for key in keys)}"
        case ev.CommandArrived(command):
            return f"CommandArrived {command.order.kind}"
        case ev.AdapterFailed(adapter, effect, reason):
            return f"AdapterFailed {adapter} {effect}: {reason}"
        case _:
            values = [str(getattr(event, name)) for name in type(event).__dataclass_fields__]
            return " ".join([type(event).__name__, *values])


def _about(effect: Effect) -> str:
    """Return what tells an effect from others of its kind."""
    match effect:
        case Store(message) | Publish(message=message):
            said = f"{message.body.kind} {message.key.seq}"
        case Forget(keys):
            said = ", ".join(str(key.seq) for key in keys)
        case Indicate(what) | Speak(what) | WriteJournal(what) | PlaceCall(what) | AnswerCall(what) | EndCall(what):
            said = what
        case SetSpeech(call, mode, volume):
            said = f"{call} {mode} {volume}"
        case _:
            said = ""
    return said
