"""Which centres a unit speaks to, as whom, and how long it is patient with them. A secret is not in any `repr`."""

from dataclasses import dataclass, field
from pathlib import Path

from device.wire.topics import is_unit_id

HIGHEST_PORT = 65_535
SHORTEST_KEEPALIVE_S = 15
LONGEST_KEEPALIVE_S = 30


@dataclass(frozen=True, slots=True)
class CentreAddress:
    """One centre's broker. With `tls` only certificates of `ca_file` are believed, and only for `host`."""

    host: str
    port: int
    tls: bool
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot work. Raises ValueError."""
        if not self.host or any(character.isspace() for character in self.host):
            raise ValueError(f"centre {self}: the host is empty or holds a space; give a name or an address")
        if not 1 <= self.port <= HIGHEST_PORT:
            raise ValueError(f"centre {self}: a port is a number from 1 to {HIGHEST_PORT}")
        if self.tls and self.ca_file is None:
            raise ValueError(
                f"centre {self}: TLS needs ca_file, the certificate of the authority that vouches for the centre"
            )
        if not self.tls and (self.ca_file or self.cert_file or self.key_file):
            raise ValueError(f"centre {self}: certificates are given, but TLS is off; set tls, or take them out")
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError(f"centre {self}: cert_file and key_file go together; give both or neither")
        if self.password is not None and self.username is None:
            raise ValueError(f"centre {self}: a password without a username; give both")

    def __str__(self) -> str:
        """Return `host:port`."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """The unit, its centres in order of preference, and the path they are reached over."""

    unit_id: str
    centres: tuple[CentreAddress, ...]
    keepalive_s: int = 20
    path_name: str = "ethernet"

    def __post_init__(self) -> None:
        """Refuse what cannot work. Raises ValueError."""
        if not is_unit_id(self.unit_id):
            raise ValueError(f"unit_id {self.unit_id!r}: 3 to 32 of a-z, 0-9 and -, not starting with -")
        if not self.centres:
            raise ValueError("no centre is given: a unit needs at least one to call")
        if not SHORTEST_KEEPALIVE_S <= self.keepalive_s <= LONGEST_KEEPALIVE_S:
            raise ValueError(
                f"keepalive_s {self.keepalive_s}: from {SHORTEST_KEEPALIVE_S} to {LONGEST_KEEPALIVE_S} s, "
                "so that a dead line is noticed within 45 s"
            )


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the unit waits for what, in seconds."""

    attempt_s: float = 15.0
    """From the first step of an attempt (name look-up) until the centre has granted the subscriptions."""
    acknowledgement_s: float = 10.0
    """For the acknowledgement of a message, while nothing else is heard either."""
    young_s: float = 30.0
    """A connection younger than this is not given up for a silent centre where there is no other."""
    steady_s: float = 10.0
    """A connection that lived less counts as a failed attempt: else two units of one name chase each other for ever."""
    longest_wait_s: float = 30.0
    """Between two attempts."""
    hurried_wait_s: float = 5.0
    """Between two attempts while an alarm may be waiting."""
    hurry_s: float = 600.0
    """How long an alarm that could not be sent shortens the waits."""
    return_s: float = 600.0
    """On a later centre, before the first is looked at again."""
    beat_s: float = 65.0
    """For a sign of life from the first centre before it is gone back to: three of its beats and a bit."""
    look_s: float = 1.0
    """Between two looks of the watcher."""
