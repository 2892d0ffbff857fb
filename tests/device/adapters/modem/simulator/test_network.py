"""Calls through the network, with real drivers at both ends: every way in which somebody takes one, or does not."""

from pathlib import Path

import pytest

from device.adapters.modem import (
    AttemptEnded,
    CallAnswered,
    CallEnd,
    CallEnded,
    CallIgnored,
    ModemSettings,
    ToneReceived,
)
from device.adapters.modem.simulator import Kind, Manner, MobileNetwork, SimulatedModem
from device.adapters.modem.simulator.network import Stand
from tests.device.adapters.modem.rig import CENTRE, HOME, STRANGER, eventually, ready, simulated


def test_numbers_are_called_until_one_answers(network: MobileNetwork, home: SimulatedModem) -> None:
    busy, silent, nobody, answering = (f"+3712000010{place}" for place in range(4))
    network.manners.update({busy: Manner.BUSY, silent: Manner.LETS_RING, answering: Manner.ANSWERS})
    with ready(ModemSettings(home.path)) as (driver, reports):
        call = driver.dial((busy, silent, nobody, answering), ring_s=1.0)
        answered = reports.wait(CallAnswered)
        assert (answered.call, answered.number, answered.has_sound) == (call, answering, True)
        ends = {event.number: event.end for event in reports.events if isinstance(event, AttemptEnded)}
        assert ends == {busy: CallEnd.BUSY, silent: CallEnd.NO_ANSWER, nobody: CallEnd.NO_CONNECTION}
        driver.send_tones("15")
        eventually(lambda: bool(network.calls) and network.calls[0].tones == ["1", "5"])
        network.press(network.calls[0], "#")
        assert reports.wait(ToneReceived).tone == "#"
        network.end(network.calls[0])
        ended = reports.wait(CallEnded)
        assert (ended.call, ended.end, ended.was_answered) == (call, CallEnd.HUNG_UP_THERE, True)


def test_a_call_that_nobody_takes_ends_with_the_last_reason(network: MobileNetwork, home: SimulatedModem) -> None:
    network.manners[STRANGER] = Manner.BUSY
    with ready(ModemSettings(home.path)) as (driver, reports):
        driver.dial((CENTRE, STRANGER))
        ended = reports.wait(CallEnded)
        assert (ended.end, ended.was_answered) == (CallEnd.BUSY, False)


@pytest.mark.parametrize("kind", list(Kind))
def test_the_centres_call_is_answered_and_a_strangers_is_not(
    network: MobileNetwork, tmp_path: Path, kind: Kind
) -> None:
    with (
        simulated(network, tmp_path / "home", kind=kind) as modem,
        ready(ModemSettings(modem.path, callers=("2000 0002",))) as (driver, reports),
    ):
        stranger = network.call_from_outside(STRANGER, HOME)
        assert reports.wait(CallIgnored).number == STRANGER
        network.end(stranger)
        network.call_from_outside(CENTRE, HOME)
        assert reports.wait(CallAnswered).is_incoming
        network.press(network.calls[0], "7")
        assert reports.wait(ToneReceived).tone == "7"
        driver.hang_up()
        assert reports.wait(CallEnded).end is CallEnd.HUNG_UP_HERE
        eventually(lambda: not network.calls)


def test_an_alarms_call_does_not_wait_for_a_stranger_who_rings(network: MobileNetwork, home: SimulatedModem) -> None:
    network.manners[CENTRE] = Manner.ANSWERS
    with ready(ModemSettings(home.path)) as (driver, reports):
        network.call_from_outside(STRANGER, HOME)
        reports.wait(CallIgnored)
        driver.dial((CENTRE,))
        assert reports.wait(CallAnswered).number == CENTRE


def test_two_modems_speak_with_one_another(
    network: MobileNetwork, home: SimulatedModem, centre: SimulatedModem
) -> None:
    with (
        ready(ModemSettings(home.path)) as (caller, here),
        ready(ModemSettings(centre.path, callers=(HOME,))) as (_, there),
    ):
        caller.dial((CENTRE,))
        assert here.wait(CallAnswered).number == CENTRE
        assert there.wait(CallAnswered).number == HOME
        caller.send_tones("5")
        assert there.wait(ToneReceived).tone == "5"
        caller.hang_up()
        assert there.wait(CallEnded).end is CallEnd.HUNG_UP_THERE
        assert network.calls == []


def test_a_call_that_a_killed_unit_left_behind_is_ended(network: MobileNetwork, home: SimulatedModem) -> None:
    network.manners[CENTRE] = Manner.ANSWERS
    with network.lock:
        network.dial(home, CENTRE)
    eventually(lambda: network.calls[0].stand is Stand.ACTIVE)
    with ready(ModemSettings(home.path)):
        assert network.calls == []
