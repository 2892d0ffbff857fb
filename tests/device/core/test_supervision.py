"""The unit watches itself: heartbeats, the centre's life and its line. What it notices of its parts: test_faults."""

import pytest

from device.core import events as ev
from device.core import timings
from device.core.effects import ChangeCentre, Effect, Publish, PublishHeartbeat
from device.core.outgoing import AlarmRecord
from device.wire import messages as wire
from device.wire.vocabulary import ClockQuality, Rung
from tests.device.core.life import BEGAN_S, BUTTON, EARLIER, EPOCH, Life, bodies, connected, faults, key, of_kind


def beats(effects: list[Effect]) -> list[wire.Heartbeat]:
    return [effect.heartbeat for effect in of_kind(PublishHeartbeat, effects)]


# --- a new life, and heartbeats ---


def test_a_new_life_is_reported() -> None:
    assert wire.UnitStarted(cause="power_on", software="test") in bodies(Life().connect())


def test_a_heartbeat_goes_out_when_the_line_opens_and_then_every_half_minute() -> None:
    life = Life()
    life.connect()
    assert len(beats(life.wait(0))) == 1
    assert beats(life.wait(29.9)) == []
    assert len(beats(life.wait(0.2))) == 1
    assert len(beats(life.wait(300))) == 10


def test_no_heartbeat_is_sent_without_a_line() -> None:
    life = connected()
    life.disconnect()
    assert beats(life.wait(300)) == []


def test_the_centre_sets_how_often_heartbeats_come() -> None:
    life = connected()
    life.order(wire.SetHeartbeat(interval_s=120))
    (first,) = beats(life.wait(0))
    assert first.interval_s == 120
    assert len(beats(life.wait(600))) == 5


def test_an_interval_that_is_set_without_a_line_is_used_when_there_is_one() -> None:
    life = Life()
    life.order(wire.SetHeartbeat(interval_s=60))
    assert beats(life.wait(100)) == []
    life.connect()
    assert len(beats(life.wait(0))) == 1


def test_a_heartbeat_tells_all_the_unit_knows_of_itself() -> None:
    life = connected()
    life.happen(
        ev.PowerRead(mains=True, battery_percent=80.0),
        ev.HealthRead(temperature_c=21.5, disk_free_mb=900.0),
        ev.OutboxRead(3),
    )
    life.press()
    life.receive(life.alarm_key())
    (beat,) = beats(life.wait(29))
    assert beat == wire.Heartbeat(
        epoch=EPOCH,
        uptime_s=30.0,
        interval_s=30.0,
        software="test",
        alarm=wire.OpenAlarm(alarm=life.alarm_key(), rung=Rung.RECEIVED),
        faults=(),
        paths=(wire.PathHealth(name="ethernet", is_up=True),),
        mains=True,
        battery_percent=80.0,
        temperature_c=21.5,
        disk_free_mb=900.0,
        clock=ClockQuality.UNSET,
        outbox_depth=3,
    )


def test_a_heartbeat_names_every_fault() -> None:
    life = connected()
    life.happen(ev.TriggerFoundActive("x" * 64), ev.AdapterFailed("prompts", "Speak", "no card", lasting=True))
    (beat,) = beats(life.wait(29))
    assert beat.faults == ("sound_lost", ("trigger_held:" + "x" * 64)[:64])


def test_readings_out_of_range_do_not_keep_the_heartbeat_in() -> None:
    life = connected()
    life.happen(ev.PowerRead(mains=None, battery_percent=104.2), ev.OutboxRead(-1))
    life.happen(ev.HealthRead(temperature_c=float("nan"), disk_free_mb=-5.0))
    (beat,) = beats(life.wait(29))
    assert (beat.battery_percent, beat.temperature_c, beat.disk_free_mb, beat.outbox_depth) == (100.0, None, 0.0, 0)


def test_names_of_any_length_do_not_keep_the_heartbeat_in() -> None:
    life = Life()
    life.happen(ev.Started(EPOCH, "boot", ev.StartCause.RESTART, "9" * 100))
    life.happen(*(ev.PathOpened(f"{number}" + "x" * 70) for number in range(20)))
    (beat,) = beats(life.wait(0))
    assert len(beat.software) == 64
    assert len(beat.paths) == 16


# --- the centre ---


def test_a_centre_that_goes_silent_behind_a_living_broker_is_lost_within_a_minute() -> None:
    life = connected()
    life.freeze_centre()
    effects = life.wait(60 - 1)
    assert faults(effects) == ["+centre_lost"]
    assert of_kind(ChangeCentre, effects) == [ChangeCentre()]


def test_a_centre_that_renews_its_state_is_not_lost() -> None:
    life = connected()
    effects = life.wait(3600)
    assert faults(effects) == []
    assert of_kind(ChangeCentre, effects) == []


def test_a_dead_centres_last_word_is_no_evidence_however_often_it_is_heard() -> None:
    life = connected()
    life.freeze_centre()
    lost: list[str] = []
    for _ in range(10):
        life.happen(ev.CentreHeard(True, 1))
        lost += faults(life.wait(10))
    assert lost == ["+centre_lost"]


def test_a_centre_that_says_it_is_gone_has_a_moment_to_restart() -> None:
    life = connected()
    life.freeze_centre()
    life.happen(ev.CentreHeard(False, 0))
    assert faults(life.wait(timings.CENTRE_GRACE_S - 0.1)) == []
    assert faults(life.wait(0.1)) == ["+centre_lost"]
    again = connected()
    again.happen(ev.CentreHeard(False, 0))
    again.wait(5)
    again.hear_centre()
    assert faults(again.wait(100)) == []


def test_a_silent_centre_is_left_for_the_next_again_and_again() -> None:
    life = connected()
    life.freeze_centre()
    assert len(of_kind(ChangeCentre, life.wait(60))) == 1
    assert len(of_kind(ChangeCentre, life.wait(300))) == 6


def test_no_centre_is_left_while_there_is_no_line() -> None:
    life = connected()
    life.disconnect()
    effects = life.wait(300)
    assert of_kind(ChangeCentre, effects) == []


def test_a_centre_just_reached_may_speak_before_the_next_one_is_tried() -> None:
    life = connected()
    life.disconnect()
    life.wait(148.5)  # a silent centre is left every 50 s: next in half a second
    life.happen(ev.PathOpened("ethernet"))
    assert of_kind(ChangeCentre, life.wait(timings.CENTRE_GRACE_S - 0.1)) == []
    assert len(of_kind(ChangeCentre, life.wait(60))) >= 1


def test_a_line_that_opens_and_closes_does_not_put_off_the_loss() -> None:
    life = connected()
    told: list[str] = []
    life.freeze_centre()
    for _ in range(12):
        life.happen(ev.PathClosed("ethernet", "flapping"))
        life.happen(ev.PathOpened("ethernet"))
        told += faults(life.wait(5))
    assert told == ["+centre_lost"]


def test_a_centre_that_comes_back_is_sent_everything_again() -> None:
    life = connected()
    life.press()
    life.freeze_centre()
    life.wait(100)
    effects = life.hear_centre()
    assert "-centre_lost" in faults(effects)
    assert life.alarm_key() in [publish.message.key for publish in of_kind(Publish, effects)]


def test_the_last_words_of_two_dead_centres_are_no_evidence_in_turns() -> None:
    life = Life()
    told: list[str] = []
    for _ in range(5):
        for dead_beat in (700, 900):
            life.happen(ev.PathOpened("ethernet"), ev.CentreHeard(True, dead_beat))
            told += faults(life.wait(55))
            life.happen(ev.PathClosed("ethernet", "the next centre"))
    assert told.count("+centre_lost") == 2, "once a centre, at its first word"
    assert told.count("-centre_lost") <= 1


# --- the line ---


def test_a_line_that_comes_back_soon_was_a_hiccup() -> None:
    life = connected()
    life.disconnect()
    life.wait(timings.PATH_FAULT_AFTER_S - 1)
    assert faults(life.connect()) == []


def test_a_line_that_stays_away_is_a_fault_and_told_when_it_is_back() -> None:
    life = connected()
    life.disconnect()
    assert faults(life.wait(40) + life.connect()) == ["+path_lost", "-path_lost"]


def test_a_unit_that_never_gets_a_line_has_a_fault() -> None:
    life = Life()
    assert faults(life.wait(100)) == ["+path_lost", "+centre_lost"]
    assert faults(life.connect()) == ["-path_lost", "-centre_lost"]


def test_a_second_loss_notice_does_not_put_off_the_fault() -> None:
    life = connected()
    life.disconnect()
    life.wait(20)
    life.disconnect()
    assert faults(life.wait(11)) == ["+path_lost"]


def test_one_of_two_paths_may_go() -> None:
    life = connected()
    life.happen(ev.PathOpened("mobile"), ev.PathClosed("ethernet", "cut"))
    life.receive_all()
    effects = life.wait(60)
    assert faults(effects) == []
    assert beats(effects)[-1].paths == (
        wire.PathHealth(name="ethernet", is_up=False),
        wire.PathHealth(name="mobile", is_up=True),
    )


def test_a_restart_in_an_alarm_names_it_in_the_first_heartbeat() -> None:
    record = AlarmRecord(key(5, EARLIER), Rung.ANSWERED, BUTTON.trigger_id)
    life = Life(open_alarm=record)
    life.connect()
    (beat,) = beats(life.wait(0))
    assert beat.alarm == wire.OpenAlarm(alarm=record.key, rung=Rung.ANSWERED)
    assert beat.uptime_s == pytest.approx(life.now_s - BEGAN_S)
