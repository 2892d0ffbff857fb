"""ReceivingCentre: what comes first, receipts, the register, its own life and troubles."""

import pytest

from device.wire import messages as wire
from device.wire.vocabulary import Urgency
from hub.core import events as ev
from hub.core import timings
from hub.core.centre import ReceivingCentre
from hub.core.effects import Acknowledge, Effect, PublishCentre, Relay, Reply, Save, SendReceipt, Show
from hub.core.ingest import SeenSeqs
from hub.core.moment import Moment
from hub.core.records import (
    EntryKind,
    IncidentKind,
    Outcome,
    Premises,
    ReceivedMessage,
    Unit,
)
from hub.core.timings import Timings
from tests.hub.core.shift import (
    EPOCH,
    HOME,
    WALL_S,
    Shift,
    at,
    key,
    of_kind,
    orders,
    raised,
    receipts,
    relayed,
)

PLAN = Timings()


def beats(effects: list[Effect]) -> list[int]:
    return [effect.state.beat for effect in of_kind(PublishCentre, effects)]


# --- messages ---


def test_a_message_is_kept_then_shown_then_receipted() -> None:
    kinds = [type(effect) for effect in Shift().say(raised())]
    assert kinds == [Save, Save, Save, Show, SendReceipt]


def test_a_message_is_kept_as_it_came() -> None:
    shift = Shift()
    shift.say(raised(), age_s=3.0)
    message = wire.Message(key=key(1), age_s=3.0, body=raised())
    assert shift.messages[HOME, key(1)] == ReceivedMessage(HOME, Urgency.ALARM, message, WALL_S, True, 1)


def test_a_repetition_is_receipted_again_and_nothing_else() -> None:
    shift = Shift()
    shift.say(raised())
    assert shift.say(raised(), message_key=key(1)) == [SendReceipt(HOME, key(1), token=1)]


def test_a_repetition_is_known_after_a_restart() -> None:
    shift = Shift(snapshot=ev.Snapshot(seen={HOME: {EPOCH: SeenSeqs(up_to=1)}}))
    assert shift.say(raised(), message_key=key(1)) == [SendReceipt(HOME, key(1), token=1)]
    assert shift.open() == []


def test_a_message_the_core_stumbles_over_is_not_taken_for_known(monkeypatch: pytest.MonkeyPatch) -> None:
    shift = Shift()
    with monkeypatch.context() as patch:
        patch.setattr(shift.centre._reader, "read", _stumble)
        with pytest.raises(RuntimeError):
            shift.say(raised(), message_key=key(1))
    shift.say(raised(), message_key=key(1))
    assert len(shift.open()) == 1, "its repetition is read anew, and not receipted as known"


def _stumble(*_: object) -> None:
    raise RuntimeError


# --- the register ---


def test_what_is_edited_is_kept_and_answered() -> None:
    home = Premises(1, "1 Example Street")
    effects = Shift().happen(ev.RecordsEdited("edit", (home, Unit("home-2"))))
    assert effects == [Save(home), Save(Unit("home-2")), Reply("edit")]


def test_a_new_unit_has_one_full_interval() -> None:
    shift = Shift(())
    shift.wait(500)
    shift.happen(ev.RecordsEdited("edit", (Unit(HOME),)))
    shift.wait(89)
    assert shift.open() == []
    shift.wait(2)
    assert [incident.kind for incident in shift.open()] == [IncidentKind.SILENT]


def test_a_unit_taken_out_of_service_is_silent_no_more() -> None:
    shift = Shift()
    shift.alive.clear()
    shift.wait(100)
    shift.happen(ev.RecordsEdited("edit", (Unit(HOME, is_in_service=False),)))
    assert shift.open() == []
    shift.beat()
    shift.wait(600)
    assert shift.open() == []
    shift.happen(ev.RecordsEdited("edit", (Unit(HOME),)))
    shift.wait(100)
    assert len(shift.open(IncidentKind.SILENT)) == 1


def test_a_unit_taken_out_of_service_in_time_is_never_called_silent() -> None:
    shift = Shift()
    shift.alive.clear()
    shift.wait(50)
    shift.happen(ev.RecordsEdited("edit", (Unit(HOME, is_in_service=False),)))
    shift.wait(600)
    assert shift.open() == []


# --- its own life ---


def test_it_renews_its_state_every_twenty_seconds_with_a_beat_never_used_before() -> None:
    shift = Shift()
    said = beats(shift.begun) + beats(shift.wait(100))
    assert len(said) == 6
    assert said == sorted(set(said))


def test_a_clock_set_back_gives_no_beat_twice() -> None:
    centre = ReceivingCentre(PLAN)
    said = beats(centre.handle(ev.BrokerConnected(), at(0)))
    for number in range(1, 5):
        said += beats(centre.handle(ev.DeadlineReached(), Moment(at(number * 20.0).mono_s, wall_s=0.0)))
    assert said == sorted(set(said))
    assert len(said) == 5


def test_it_says_that_it_leaves() -> None:
    (effect,) = Shift().happen(ev.StopRequested())
    assert isinstance(effect, PublishCentre)
    assert not effect.state.alive


def test_without_its_broker_it_renews_nothing() -> None:
    shift = Shift()
    shift.happen(ev.BrokerLost("gone"))
    assert beats(shift.wait(600)) == []


def test_a_unit_that_comes_on_line_is_sent_its_orders_at_once() -> None:
    shift = Shift()
    shift.accept(shift.press())
    shift.wait(10)
    assert orders(shift.happen(ev.PresenceArrived(HOME, online=True))) == [wire.AnswerAlarm(alarm=key(1))]
    assert shift.happen(ev.PresenceArrived(HOME, online=False)) == []


# --- its own troubles ---


def test_a_shift_without_a_console_is_an_incident_after_half_a_minute_and_goes_outside() -> None:
    shift = Shift(operators=())
    shift.wait(PLAN.no_console_after_s - 0.1)
    assert shift.open() == []
    effects = shift.wait(0.2)
    (incident,) = shift.open()
    assert incident.kind is IncidentKind.NO_CONSOLE
    assert relayed(effects) == [incident.incident_id]
    shift.console("anna")
    assert shift.incidents[incident.incident_id].outcome is Outcome.RESTORED


def test_consoles_that_go_are_noticed_and_those_that_come_back_in_time_too() -> None:
    shift = Shift()
    shift.console()
    shift.wait(20)
    shift.console()
    shift.wait(5)
    shift.console("anna")
    shift.wait(100)
    assert shift.open() == []
    shift.console()
    shift.wait(31)
    assert len(shift.open()) == 1
    shift.console()
    shift.wait(100)
    assert len(shift.open()) == 1, "once is enough"


def test_a_centre_without_units_calls_nobody_to_its_console_until_it_has_one() -> None:
    shift = Shift((), operators=())
    shift.wait(600)
    assert shift.open() == []
    shift.happen(ev.RecordsEdited("edit", (Unit(HOME),)))
    shift.alive.add(HOME)
    shift.wait(PLAN.no_console_after_s)
    assert [incident.kind for incident in shift.open()] == [IncidentKind.NO_CONSOLE]


def test_a_broker_that_stays_away_is_an_incident_and_goes_outside() -> None:
    shift = Shift()
    shift.happen(ev.BrokerLost("gone"))
    effects = shift.wait(timings.BROKER_FAULT_AFTER_S)
    (incident,) = shift.open()
    assert (incident.kind, incident.subject) == (IncidentKind.CENTRE, "broker")
    assert relayed(effects) == [incident.incident_id]
    shift.happen(ev.BrokerConnected())
    assert shift.open() == [incident], "only a connection that stays ends it"
    shift.wait(timings.BROKER_STABLE_AFTER_S)
    assert shift.incidents[incident.incident_id].outcome is Outcome.RESTORED


def test_a_broker_that_never_comes_is_an_incident_too() -> None:
    shift = Shift(is_connected=False)
    shift.wait(timings.BROKER_FAULT_AFTER_S)
    assert [incident.kind for incident in shift.open()] == [IncidentKind.CENTRE]


def test_a_broker_that_is_back_soon_is_none() -> None:
    shift = Shift()
    shift.happen(ev.BrokerLost("gone"))
    shift.wait(20)
    shift.happen(ev.BrokerLost("gone"))
    shift.wait(5)
    shift.happen(ev.BrokerConnected())
    shift.wait(600)
    assert shift.open() == []


def test_a_broker_that_comes_and_goes_is_an_incident_however_soon_it_is_back() -> None:
    shift = Shift()
    for _ in range(timings.BROKER_FLAPS):
        assert shift.open() == []
        shift.happen(ev.BrokerLost("gone"))
        shift.wait(1)
        shift.happen(ev.BrokerConnected())
        shift.wait(10)
    assert [incident.subject for incident in shift.open()] == ["broker"]


def test_a_door_that_needs_a_person_is_an_incident_until_it_works() -> None:
    shift = Shift()
    failed = ev.AdapterFailed("store", "Save", "the disk is full", lasting=True)
    effects = shift.happen(failed)
    (incident,) = shift.open()
    assert (incident.kind, incident.subject, incident.detail) == (IncidentKind.CENTRE, "store", "the disk is full")
    assert of_kind(Relay, effects)[0].reason == "the disk is full"
    assert shift.happen(failed) == []
    shift.happen(ev.AdapterRecovered("store"))
    assert shift.open() == []
    assert shift.happen(ev.AdapterRecovered("store")) == []


def test_a_door_that_may_work_again_is_none() -> None:
    assert Shift().happen(ev.AdapterFailed("broker", "SendCommand", "not connected", lasting=False)) == []


def test_what_a_relay_did_stands_on_the_timeline() -> None:
    shift = Shift()
    incident_id = shift.press()
    shift.happen(ev.RelayDone("webhook", incident_id, is_done=True))
    shift.happen(ev.RelayDone("mail", incident_id, is_done=False, detail="refused"))
    assert shift.history(incident_id) == [EntryKind.RAISED, EntryKind.RELAYED, EntryKind.RELAY_FAILED]
    assert shift.happen(ev.RelayDone("webhook", 99, is_done=True)) == []


def test_an_unreadable_message_is_acknowledged_without_a_receipt() -> None:
    effects = Shift().happen(ev.UnreadableArrived("poga/1/x/event", "x", Urgency.EVENT, b"", "not_json", "", 3))
    assert effects[-1] == Acknowledge(3)
    assert receipts(effects) == []
