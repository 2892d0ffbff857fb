"""The centre hears when both connections stand, and is deaf when either is lost."""

import pytest

from hub.adapters.broker.hearing import Hearing
from hub.core import events as ev
from tests.waiting import Heard

CONNECTED = ev.BrokerConnected()


@pytest.fixture
def events() -> Heard[ev.Event]:
    return Heard()


@pytest.fixture
def hearing(events: Heard[ev.Event]) -> Hearing:
    hearing = Hearing(frozenset({"alarms", "heartbeats"}))
    hearing.start(events)
    return hearing


def test_one_of_two_is_not_enough(hearing: Hearing, events: Heard[ev.Event]) -> None:
    hearing.stood("alarms")
    hearing.fell("alarms", "gone")
    hearing.stood("heartbeats")
    assert events.all == []
    assert not hearing.is_hearing
    hearing.stood("alarms")
    assert events.all == [CONNECTED]
    assert hearing.is_hearing


def test_deafness_is_told_once_however_much_is_lost(hearing: Hearing, events: Heard[ev.Event]) -> None:
    hearing.stood("alarms")
    hearing.stood("heartbeats")
    hearing.fell("heartbeats", "cut")
    hearing.fell("alarms", "cut as well")
    hearing.stood("alarms")
    hearing.stood("heartbeats")
    assert events.all == [CONNECTED, ev.BrokerLost("heartbeats: cut"), CONNECTED]


def test_a_failure_is_told_once_until_the_centre_hears_again(hearing: Hearing, events: Heard[ev.Event]) -> None:
    failed = ev.AdapterFailed("broker", "", "wrong password", lasting=True)
    hearing.failed("wrong password")
    hearing.failed("wrong password")
    assert events.all == [failed]
    hearing.stood("alarms")
    hearing.stood("heartbeats")
    hearing.failed("wrong password")
    assert events.all == [failed, CONNECTED, failed]


def test_nothing_is_told_outside_start_and_stop(events: Heard[ev.Event]) -> None:
    hearing = Hearing(frozenset({"alarms"}))
    hearing.stood("alarms")
    hearing.start(events)
    hearing.stop()
    hearing.fell("alarms", "gone")
    hearing.failed("anything")
    assert events.all == []
