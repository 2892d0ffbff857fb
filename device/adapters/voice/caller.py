"""Whether it is the centre that calls, and what it calls for.

Rules: only what is proven counts. Over TLS a name of the caller's certificate must be one of the centre's; without
TLS the call must come from this machine, to a transport that only this machine can reach. What a caller says of itself
is believed in nothing but why it calls.
"""

import ipaddress
from collections.abc import Iterable

from device.voice.messages import LegArrived, Protocol, Transport
from device.wire.vocabulary import CallPurpose

PURPOSE = "Poga-Purpose"


def is_the_centre(arrived: LegArrived, centre_names: Iterable[str], transports: Iterable[Transport]) -> bool:
    """Tell whether a call is proven to come from the centre."""
    if arrived.protocol is Protocol.TLS:
        return not {name.lower() for name in arrived.names}.isdisjoint(name.lower() for name in centre_names)
    hosts = [transport.host for transport in transports if transport.protocol is arrived.protocol]
    return bool(hosts) and all(map(is_loopback, hosts)) and is_loopback(_host_of(arrived.source))


def purpose_of(arrived: LegArrived) -> CallPurpose:
    """Return what a call is for."""
    said = arrived.headers.get(PURPOSE, "").strip().lower()
    return CallPurpose.ANNOUNCE if said == CallPurpose.ANNOUNCE else CallPurpose.SPEAK


def is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's own; a name never is."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host_of(source: str) -> str:
    return source.rpartition(":")[0].strip("[]")
