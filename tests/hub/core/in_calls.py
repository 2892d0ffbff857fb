"""What every test of calls begins with: a centre that has a voice, and a call in which somebody speaks."""

from device.wire import messages as wire
from hub.core.call_records import Phone
from hub.core.records import IncidentKind, Unit
from hub.core.speech_acts import CallBack
from tests.hub.core.shift import HOME, Shift, fault

DAUGHTER = Phone("+371 2000 0003", "daughter (invented)")
DOCTOR = Phone("+371 2000 0004")


def shift(*operators: str, units: tuple[Unit, ...] = (Unit(HOME),)) -> Shift:
    """Return a centre with a voice and these operators."""
    one = Shift(units, operators or ("anna", "boris"))
    one.voice.start()
    return one


def speaking(one: Shift, operator: str = "anna") -> tuple[str, str, int]:
    """Let the unit call and an operator answer; return both legs and the incident."""
    unit = one.voice.call(HOME)
    bell = one.voice.bell(operator)
    one.voice.answer(bell)
    return unit, bell, one.alarm().incident_id


def accepted_fault(one: Shift) -> int:
    """Let a unit report a fault and anna take it; return the incident."""
    one.say(fault())
    (incident,) = one.open(IncidentKind.FAULT)
    one.accept(incident.incident_id)
    return incident.incident_id


def ordered_calls(one: Shift) -> list[wire.PlaceCall]:
    """Return the orders by which units were told to call."""
    return [order.order for order in one.orders.values() if isinstance(order.order, wire.PlaceCall)]


def spoken_orders(one: Shift) -> list[wire.SetSpeech]:
    return [order.order for order in one.orders.values() if isinstance(order.order, wire.SetSpeech)]


def call_back(one: Shift, incident_id: int) -> str:
    """Let anna call back and the unit call; return the unit's leg."""
    assert one.speech(incident_id, CallBack()) is None
    return one.voice.call(HOME, call_id=ordered_calls(one)[-1].call_id)
