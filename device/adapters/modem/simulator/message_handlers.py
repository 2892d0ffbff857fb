"""What a modem answers to 27.005's commands: texts out, texts in, and where they lie.

Rules: PDU mode whole; text mode as far as a person at a terminal needs it.
"""

from typing import TYPE_CHECKING

from device.adapters.modem.simulator.handlers import Handler, Operation, Prompt, Refused, Request, handles, need_sim
from device.adapters.modem.simulator.pdu import (
    SERVICE_CENTRE,
    Submitted,
    octets_without_centre,
    read_submitted,
)
from device.adapters.modem.sms.fields import UnreadablePduError
from device.adapters.modem.sms.pdu import IncomingText, read_incoming, write_text
from device.ports import PermanentAdapterError

if TYPE_CHECKING:
    from device.adapters.modem.simulator.modem import SimulatedModem, Slot

ALL_MESSAGES, NO_NETWORK, BAD_SETTING, BAD_PDU, BAD_INDEX = 4, 331, 302, 304, 321
MESSAGE_HANDLERS: dict[str, Handler] = {}
_LISTS = {"REC UNREAD": 0, "REC READ": 1, "STO UNSENT": 2, "STO SENT": 3, "ALL": ALL_MESSAGES}
_NEW_MESSAGES = ((0, 1, 2), (0, 1, 2), (0, 2), (0, 1), (0, 1))
_STATUS_WORDS = ("REC UNREAD", "REC READ", "STO UNSENT", "STO SENT")


@handles(MESSAGE_HANDLERS, "CMGF")
def _format(modem: "SimulatedModem", request: Request) -> list[str]:
    if request.operation is Operation.TEST:
        return ["+CMGF: (0,1)"]
    if request.operation is Operation.READ:
        return [f"+CMGF: {int(not modem.settings.is_pdu)}"]
    modem.settings.is_pdu = request.number() != 1
    return []


@handles(MESSAGE_HANDLERS, "CSCA")
def _service_centre(modem: "SimulatedModem", request: Request) -> list[str]:
    need_sim(modem, kind="CMS")
    return [f'+CSCA: "{SERVICE_CENTRE}",145'] if request.operation is Operation.READ else []


@handles(MESSAGE_HANDLERS, "CPMS")
def _storage(modem: "SimulatedModem", request: Request) -> list[str]:
    need_sim(modem, kind="CMS")
    if request.operation is Operation.TEST:
        return ['+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")']
    used = f"{len(modem.slots)},20"
    if request.operation is Operation.SET:
        if request.text() not in modem.storages:
            raise Refused(BAD_SETTING, "CMS")
        modem.settings.storage = request.text()
        used = f"{len(modem.slots)},20"
        return [f"+CPMS: {used},{used},{used}"]
    name = modem.settings.storage
    return [f'+CPMS: "{name}",{used},"{name}",{used},"{name}",{used}']


@handles(MESSAGE_HANDLERS, "CNMI")
def _new_messages(modem: "SimulatedModem", request: Request) -> list[str]:
    if request.operation is Operation.TEST:
        return ["+CNMI: " + ",".join(f"({','.join(map(str, allowed))})" for allowed in _NEW_MESSAGES)]
    if request.operation is Operation.READ:
        return ["+CNMI: " + ",".join(map(str, modem.settings.new_messages))]
    old = modem.settings.new_messages
    given = [request.number(place) for place in range(5)]
    new = [before if value is None else value for before, value in zip(old, given, strict=True)]
    if any(value not in allowed for value, allowed in zip(new, _NEW_MESSAGES, strict=True)):
        raise Refused(BAD_SETTING, "CMS")
    first, second, third, fourth, fifth = new
    modem.settings.new_messages = (first, second, third, fourth, fifth)
    return []


@handles(MESSAGE_HANDLERS, "CMGS")
def _send(modem: "SimulatedModem", request: Request) -> list[str] | Prompt:
    need_sim(modem, kind="CMS")
    if request.operation is Operation.TEST:
        return []
    if modem.settings.is_pdu:
        octets = request.number()
        return Prompt("CMGS", lambda text: _submit(modem, text, octets))
    recipient = request.text()
    return Prompt("CMGS", lambda text: _submit_text(modem, recipient, text))


def _submit(modem: "SimulatedModem", pdu: str, octets: int | None) -> list[str]:
    try:
        submitted = read_submitted(pdu)
    except UnreadablePduError:
        raise Refused(BAD_PDU, "CMS") from None
    if octets_without_centre(pdu) != octets:
        raise Refused(BAD_PDU, "CMS")
    return _submitted(modem, submitted)


def _submit_text(modem: "SimulatedModem", recipient: str, text: str) -> list[str]:
    try:
        parts = write_text(recipient, text, wants_report=False)
    except (PermanentAdapterError, ValueError):
        raise Refused(BAD_PDU, "CMS") from None
    return [line for part in parts for line in _submitted(modem, read_submitted(part.hex))][-1:]


def _submitted(modem: "SimulatedModem", submitted: Submitted) -> list[str]:
    if not modem.is_registered:
        raise Refused(NO_NETWORK, "CMS")
    return [f"+CMGS: {modem.network.submit(modem, submitted)}"]


@handles(MESSAGE_HANDLERS, "CMGL")
def _list(modem: "SimulatedModem", request: Request) -> list[str]:
    need_sim(modem, kind="CMS")
    if request.operation is Operation.TEST:
        return ["+CMGL: (0-4)"]
    wanted = request.number() if modem.settings.is_pdu else _LISTS.get(request.text(), 0)
    lines = []
    for index, slot in sorted(modem.slots.items()):
        if wanted in (ALL_MESSAGES, slot.status):
            lines += _shown(modem, f"+CMGL: {index},", slot)
    return lines


@handles(MESSAGE_HANDLERS, "CMGR")
def _read(modem: "SimulatedModem", request: Request) -> list[str]:
    need_sim(modem, kind="CMS")
    slot = modem.slots.get(request.number() or 0)
    if slot is None:
        raise Refused(BAD_INDEX, "CMS")
    return _shown(modem, "+CMGR: ", slot)


@handles(MESSAGE_HANDLERS, "CMGD")
def _delete(modem: "SimulatedModem", request: Request) -> list[str]:
    need_sim(modem, kind="CMS")
    if request.operation is Operation.TEST:
        return [f"+CMGD: ({','.join(map(str, sorted(modem.slots)))}),(0-4)"]
    if request.number(1) == ALL_MESSAGES:
        modem.slots.clear()
    elif modem.slots.pop(request.number() or 0, None) is None and request.number() not in range(21):
        raise Refused(BAD_INDEX, "CMS")
    return []


def _shown(modem: "SimulatedModem", head: str, slot: "Slot") -> list[str]:
    status, slot.status = slot.status, 1
    if modem.settings.is_pdu:
        return [f"{head}{status},,{octets_without_centre(slot.pdu)}\r\n{slot.pdu}"]
    message = read_incoming(slot.pdu)
    sender = message.sender if isinstance(message, IncomingText) else message.recipient
    text = message.text if isinstance(message, IncomingText) else ""
    return [f'{head}"{_STATUS_WORDS[status]}","{sender}","","26/03/01,12:00:00+08"\r\n{text}']
