"""What an installer sets of a modem."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ModemSettings:
    """One modem, and who may be answered on it."""

    port: str
    """Under /dev/serial/by-id, where there is such a name: it stays when USB counts anew."""
    pin: str | None = field(default=None, repr=False)
    callers: tuple[str, ...] = ()
    """Whose calls are answered."""
    tried_pins: Path | None = None
    """The file that keeps a wrong PIN from being tried again after a restart."""
