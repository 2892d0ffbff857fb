"""The home under measurement, from outside: starts `pressed_home`, has its button pressed, hears what came of it."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from tests.bench.broker import Door
from tests.bench.child import Child, python
from tests.bench.pressed_home import Moments


class Home:
    """A running unit with a finger on its button."""

    def __init__(self, child: Child) -> None:
        """Take its process."""
        self.child = child

    def press(self) -> None:
        """Press the button, and let go of it a moment later. Raises ChildError."""
        self.child.tell("press")

    def outcome(self) -> Moments:
        """Return the moments of the press, when its alarm is closed and the button at rest again. Raises ChildError."""
        return Moments(**json.loads(self.child.hear()))


def write_settings(folder: Path, door: Door) -> Path:
    """Write the settings of a unit in this folder; return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "device.toml"
    settings.write_text(
        f"""
unit_id = "{door.username}"
data_dir = "{folder / "data"}"
mains_pin = ""
[[centres]]
host = "{door.host}"
port = {door.port}
tls = false
password = "{door.password}"
""",
        encoding="utf-8",
    )
    return settings


@contextlib.contextmanager
def pressed_home(folder: Path, door: Door) -> Iterator[Home]:
    """Run a home that hears its centre; end it. Raises ChildError."""
    settings = write_settings(folder, door)
    with Child(
        "the unit", python("tests.bench.pressed_home", str(settings)), folder / "unit.log", speaks=True
    ) as child:
        child.hear()
        yield Home(child)
