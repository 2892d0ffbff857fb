"""What the embedded broker is told: its configuration, its rules of access, its users. Text only.

Every option is understood by mosquitto 2.0.11 (Debian 12) and by those after it.
"""

from collections.abc import Mapping
from pathlib import Path

from device.wire.codec import MAX_BYTES
from device.wire.topics import CENTRE, DOWNWARD, PREFIX, UPWARD, is_unit_id, unit_topic
from hub.adapters.mosquitto.passwords import hashed, is_hashed
from hub.adapters.mosquitto.settings import HUB, LOOPBACK, MosquittoSettings

CONFIGURATION = "mosquitto.conf"
ACCESS = "access"
PASSWORDS = "passwords"

PACKET_OVERHEAD = 4_096
"""A packet's topic and properties, generously. Who sends more is disconnected."""
IN_FLIGHT = 10_000
"""Unacknowledged messages to one client: the centre acknowledges a whole batch after its commit."""
QUEUED = 100_000
QUEUED_BYTES = 67_108_864
"""Messages for one client that waits or is slow; with the default of 1,000 a burst from many units is silently lost."""
CENTRE_RULE = f"pattern read {CENTRE}"

_GENERAL = f"""\
# Written by the centre at every start: changes are lost.
per_listener_settings false
allow_anonymous false
persistence false
set_tcp_nodelay true
max_packet_size {MAX_BYTES + PACKET_OVERHEAD}
max_inflight_messages {IN_FLIGHT}
max_queued_messages {QUEUED}
max_queued_bytes {QUEUED_BYTES}
sys_interval 0
log_dest stderr
log_timestamp false
log_type error
log_type warning
log_type notice
log_type information
connection_messages true
"""


def configuration(settings: MosquittoSettings, folder: Path) -> str:
    """Return mosquitto.conf for files in `folder`."""
    lines = [
        _GENERAL,
        f"password_file {folder / PASSWORDS}",
        f"acl_file {folder / ACCESS}",
        "",
        f"listener {settings.hub_port} {LOOPBACK}",
    ]
    for number, listener in enumerate(settings.listeners):
        lines += ["", f"listener {listener.port} {listener.host}", "use_username_as_clientid true"]
        if listener.certificate is not None:
            lines += [
                f"certfile {folder / certificate_name(number)}",
                f"keyfile {folder / key_name(number)}",
                "tls_version tlsv1.2",
            ]
    return "\n".join(lines) + "\n"


def certificate_name(number: int) -> str:
    """Return the name of the copy of a listener's certificate."""
    return f"listener-{number}.crt"


def key_name(number: int) -> str:
    """Return the name of the copy of a listener's key."""
    return f"listener-{number}.key"


def access_rules() -> str:
    """Return the rules of access: all of the centre's topics to the centre, its own to each unit."""
    lines = [f"user {HUB}", f"topic readwrite {PREFIX}/#", ""]
    lines += [f"pattern write {unit_topic('%u', leaf)}" for leaf in UPWARD]
    lines += [f"pattern read {unit_topic('%u', leaf)}" for leaf in DOWNWARD]
    return "\n".join([*lines, CENTRE_RULE]) + "\n"


def users(hub_password: str, units: Mapping[str, str]) -> str:
    """Return the password file; a unit's password may be hashed already. Raises ValueError."""
    lines = [f"{HUB}:{hashed(hub_password)}\n"]
    lines += [f"{unit_id}:{_hash_of(unit_id, password)}\n" for unit_id, password in units.items()]
    return "".join(lines)


def _hash_of(unit_id: str, password: str) -> str:
    if not is_unit_id(unit_id) or unit_id == HUB:
        raise ValueError(f"{unit_id!r} cannot be a unit's name: 3 to 32 of a-z, 0-9 and -, and neither hub nor centre")
    if not password:
        raise ValueError(f"unit {unit_id} has an empty password; give it one, or take the unit out")
    return password if is_hashed(password) else hashed(password)
