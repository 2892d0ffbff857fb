"""The words for every code an operator may meet. Complete by test: a new code without a word fails.

`N_` marks a text for translation where it stands and returns it as it is; who shows it translates it. Words that need
something filled in hold `%(actor)s` (who) and `%(text)s` (what).
"""

from collections.abc import Callable, Mapping
from typing import Any

from device.wire.codec import WireProblem
from device.wire.vocabulary import ClockQuality, FaultCode
from hub.core.effects import Problem
from hub.core.reading import EVENTS_LOST
from hub.core.records import EntryKind, IncidentKind, IncidentState, OrderState, Outcome, Priority


def N_(text: str) -> str:  # noqa: N802 - gettext's name for it
    """Mark a text for translation."""
    return text


KINDS: dict[IncidentKind, str] = {
    IncidentKind.ALARM: N_("Alarm"),
    IncidentKind.FAULT: N_("Fault"),
    IncidentKind.SILENT: N_("The unit is silent"),
    IncidentKind.MANY_SILENT: N_("Many units are silent at once"),
    IncidentKind.UNREADABLE: N_("An alarm that cannot be read"),
    IncidentKind.NO_CONSOLE: N_("Nobody is on shift"),
    IncidentKind.CENTRE: N_("Trouble at the centre"),
}

STATES: dict[IncidentState, str] = {
    IncidentState.RAISED: N_("Waiting"),
    IncidentState.ACCEPTED: N_("Accepted"),
    IncidentState.IN_PROGRESS: N_("In progress"),
    IncidentState.CLOSED: N_("Closed"),
}

PRIORITIES: dict[Priority, str] = {
    Priority.ALARM: N_("Alarm"),
    Priority.URGENT: N_("Urgent"),
    Priority.NOTICE: N_("For information"),
}

OUTCOMES: dict[Outcome, str] = {
    Outcome.HELPED: N_("Helped by talking"),
    Outcome.HELP_SENT: N_("Help sent"),
    Outcome.EMERGENCY_SENT: N_("Emergency service sent"),
    Outcome.FALSE_ALARM: N_("False alarm"),
    Outcome.TEST: N_("Test"),
    Outcome.NO_ANSWER: N_("No answer from the room"),
    Outcome.REPAIRED: N_("Repaired"),
    Outcome.RESTORED: N_("Over by itself"),
    Outcome.FOLDED: N_("Joined to another incident"),
    Outcome.OTHER: N_("Something else"),
}

ALARM_OUTCOMES = (
    Outcome.HELPED,
    Outcome.HELP_SENT,
    Outcome.EMERGENCY_SENT,
    Outcome.NO_ANSWER,
    Outcome.FALSE_ALARM,
    Outcome.TEST,
    Outcome.OTHER,
)
FAULT_OUTCOMES = (Outcome.REPAIRED, Outcome.FALSE_ALARM, Outcome.TEST, Outcome.OTHER)
"""What an operator may choose; `restored` and `folded` are the core's alone."""

ENTRIES: dict[EntryKind, str] = {
    EntryKind.RAISED: N_("Raised: %(text)s"),
    EntryKind.RAISED_BY_HEARTBEAT: N_("Known from the unit's heartbeat; its own message has not come yet"),
    EntryKind.PRESSED_AGAIN: N_("Pressed again: %(text)s"),
    EntryKind.CANCEL_PRESSED: N_("Cancel was pressed in the home. The alarm stands until you close it"),
    EntryKind.ACCEPTED: N_("%(actor)s accepted it"),
    EntryKind.TAKEN_OVER: N_("%(actor)s took it over"),
    EntryKind.RELEASED: N_("%(actor)s gave it back to everybody"),
    EntryKind.OWNER_LOST: N_("Back to everybody: the console of %(actor)s is gone"),
    EntryKind.UNSEEN_PRESS: N_("Back to everybody: pressed again, and %(actor)s did nothing"),
    EntryKind.NOTE: N_("Note by %(actor)s"),
    EntryKind.ORDER_DONE: N_("The unit has done it: %(text)s"),
    EntryKind.ORDER_FAILED: N_("The unit could not do it: %(text)s"),
    EntryKind.ESCALATED: N_("Nobody has accepted it: step %(text)s"),
    EntryKind.RELAYED: N_("Passed on outside by %(actor)s"),
    EntryKind.RELAY_FAILED: N_("Could not be passed on outside by %(actor)s"),
    EntryKind.UNIT_JOINED: N_("More units are silent: %(text)s"),
    EntryKind.UNIT_RESTORED: N_("Units heard again: %(text)s"),
    EntryKind.RESTORED: N_("As it must be again"),
    EntryKind.FOLDED: N_("Goes on as incident %(text)s"),
    EntryKind.CLOSED: N_("%(actor)s closed it"),
}

ORDERS: dict[str, str] = {
    "answer_alarm": N_("show that an operator has the alarm"),
    "requeue_alarm": N_("show that the alarm waits again"),
    "reset_alarm": N_("end the alarm"),
    "set_heartbeat": N_("set the heartbeat"),
}

ORDER_STATES: dict[OrderState, str] = {
    OrderState.WAITING: N_("on its way"),
    OrderState.DONE: N_("done"),
    OrderState.FAILED: N_("failed"),
    OrderState.SUPERSEDED: N_("replaced by a newer one"),
}

FAULTS: dict[str, str] = {
    FaultCode.TRIGGER_HELD: N_("A button is stuck"),
    FaultCode.TRIGGER_LOST: N_("A button cannot be read"),
    FaultCode.OUTBOX_BROKEN: N_("The unit cannot store its messages"),
    FaultCode.MAINS_LOST: N_("No mains power"),
    FaultCode.BATTERY_LOW: N_("Battery low"),
    FaultCode.CENTRE_LOST: N_("The unit lost the centre"),
    FaultCode.PATH_LOST: N_("A path to the centre is lost"),
    FaultCode.SOUND_LOST: N_("No sound in the home"),
    FaultCode.LIGHT_LOST: N_("A light does not work"),
    EVENTS_LOST: N_("The unit had to drop messages"),
}

PROBLEMS: dict[Problem, str] = {
    Problem.NO_SUCH_INCIDENT: N_("There is no such incident."),
    Problem.TAKEN: N_("%(owner)s was first and has it."),
    Problem.NOT_YOURS: N_("%(owner)s has it, you do not. Take it over first."),
    Problem.NOT_ACCEPTED: N_("Nobody has accepted it yet. Accept it first."),
    Problem.CLOSED: N_("It is closed already."),
    Problem.NO_OUTCOME: N_("Choose how it ended."),
    Problem.STORE_FAILED: N_("The store cannot keep it now. Write it down, and try again."),
}

MESSAGES: dict[str, str] = {
    "alarm_raised": N_("Alarm"),
    "alarm_joined": N_("Pressed again"),
    "alarm_withdrawn": N_("A press taken back in time"),
    "cancel_pressed": N_("Cancel pressed"),
    "fault_raised": N_("Fault"),
    "fault_restored": N_("Fault over"),
    "unit_started": N_("The unit started"),
    "events_lost": N_("The unit had to drop messages"),
    "command_done": N_("Outcome of an order"),
}

WIRE_PROBLEMS: dict[WireProblem, str] = {
    WireProblem.TOO_LARGE: N_("Too large"),
    WireProblem.NOT_JSON: N_("Not JSON"),
    WireProblem.WRONG_SHAPE: N_("Not as agreed"),
    WireProblem.WRONG_TOPIC: N_("On a topic that does not exist"),
}

CLOCKS: dict[ClockQuality, str] = {
    ClockQuality.UNSET: N_("not set"),
    ClockQuality.KEPT: N_("kept, not confirmed"),
    ClockQuality.NETWORK: N_("right"),
}

SPOKEN: dict[str, str] = {
    "en": N_("English"),
    "lv": N_("Latvian"),
    "fi": N_("Finnish"),
    "sv": N_("Swedish"),
    "ru": N_("Russian"),
    "et": N_("Estonian"),
}
"""What clients speak, as operators call it."""

TABLES: dict[str, Mapping[Any, str]] = {
    "kind": KINDS,
    "state": STATES,
    "priority": PRIORITIES,
    "outcome": OUTCOMES,
    "entry": ENTRIES,
    "order": ORDERS,
    "orderState": ORDER_STATES,
    "fault": FAULTS,
    "message": MESSAGES,
    "wireProblem": WIRE_PROBLEMS,
    "clock": CLOCKS,
    "spoken": SPOKEN,
}
"""Every table that scripts need."""


def fault_words(name: str, gettext: Callable[[str], str]) -> str:
    """Return the words for `code` or `code:subject`; a code without words stands for itself."""
    code, _, subject = name.partition(":")
    words = gettext(FAULTS[code]) if code in FAULTS else code
    return f"{words}: {subject}" if subject else words
