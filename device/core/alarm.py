"""The alarm sequence as a table: every state answers every signal.

The whole truth is `TRANSITIONS`; the diagram in the README is drawn from it. A signal is what an event means to the
alarm: `core/unit.py` turns events into signals. Nothing but the operator's reset ends a raised alarm; a cancel
is told to the operator and changes nothing. A press that the operator could not know of outlives the reset.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from device.core.effects import Effect, Prompt, SaveAlarm, Speak, WriteJournal
from device.core.moment import Moment
from device.core.outgoing import AlarmRecord, Outgoing
from device.core.signals import (
    Answered,
    Cancelled,
    PreAlarmOver,
    Press,
    Pressed,
    PressedTentatively,
    Recalled,
    Received,
    Requeued,
    ResetOrdered,
    ResetOvertaken,
    Signal,
)
from device.core.transmission import Transmission
from device.core.triggers import Triggers
from device.wire.messages import AlarmJoined, AlarmRaised, AlarmWithdrawn, Body, CancelPressed, MessageKey, OpenAlarm
from device.wire.vocabulary import Rung, Urgency


class State(StrEnum):
    """Where the alarm stands."""

    NORMAL = "normal"
    PRE_ALARM = "pre_alarm"
    RAISED = "raised"
    RECEIVED = "received"
    ANSWERED = "answered"


class AlarmSequence:
    """The one alarm a unit can have open."""

    def __init__(self, triggers: Triggers, mail: Transmission) -> None:
        """Begin in normal state."""
        self._triggers = triggers
        self._mail = mail
        self.state = State.NORMAL
        self._record: AlarmRecord | None = None
        self._pre_alarm_until_s: float | None = None

    def handle(self, signal: Signal, now: Moment) -> list[Effect]:
        """Answer a signal by the table."""
        row = TRANSITIONS[self.state][type(signal)]
        if row is None:
            return []
        self.state, action = row
        return action(self, signal, now)

    def resume(self, record: AlarmRecord, now: Moment) -> list[Effect]:
        """Go on with the alarm of an earlier life, unless one is open.

        One that was in its pre-alarm is raised: somebody pressed, and nobody withdrew it. One whose message is not
        waiting though no receipt is known is sent again under its old key: the centre folds what it has already.
        """
        if self.state is not State.NORMAL:
            return []
        self._record = record
        self.state = _STATES[record.rung or Rung.RAISED]
        if record.rung is None or (record.rung is Rung.RAISED and not self._mail.waits_for(record.key)):
            return self._raise(record, now)
        return []

    def adopt(self, waiting: tuple[Outgoing, ...], now: Moment) -> list[Effect]:
        """Go on with an alarm that waits to be received though its record is lost, or could not be read in time."""
        for message in reversed(waiting):
            if isinstance(message.body, AlarmRaised) and self.state is State.NORMAL:
                record = AlarmRecord(message.key, Rung.RAISED, message.body.trigger.trigger_id)
                return [*self.resume(record, now), self.kept()]
        return []

    def next_deadline(self) -> float | None:
        """Return when the pre-alarm is over, None outside of it."""
        return self._pre_alarm_until_s if self.state is State.PRE_ALARM else None

    def is_open_as(self, key: MessageKey) -> bool:
        """Tell whether this is the key of the alarm that is open now (raised, not in its pre-alarm)."""
        return self.state in RUNGS and self._record is not None and self._record.key == key

    def open_alarm(self) -> OpenAlarm | None:
        """Return the alarm as heartbeats name it."""
        if self._record is None or self._record.rung is None:
            return None
        return OpenAlarm(alarm=self._record.key, rung=self._record.rung)

    def has_unheard_press(self) -> bool:
        """Tell whether a press during the open alarm has not reached the centre yet."""
        return self._record is not None and self._mail.unheard_press(self._record.key) is not None

    def reset_ordered(self) -> Signal:
        """Return what the operator's reset means at this moment."""
        press = self._mail.unheard_press(self._open_record().key)
        return ResetOrdered() if press is None else ResetOvertaken(self._triggers.get(press.trigger_id))

    def kept(self) -> SaveAlarm:
        """Return the effect that keeps the alarm as it stands: the disk may have missed its last changes."""
        return SaveAlarm(self._record)

    # --- actions of the table ---

    def raise_at_once(self, signal: Pressed | ResetOvertaken, now: Moment) -> list[Effect]:
        """Raise an alarm."""
        effects = self._raise(AlarmRecord(self._mail.next_key(), None, signal.trigger.trigger_id), now)
        return [*effects, WriteJournal("alarm raised")]

    def hold_back(self, signal: PressedTentatively, now: Moment) -> list[Effect]:
        """Open the pre-alarm; the press is kept, so that even a crash in it calls."""
        self._record = AlarmRecord(self._mail.next_key(), None, signal.trigger.trigger_id)
        self._pre_alarm_until_s = now.mono_s + signal.trigger.pre_alarm_s
        return [SaveAlarm(self._record)]

    def raise_held(self, signal: Press | PreAlarmOver, now: Moment) -> list[Effect]:
        """Raise what the pre-alarm held back; a press of another trigger is told as well."""
        record = self._open_record()
        effects = self._raise(record, now)
        if not isinstance(signal, PreAlarmOver) and signal.trigger.trigger_id != record.trigger_id:
            effects += self.join(signal, now)
        return [*effects, WriteJournal("alarm raised")]

    def withdraw(self, signal: Cancelled, now: Moment) -> list[Effect]:
        """Call nobody, and report it once."""
        trigger = self._triggers.get(self._open_record().trigger_id)
        self._record = None
        message = self._mail.submit(AlarmWithdrawn(trigger=trigger.info()), Urgency.EVENT, now)
        return [SaveAlarm(None), *message, Speak(Prompt.WITHDRAWN)]

    def join(self, signal: Press, now: Moment) -> list[Effect]:
        """Tell the centre of another press during the open alarm."""
        trigger = signal.trigger
        key = self._open_record().key
        return self._tell(AlarmJoined(alarm=key, trigger=trigger.info(), status_code=trigger.status_code), now)

    def tell_cancel(self, signal: Cancelled, now: Moment) -> list[Effect]:
        """Tell the operator that cancel was pressed: a voice still asks whether all is well."""
        return self._tell(CancelPressed(alarm=self._open_record().key), now)

    def climb(self, signal: Received | Answered | Requeued, now: Moment) -> list[Effect]:
        """Note the rung of the state the table led to."""
        record = self._open_record()
        self._record = AlarmRecord(record.key, RUNGS[self.state], record.trigger_id)
        return [SaveAlarm(self._record)]

    def recall(self, signal: Recalled, now: Moment) -> list[Effect]:
        """Take an alarm for our own that only the centre remembers."""
        self._record = AlarmRecord(signal.alarm, RUNGS[self.state], "")
        return [SaveAlarm(self._record), WriteJournal("alarm recalled")]

    def close(self, signal: ResetOrdered, now: Moment) -> list[Effect]:
        """End the alarm and say so."""
        self._record = None
        return [SaveAlarm(None), Speak(Prompt.CLOSED), WriteJournal("alarm closed")]

    # --- helpers ---

    def _raise(self, record: AlarmRecord, now: Moment) -> list[Effect]:
        """Store and send the alarm that `record` stands for."""
        self._record = AlarmRecord(record.key, Rung.RAISED, record.trigger_id)
        trigger = self._triggers.get(record.trigger_id)
        body = AlarmRaised(trigger=trigger.info(), status_code=trigger.status_code)
        return self._mail.submit(body, Urgency.ALARM, now, record.key, self._record)

    def _tell(self, body: Body, now: Moment) -> list[Effect]:
        """Tell of a press during the open alarm, unless the centre has yet to hear of many."""
        return self._mail.submit(body, Urgency.ALARM, now) if self._mail.takes_presses else []

    def _open_record(self) -> AlarmRecord:
        if self._record is None:
            raise AssertionError(f"no alarm is kept in state {self.state}")
        return self._record


Action = Callable[[AlarmSequence, Any, Moment], list[Effect]]
Row = tuple[State, Action] | None
"""The next state and what to do on the way; None: nothing to do, on purpose."""

TRANSITIONS: dict[State, dict[type, Row]] = {
    State.NORMAL: {
        Pressed: (State.RAISED, AlarmSequence.raise_at_once),
        PressedTentatively: (State.PRE_ALARM, AlarmSequence.hold_back),
        Cancelled: None,
        PreAlarmOver: None,
        Received: None,
        Answered: None,
        Requeued: None,
        ResetOrdered: None,
        ResetOvertaken: None,
        Recalled: (State.RECEIVED, AlarmSequence.recall),
    },
    State.PRE_ALARM: {
        Pressed: (State.RAISED, AlarmSequence.raise_held),  # a second press means: now
        PressedTentatively: (State.RAISED, AlarmSequence.raise_held),
        Cancelled: (State.NORMAL, AlarmSequence.withdraw),
        PreAlarmOver: (State.RAISED, AlarmSequence.raise_held),
        Received: None,
        Answered: None,
        Requeued: None,
        ResetOrdered: None,
        ResetOvertaken: None,
        Recalled: None,
    },
    State.RAISED: {
        Pressed: (State.RAISED, AlarmSequence.join),
        PressedTentatively: (State.RAISED, AlarmSequence.join),
        Cancelled: (State.RAISED, AlarmSequence.tell_cancel),
        PreAlarmOver: None,
        Received: (State.RECEIVED, AlarmSequence.climb),
        Answered: (State.ANSWERED, AlarmSequence.climb),  # the receipt was lost, the order was not
        Requeued: (State.RECEIVED, AlarmSequence.climb),
        ResetOrdered: (State.NORMAL, AlarmSequence.close),
        ResetOvertaken: (State.RAISED, AlarmSequence.raise_at_once),  # nobody has answered that press
        Recalled: None,
    },
    State.RECEIVED: {
        Pressed: (State.RECEIVED, AlarmSequence.join),
        PressedTentatively: (State.RECEIVED, AlarmSequence.join),
        Cancelled: (State.RECEIVED, AlarmSequence.tell_cancel),
        PreAlarmOver: None,
        Received: None,
        Answered: (State.ANSWERED, AlarmSequence.climb),
        Requeued: None,
        ResetOrdered: (State.NORMAL, AlarmSequence.close),
        ResetOvertaken: (State.RAISED, AlarmSequence.raise_at_once),
        Recalled: None,
    },
    State.ANSWERED: {
        Pressed: (State.ANSWERED, AlarmSequence.join),
        PressedTentatively: (State.ANSWERED, AlarmSequence.join),
        Cancelled: (State.ANSWERED, AlarmSequence.tell_cancel),
        PreAlarmOver: None,
        Received: None,
        Answered: None,
        Requeued: (State.RECEIVED, AlarmSequence.climb),  # never say "an operator has it" when nobody has
        ResetOrdered: (State.NORMAL, AlarmSequence.close),
        ResetOvertaken: (State.RAISED, AlarmSequence.raise_at_once),
        Recalled: None,
    },
}
RUNGS: dict[State, Rung] = {
    State.RAISED: Rung.RAISED,
    State.RECEIVED: Rung.RECEIVED,
    State.ANSWERED: Rung.ANSWERED,
}
_STATES = {rung: state for state, rung in RUNGS.items()}
