"""The words for every code an operator may meet. Complete by test: a new code without a word fails.

`N_` marks a text for translation where it stands and returns it as it is; who shows it translates it. Words that need
something filled in hold `%(actor)s` (who) and `%(text)s` (what).
"""

from collections.abc import Callable, Mapping
from typing import Any

from device.wire.codec import WireProblem
from device.wire.vocabulary import ClockQuality, FaultCode, SpeechMode
from hub.core.call_records import AfterCycle, CallOrder
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
    IncidentKind.STRANGE_CALLS: N_("Calls of unknown callers were refused"),
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
    EntryKind.RAISED_BY_CALL: N_("Known from the unit's call; its message has not come yet"),
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
    EntryKind.UNIT_CALLED: N_("The unit calls"),
    EntryKind.LIST_RUNG: N_("The call goes to the list %(text)s"),
    EntryKind.ALL_RUNG: N_("The call goes to every operator on shift"),
    EntryKind.RUNG_IN_VAIN: N_("%(actor)s did not answer the call"),
    EntryKind.WAS_BUSY: N_("%(actor)s was busy or refused the call"),
    EntryKind.NOT_REACHED: N_("%(actor)s could not be called"),
    EntryKind.NOT_CONFIRMED: N_("At %(actor)s it was answered, and nobody pressed the key"),
    EntryKind.CALL_TAKEN: N_("%(actor)s answered the call"),
    EntryKind.SPEAKING: N_("%(actor)s and the client can speak"),
    EntryKind.CALL_LOST: N_("The call with %(actor)s was lost"),
    EntryKind.CALL_ENDED: N_("The call with %(actor)s has ended"),
    EntryKind.VOICE_LOST: N_("The centre lost its voice, and the call with it. The unit calls again by itself"),
    EntryKind.CALLED: N_("%(actor)s calls %(text)s"),
    EntryKind.CALLED_BACK: N_("%(actor)s calls the unit back"),
    EntryKind.NOT_CALLED_BACK: N_("The unit could not be called back"),
    EntryKind.PASSED_ON: N_("%(actor)s passed the call on to %(text)s"),
    EntryKind.PUT_ON_HOLD: N_("%(actor)s put the client on hold"),
    EntryKind.TAKEN_BACK: N_("%(actor)s took the client back from hold"),
    EntryKind.MODE_SET: N_("%(actor)s set how one speaks: %(text)s"),
    EntryKind.ANNOUNCED: N_("%(actor)s announces: %(text)s"),
    EntryKind.ANNOUNCED_LIVE: N_("%(actor)s announces in person"),
    EntryKind.ANNOUNCED_BECAUSE: N_("Reason of the announcement: %(text)s"),
    EntryKind.ANNOUNCEMENT_PLAYED: N_("The announcement was played to its end"),
    EntryKind.ANNOUNCEMENT_CUT: N_("The announcement was not played to its end"),
    EntryKind.RECORDED: N_("The call is recorded"),
    EntryKind.CALL_REFUSED: N_("A call was refused: %(actor)s"),
    EntryKind.CALLS_REFUSED: N_("More calls were refused: %(text)s"),
}

ORDERS: dict[str, str] = {
    "answer_alarm": N_("show that an operator has the alarm"),
    "requeue_alarm": N_("show that the alarm waits again"),
    "reset_alarm": N_("end the alarm"),
    "set_heartbeat": N_("set the heartbeat"),
    "place_call": N_("call the centre"),
    "set_speech": N_("set who hears whom"),
    "end_call": N_("end the call"),
    "test_sound": N_("test the sound"),
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
    FaultCode.VOICE_LOST: N_("The unit cannot make calls"),
    FaultCode.SOUND_WEAK: N_("The sound test failed"),
    FaultCode.PROGRAM_FAULT: N_("A mistake in the unit's program"),
    EVENTS_LOST: N_("The unit had to drop messages"),
}

PROBLEMS: dict[Problem, str] = {
    Problem.NO_SUCH_INCIDENT: N_("There is no such incident."),
    Problem.TAKEN: N_("%(owner)s was first and has it."),
    Problem.NOT_YOURS: N_("%(owner)s has it, you do not. Take it over first."),
    Problem.NOT_ACCEPTED: N_("Nobody has accepted it yet. Accept it first."),
    Problem.CLOSED: N_("It is closed already."),
    Problem.NO_OUTCOME: N_("Choose how it ended."),
    Problem.NO_VOICE: N_("The centre has no voice now."),
    Problem.NO_CALL: N_("There is no such call now."),
    Problem.NO_SUCH_LEG: N_("This party is not in the call any more."),
    Problem.NO_UNIT: N_("No unit that can be called belongs to it."),
    Problem.NO_WAY_TO_SPEAK: N_("You have neither a microphone here nor a telephone."),
    Problem.TOO_MANY: N_("No more parties fit into the call."),
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
    "sound_tested": N_("Sound test"),
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

MODES: dict[SpeechMode, str] = {
    SpeechMode.DUPLEX: N_("Both hear each other"),
    SpeechMode.LISTEN: N_("Only listen"),
    SpeechMode.SPEAK: N_("Only speak"),
    SpeechMode.SILENT: N_("Nobody hears anybody"),
}

CALL_ORDERS: dict[CallOrder, str] = {
    CallOrder.FIXED: N_("Always the same first"),
    CallOrder.ROTATING: N_("Another one first each time"),
}

AFTER_CYCLE: dict[AfterCycle, str] = {
    AfterCycle.GO_ON: N_("It goes on"),
    AfterCycle.END: N_("It ends; an alarm goes on all the same"),
}
"""What follows a list that nobody has answered."""

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
    "mode": MODES,
}
"""Every table that scripts need."""


def fault_words(name: str, gettext: Callable[[str], str]) -> str:
    """Return the words for `code` or `code:subject`; a code without words stands for itself."""
    code, _, subject = name.partition(":")
    words = gettext(FAULTS[code]) if code in FAULTS else code
    return f"{words}: {subject}" if subject else words
