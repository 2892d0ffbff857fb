"""Who calls: a unit, where that is proven, or nobody that the centre knows.

Rules: over TLS a call is the unit whose id is a name of its certificate and whose name it calls itself by; without TLS
only what this machine itself sends is believed, and calls come in without TLS on loopback alone. What a call says of
its alarm is advice: what cannot be read is passed over.
"""

import re
from ipaddress import ip_address

from device.voice.messages import LegArrived, Protocol
from device.wire.messages import MessageKey
from device.wire.topics import is_unit_id

ALARM_HEADER = "Poga-Alarm"
CALL_HEADER = "Poga-Call"
PURPOSE_HEADER = "Poga-Purpose"
_CALL_ID = re.compile(r"^[\x21-\x7e]{1,64}$")


def unit_of(call: LegArrived) -> str | None:
    """Return the unit that calls, None where nobody vouches for it."""
    if not is_unit_id(call.from_user):
        return None
    if call.protocol is Protocol.TLS:
        return call.from_user if call.from_user in call.names else None
    return call.from_user if _is_loopback(call.source) else None


def caller_of(call: LegArrived) -> str:
    """Return what a person may read of who calls."""
    return f"{call.from_user}@{call.from_host}, {call.protocol} from {call.source}"[:128]


def alarm_of(call: LegArrived) -> MessageKey | None:
    """Return the alarm that the call is about."""
    epoch, _, seq = call.headers.get(ALARM_HEADER, "").partition(":")
    try:
        return MessageKey(epoch=epoch, seq=int(seq))
    except ValueError:
        return None


def call_id_of(call: LegArrived) -> str:
    """Return the order by which the unit was told to call, empty where there was none."""
    call_id = call.headers.get(CALL_HEADER, "")
    return call_id if _CALL_ID.match(call_id) else ""


def _is_loopback(source: str) -> bool:
    host = source.rpartition(":")[0].strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
