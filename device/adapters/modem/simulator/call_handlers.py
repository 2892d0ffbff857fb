"""What a modem answers to 27.007's commands for voice calls.

Rules: one call at a time; what becomes of it the network tells.
"""

from typing import TYPE_CHECKING

from device.adapters.modem.simulator.handlers import Handler, Operation, Refused, Request, handles, need_sim
from device.adapters.modem.simulator.network import Stand

if TYPE_CHECKING:
    from device.adapters.modem.simulator.modem import SimulatedModem

CALL_HANDLERS: dict[str, Handler] = {}


@handles(CALL_HANDLERS, "CPAS")
def _activity(modem: "SimulatedModem", _request: Request) -> list[str]:
    return [f"+CPAS: {4 if modem.network.call_of(modem) else 0}"]


@handles(CALL_HANDLERS, "CLIP")
def _caller(modem: "SimulatedModem", request: Request) -> list[str]:
    if request.operation is Operation.READ:
        return [f"+CLIP: {int(modem.settings.shows_caller)},1"]
    modem.settings.shows_caller = request.number() == 1
    return []


@handles(CALL_HANDLERS, "CLCC")
def _calls(modem: "SimulatedModem", _request: Request) -> list[str]:
    call = modem.network.call_of(modem)
    if call is None:
        return []
    is_incoming = call.callee is modem
    state = 4 if is_incoming and call.stand is not Stand.ACTIVE else call.stand.value
    number = call.number_for(modem)
    kind = 145 if number.startswith("+") else 129
    return [f'+CLCC: 1,{int(is_incoming)},{state},0,0,"{number}",{kind}']


@handles(CALL_HANDLERS, "D")
def _dial(modem: "SimulatedModem", request: Request) -> list[str]:
    need_sim(modem)
    if not modem.is_registered or modem.network.call_of(modem) is not None:
        raise Refused(3)
    modem.network.dial(modem, request.arguments)
    return []


@handles(CALL_HANDLERS, "A")
def _take_call(modem: "SimulatedModem", _request: Request) -> list[str]:
    call = modem.network.call_of(modem)
    if call is None or call.callee is not modem:
        raise Refused(3)
    modem.network.answer(call)
    return []


@handles(CALL_HANDLERS, "CHUP", "H")
def _hang_up(modem: "SimulatedModem", _request: Request) -> list[str]:
    call = modem.network.call_of(modem)
    if call is not None:
        modem.network.end(call, by=modem)
    return []


@handles(CALL_HANDLERS, "VTS")
def _tone(modem: "SimulatedModem", request: Request) -> list[str]:
    call = modem.network.call_of(modem)
    if request.operation is Operation.TEST:
        return ["+VTS: (0-9,A-D,*,#)"]
    if call is None or call.stand is not Stand.ACTIVE:
        raise Refused(3)
    modem.network.press(call, request.text(), by=modem)
    return []
