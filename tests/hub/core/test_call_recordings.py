"""Recording: only where the rule says so, only after the notice, and deleted when its time is over."""

from hub.core import events as ev
from hub.core import timings
from hub.core.call_events import RecordingDeleted, RecordingEnded
from hub.core.call_recordings import DAY_S
from hub.core.call_records import Organisation, Recording
from hub.core.effects import Prompt, Spoken
from hub.core.records import EntryKind, Unit
from hub.core.speech_acts import Add
from tests.hub.core.in_calls import DAUGHTER, shift, speaking
from tests.hub.core.shift import HOME, WALL_S, Shift, key

RULES = Organisation(records_calls=True, recordings_kept_days=30)


def recording_shift() -> Shift:
    """Return a centre that records its calls."""
    one = shift("anna")
    one.happen(ev.RecordsEdited("", (RULES,)))
    return one


def test_nothing_is_recorded_without_a_rule() -> None:
    one = shift("anna")
    speaking(one)
    one.wait(60)
    assert one.voice.recordings == {}
    assert Prompt.RECORDED not in one.voice.prompts()


def test_a_call_is_recorded_when_somebody_speaks_and_the_client_was_told() -> None:
    one = recording_shift()
    unit = one.voice.call(HOME)
    one.wait(timings.GREETING_AFTER_S)
    assert one.voice.prompts() == [Prompt.GREETING, Prompt.RECORDED, Prompt.LOOKING]
    one.voice.finish_saying()
    assert one.voice.recordings == {}
    one.voice.answer(one.voice.bell("anna"))
    (recorded,) = one.voice.recordings.values()
    assert (recorded.unit_leg, recorded.incident_id) == (unit, one.alarm().incident_id)
    assert one.voice.view().is_recorded
    assert EntryKind.RECORDED in one.history(one.alarm().incident_id)
    (record,) = one.recordings.values()
    assert record.keep_until_s == record.began_s + 30 * DAY_S


def test_whoever_answers_at_once_is_recorded_when_the_notice_was_heard_to_its_end() -> None:
    one = recording_shift()
    speaking(one)
    one.wait(timings.GREETING_AFTER_S)
    assert one.voice.prompts() == [Prompt.RECORDED]
    assert one.voice.recordings == {}
    one.voice.finish_saying()
    assert len(one.voice.recordings) == 1
    one.wait(60)
    assert one.voice.prompts() == [Prompt.RECORDED]


def test_a_notice_that_was_cut_short_is_given_again() -> None:
    one = recording_shift()
    one.voice.call(HOME)
    one.wait(timings.GREETING_AFTER_S)
    one.voice.answer(one.voice.bell("anna"))
    one.wait(0.1)
    assert one.voice.recordings == {}
    assert one.voice.prompts()[-1] is Prompt.RECORDED
    one.voice.finish_saying()
    assert len(one.voice.recordings) == 1


def test_whoever_is_called_into_a_recorded_call_is_told_too() -> None:
    one = recording_shift()
    _, _, incident_id = speaking(one)
    one.speech(incident_id, Add(DAUGHTER))
    daughter = one.voice.bell(DAUGHTER.number)
    one.voice.answer(daughter)
    assert [say.words for say in one.voice.said if say.leg == daughter] == [Spoken((Prompt.RECORDED,), "en")]


def test_a_recording_ends_with_the_call_and_goes_on_in_the_next_of_the_incident() -> None:
    one = recording_shift()
    unit, _, incident_id = speaking(one)
    one.wait(timings.GREETING_AFTER_S)
    one.voice.finish_saying()
    one.voice.end(unit, 0, is_silence=True)
    assert one.voice.recordings == {}
    (record,) = one.recordings.values()
    assert (record.file, record.seconds, record.key_id) == (f"{record.recording_id}.sound", 12.5, "key-1")
    again = one.voice.call(HOME, alarm=key(1))
    assert [recorded.unit_leg for recorded in one.voice.recordings.values()] == [again]
    one.close(incident_id)
    assert one.voice.recordings == {}
    assert len(one.recordings) == 1


def test_a_recording_is_deleted_when_its_time_is_over_and_not_before() -> None:
    old = Recording("7", 7, WALL_S, WALL_S + 2 * DAY_S, file="7.sound", seconds=1.0)
    young = Recording("8", 8, WALL_S, WALL_S + 9 * DAY_S, file="8.sound", seconds=1.0)
    one = Shift((Unit(HOME),), ("anna",), ev.Snapshot(recordings=(old, young)))
    one.alive.clear()
    one.wait(2 * DAY_S - timings.RECORDINGS_LOOKED_AT_EVERY_S)
    assert one.voice.deleted == []
    one.wait(2 * timings.RECORDINGS_LOOKED_AT_EVERY_S)
    assert one.voice.deleted == ["7"]
    assert one.recordings["7"].deleted_s is not None
    one.wait(DAY_S)
    assert one.voice.deleted == ["7"]


def test_what_is_told_of_a_recording_nobody_knows_changes_nothing() -> None:
    one = shift()
    assert one.happen(RecordingEnded("9", "9.sound", 1.0, "key")) == []
    assert one.happen(RecordingDeleted("9")) == []
