"""Faults: each kind with its codes, told once when it begins and once when it ends, whoever notices it how often."""

import pytest

from device.core import events as ev
from device.core import timings
from device.core.effects import PublishHeartbeat
from device.core.faults import KINDS, Fault, Faults, Severity
from device.wire.messages import AlarmJoined, FaultRaised, FaultRestored
from device.wire.vocabulary import FaultCode
from tests.device.core.life import CORD, bodies, connected, faults, of_kind


def test_the_table_knows_every_fault() -> None:
    assert set(KINDS) == set(FaultCode)


@pytest.mark.parametrize("code", FaultCode)
def test_every_fault_is_told_once_when_it_begins_and_once_when_it_ends(code: FaultCode) -> None:
    faults, kind = Faults(), KINDS[code]
    is_urgent = kind.severity is Severity.URGENT
    assert faults.end(code) == []
    begun = FaultRaised(fault=code, status_code=kind.begins, urgent=is_urgent, subject="", detail="why")
    assert faults.begin(code, detail="why") == [begun]
    assert faults.begin(code, detail="again") == []
    assert faults.has(code)
    assert faults.end(code) == [FaultRestored(fault=code, status_code=kind.ends)]
    assert faults.end(code) == []
    assert not faults.has(code)


def test_two_of_a_kind_are_told_apart_by_their_subject() -> None:
    faults = Faults()
    assert faults.begin(FaultCode.TRIGGER_HELD, "cord")
    assert faults.begin(FaultCode.TRIGGER_HELD, "button")
    assert [str(fault) for fault in faults.present()] == ["trigger_held:button", "trigger_held:cord"]
    assert faults.end(FaultCode.TRIGGER_HELD, "cord")
    assert faults.present() == (Fault(FaultCode.TRIGGER_HELD, "button"),)


def test_a_fault_without_a_subject_is_named_by_its_code() -> None:
    assert str(Fault(FaultCode.MAINS_LOST)) == "mains_lost"


def test_words_of_any_length_fit_the_wire() -> None:
    (told,) = Faults().begin(FaultCode.TRIGGER_HELD, "x" * 1_000, "y" * 1_000)
    assert isinstance(told, FaultRaised)
    assert (len(told.subject), len(told.detail)) == (64, 256)


# --- power ---


def test_mains_that_are_gone_for_a_moment_are_not_lost() -> None:
    life = connected()
    life.happen(ev.PowerRead(mains=False, battery_percent=None))
    life.wait(timings.MAINS_FAULT_AFTER_S - 0.1)
    life.happen(ev.PowerRead(mains=True, battery_percent=None))
    assert faults(life.wait(60)) == []


def test_mains_that_stay_away_are_told_once_and_their_return_too() -> None:
    life = connected()
    lost: list[str] = []
    for _ in range(10):
        life.happen(ev.PowerRead(mains=False, battery_percent=None))
        lost += faults(life.wait(5))
    assert lost == ["+mains_lost"]
    assert faults(life.happen(ev.PowerRead(mains=True, battery_percent=None))) == ["-mains_lost"]


def test_a_battery_is_low_and_well_again_with_room_between() -> None:
    life = connected()
    told = [
        faults(life.happen(ev.PowerRead(mains=None, battery_percent=float(percent))))
        for percent in (25, 21, 20, 19, 25, 29, 30, 80)
    ]
    assert told == [[], [], ["+battery_low"], [], [], [], ["-battery_low"], []]


def test_a_reading_that_is_missing_ends_no_fault() -> None:
    life = connected()
    life.happen(ev.PowerRead(mains=False, battery_percent=5.0))
    life.wait(20)
    effects = life.happen(ev.PowerRead(mains=None, battery_percent=None)) + life.wait(60)
    assert faults(effects) == []
    assert of_kind(PublishHeartbeat, effects)[-1].heartbeat.faults == ("battery_low", "mains_lost")


# --- buttons ---


def test_a_button_held_for_a_minute_is_a_fault_and_the_others_still_work() -> None:
    life = connected()
    life.happen(ev.TriggerActivated("button"))
    assert faults(life.wait(timings.STUCK_AFTER_S - 0.1)) == []
    assert faults(life.wait(0.2)) == ["+trigger_held:button"]
    assert any(isinstance(body, AlarmJoined) for body in bodies(life.press(CORD)))
    assert faults(life.happen(ev.TriggerReleased("button"))) == ["-trigger_held:button"]


def test_a_contact_that_bounces_while_it_is_held_is_timed_from_the_first() -> None:
    life = connected()
    life.happen(ev.TriggerActivated("button"))
    life.wait(30)
    life.happen(ev.TriggerActivated("button"))
    assert faults(life.wait(31)) == ["+trigger_held:button"]


def test_a_button_held_at_the_start_is_a_fault_and_no_press() -> None:
    life = connected()
    effects = life.happen(ev.TriggerFoundActive("cord"))
    assert faults(effects) == ["+trigger_held:cord"]
    assert life.unit.alarm.open_alarm() is None
    assert faults(life.happen(ev.TriggerReleased("cord"))) == ["-trigger_held:cord"]


def test_a_cancel_button_that_is_stuck_is_a_fault_too() -> None:
    life = connected()
    life.happen(ev.CancelActivated())
    assert faults(life.wait(61)) == ["+trigger_held:cancel"]
    assert faults(life.happen(ev.TriggerReleased("cancel"))) == ["-trigger_held:cancel"]


# --- doors ---


@pytest.mark.parametrize(
    ("adapter", "fault"),
    [
        ("triggers", "trigger_lost"),
        ("prompts", "sound_lost"),
        ("indicators", "light_lost"),
        ("broker", "path_lost"),
        ("voice", "voice_lost"),
    ],
)
def test_a_door_that_cannot_act_is_a_fault_once(adapter: str, fault: str) -> None:
    life = connected()
    failed = ev.AdapterFailed(adapter, "perform", "broken", lasting=True)
    assert faults(life.happen(failed, failed)) == [f"+{fault}"]


@pytest.mark.parametrize(
    ("adapter", "fault"), [("triggers", "trigger_lost"), ("prompts", "sound_lost"), ("indicators", "light_lost")]
)
def test_a_door_that_works_again_is_told(adapter: str, fault: str) -> None:
    life = connected()
    life.happen(ev.AdapterFailed(adapter, "perform", "broken", lasting=True))
    assert faults(life.happen(ev.AdapterRecovered(adapter))) == [f"-{fault}"]


def test_a_line_that_is_only_down_for_now_is_no_fault_of_the_broker() -> None:
    life = connected()
    assert faults(life.happen(ev.AdapterFailed("broker", "Publish", "not connected", lasting=False))) == []


@pytest.mark.parametrize(
    ("adapter", "fault"),
    [
        ("broker", "program_fault:broker"),
        ("voice", "program_fault:voice"),
        ("outbox", "program_fault:outbox"),
        ("prompts", "sound_lost"),
    ],
)
def test_a_door_that_stumbles_is_a_mistake_of_the_program_unless_it_is_known_what_it_takes_away(
    adapter: str, fault: str
) -> None:
    life = connected()
    stumbled = ev.AdapterFailed(adapter, "perform", "KeyError: 7", lasting=True, is_mistake=True)
    assert faults(life.happen(stumbled, stumbled)) == [f"+{fault}"]


def test_a_broken_outbox_is_told_when_it_breaks_and_when_it_works_again() -> None:
    life = connected()
    failed = ev.OutboxFailed("the disk is full", put_aside=False)
    assert faults(life.happen(failed, failed)) == ["+outbox_broken"]
    assert faults(life.happen(ev.OutboxRecovered())) == ["-outbox_broken"]


def test_a_file_put_aside_is_told_and_over_at_once() -> None:
    assert faults(connected().happen(ev.OutboxFailed("damaged", put_aside=True))) == [
        "+outbox_broken",
        "-outbox_broken",
    ]
