"""Where units and the centre itself reach the embedded broker."""

import secrets
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = "127.0.0.1"
HUB = "hub"
"""The centre's own user name: no unit may be called so."""
LOWEST_PORT, HIGHEST_PORT = 1024, 65_535
DEFAULT_USER = "mosquitto"


def _new_password() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """What a listener proves itself with, in PEM; the chain in `cert_file`, without a passphrase on the key."""

    cert_file: Path
    key_file: Path


@dataclass(frozen=True, slots=True)
class Listener:
    """Where units connect, encrypted where a certificate is given; port 0: any free one."""

    host: str
    port: int
    certificate: ServerCertificate | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot work. Raises ValueError."""
        if not self.host or any(character.isspace() for character in self.host):
            raise ValueError(f"listener {self}: the host is empty or holds a space; 0.0.0.0 stands for all addresses")
        _check_port(self.port)

    def __str__(self) -> str:
        """Return `host:port`."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class MosquittoSettings:
    """`hub_port` is a listener on loopback for the centre's own connections, under any client id.

    On the others a client's id is its user name, whatever it says: else any unit could throw another out by taking its
    id. As root the broker runs as `user`; as anybody else, as the centre itself.
    """

    directory: Path
    listeners: tuple[Listener, ...]
    hub_port: int = 0
    user: str = DEFAULT_USER
    hub_password: str = field(default_factory=_new_password, repr=False)
    program: Path | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot work. Raises ValueError."""
        _check_port(self.hub_port)
        if not self.hub_password:
            raise ValueError("hub_password is empty; leave it out, and one is made")
        ports = Counter([self.hub_port, *(listener.port for listener in self.listeners)])
        twice = [str(port) for port, count in ports.items() if port and count > 1]
        if twice:
            raise ValueError(f"port {', '.join(twice)} is given twice; every listener of the broker needs its own")


def _check_port(port: int) -> None:
    if port and not LOWEST_PORT <= port <= HIGHEST_PORT:
        raise ValueError(
            f"port {port}: the broker runs without root's rights and needs one from {LOWEST_PORT} to {HIGHEST_PORT}, "
            "for example 8883"
        )
