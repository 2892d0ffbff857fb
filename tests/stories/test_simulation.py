"""Random histories hold, and the oracle would notice if they did not."""

from collections.abc import Callable

import pytest

from device.core.alarm import TRANSITIONS as UNIT_TABLE
from device.core.alarm import AlarmSequence, State
from device.core.call import Call, CallState
from device.core.call_table import TRANSITIONS as CALL_TABLE
from device.core.effects import Light
from device.core.indication import TABLE as INDICATIONS
from device.core.indication import Condition, Row
from device.core.moment import Moment
from device.core.signals import Received
from device.core.speech_signals import CallAgain, CallLater, Heard
from device.core.transmission import Transmission
from hub.core.centre import ReceivingCentre
from hub.core.healing import Healing
from hub.core.incidents import Case
from hub.core.ingest import Ingest
from tests.stories.simulation import play

SEEDS = 300
BATCH = 25


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_every_press_is_withdrawn_or_becomes_exactly_one_incident(first: int) -> None:
    for seed in range(first, first + BATCH):
        try:
            play(seed)
        except AssertionError as error:
            pytest.fail(f"seed {seed}: {error}\nreplay: python -m tests.stories.simulation --replay {seed}")


def play_many(seeds: int) -> None:
    for seed in range(seeds):
        play(seed)


def forget_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Transmission, "send_again", lambda self, now: [])
    monkeypatch.setattr(Transmission, "next_deadline", lambda self: None)
    monkeypatch.setattr(Transmission, "deadline_reached", lambda self, now: [])


def fold_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ingest, "has_seen", lambda self, unit_id, key: False)


def promise_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(UNIT_TABLE[State.RAISED], Received, (State.ANSWERED, AlarmSequence.climb))


def never_tell_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Case, "_order", lambda self, *_: [])
    monkeypatch.setattr(Healing, "compare", lambda self, *_: [])


def lose_the_open_alarm_at_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AlarmSequence, "resume", lambda self, record, now: [])


def speak_before_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    handle = ReceivingCentre.handle

    def lose_records(self: ReceivingCentre, event: object, now: object) -> list[object]:
        effects: list[object] = list(handle(self, event, now))  # type: ignore[arg-type]
        return [effect for effect in effects if type(getattr(effect, "record", None)).__name__ != "ReceivedMessage"]

    monkeypatch.setattr(ReceivingCentre, "handle", lose_records)


def hear_a_room_that_was_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def go_on_in_silence(call: Call, signal: object, now: Moment) -> list[object]:
        call.due_s = now.mono_s + 1.0
        return []

    monkeypatch.setitem(CALL_TABLE[CallState.ANSWERED], Heard, (CallState.NOTICE, go_on_in_silence))


def hear_a_room_in_the_dark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(INDICATIONS, Condition.SPEAKING, Row(Light.STEADY))


def give_up_calling(monkeypatch: pytest.MonkeyPatch) -> None:
    for state in CALL_TABLE:
        monkeypatch.setitem(CALL_TABLE[state], CallLater, (CallState.IDLE, Call.rest))
        monkeypatch.setitem(CALL_TABLE[state], CallAgain, (CallState.IDLE, Call.rest))


MISTAKES = (
    forget_what_waits,
    fold_nothing,
    promise_early,
    never_tell_the_room,
    lose_the_open_alarm_at_a_restart,
    speak_before_the_commit,
    hear_a_room_that_was_not_told,
    hear_a_room_in_the_dark,
    give_up_calling,
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_the_oracle_notices(mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    mistake(monkeypatch)
    with pytest.raises(AssertionError):
        play_many(40)
