"""The network: the best of a modem's registrations counts, and only changes are told."""

import pytest

from device.adapters.modem.at.answers import Operator
from device.adapters.modem.at.facts import Domain, Registering, Registration, Technology
from device.adapters.modem.events import ModemEvent, NetworkChanged, SignalMeasured
from device.adapters.modem.network import Network
from device.adapters.modem.profiles import EC25, SIM800
from tests.device.adapters.modem.scripted import ScriptedModem, lines, refused


@pytest.fixture
def modem() -> ScriptedModem:
    modem = ScriptedModem()
    modem.answers |= {"AT+CSQ": lines("+CSQ: 20,99"), "AT+CREG?": lines("+CREG: 2,3"), "AT+CGREG?": refused(4)}
    return modem


def test_the_best_registration_counts(modem: ScriptedModem) -> None:
    events: list[ModemEvent] = []
    modem.answers["AT+CEREG?"] = lines('+CEREG: 2,5,"1A2B","01C3D4E5",7')
    modem.answers["AT+COPS?"] = lines('+COPS: 0,0,"Poga Mobile",7')
    network = Network(modem.ask, events.append, EC25)
    network.look()
    network.look()
    changes = [event for event in events if isinstance(event, NetworkChanged)]
    assert changes == [NetworkChanged(Registering.ROAMING, Technology.LTE, Operator("Poga Mobile", "", Technology.LTE))]
    assert changes[0].is_roaming
    assert network.is_usable
    network.registered(Registration(Domain.LTE, Registering.SEARCHING))
    assert events[-1] == NetworkChanged(Registering.SEARCHING, Technology.LTE, None)
    network.forget()
    assert events[-1] == NetworkChanged(Registering.UNKNOWN, Technology.UNKNOWN, None)


def test_a_modem_without_4g_is_not_asked_for_it(modem: ScriptedModem) -> None:
    events: list[ModemEvent] = []
    network = Network(modem.ask, events.append, SIM800)
    network.look()
    assert not {"AT+CEREG?", "AT+CESQ"} & set(modem.asked)
    assert [event.signal.rssi_dbm for event in events if isinstance(event, SignalMeasured)] == [-73]
    assert not network.is_usable
