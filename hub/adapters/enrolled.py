"""The units that may speak to the centre's broker: a folder with one file a unit, looked at every few seconds.

Rules: `poga-hub add-unit` writes a file, the running centre takes it in without a restart: the broker learns the
password, the register the unit. Files are 0600; a file that cannot be read is logged once and passed over. Where the
broker cannot be told (a full disk), that is reported once, and tried again at every look.
"""

import json
import logging
import os
import secrets
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from device.wire.topics import is_unit_id
from hub.core.effects import Effect
from hub.core.events import AdapterFailed, AdapterRecovered, RecordsEdited
from hub.core.records import Unit
from hub.ports import AdapterError, PermanentAdapterError, Report

log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
PASSWORD_BYTES = 24


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A unit and its password."""

    unit_id: str
    name: str
    password: str

    def __repr__(self) -> str:
        """Return everything but the password."""
        return f"Enrolled({self.unit_id!r}, {self.name!r})"


def enrol(folder: Path, unit_id: str, name: str = "") -> Enrolled:
    """Make a password for a unit and keep it; one that is enrolled keeps the password it has. Raises ValueError."""
    if not is_unit_id(unit_id):
        raise ValueError(f"{unit_id!r} cannot name a unit: 3 to 32 of a-z, 0-9 and -, neither `centre` nor `hub`")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{unit_id}.json"
    known = read(path) if path.exists() else None
    unit = Enrolled(unit_id, name or (known.name if known else ""), _password(known))
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({"name": unit.name, "password": unit.password}), encoding="utf-8")
    fresh.replace(path)
    return unit


def read(path: Path) -> Enrolled | None:
    """Return the unit in a file, None (and a line in the log) where it cannot be read."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return Enrolled(path.stem, str(values["name"]), str(values["password"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.error("%s cannot be read (%s): delete it and add the unit again", path, error)
        return None


class EnrolledUnits:
    """Takes in what the folder holds."""

    name = "enrolled"
    performs: tuple[type[Effect], ...] = ()

    def __init__(self, folder: Path, known: Collection[str], set_units: Callable[[Mapping[str, str]], None]) -> None:
        """Look into `folder`; `known` units are in the register already; `set_units` tells the broker."""
        self._folder = folder
        self._registered = set(known)
        self._set_units = set_units
        self._seen: frozenset[tuple[str, int]] = frozenset()
        self._has_failed = False
        self._is_stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, report: Report) -> None:
        """Take in what is there now, and look again every few seconds. Raises PermanentAdapterError."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise PermanentAdapterError(f"{self._folder} cannot be made: {error}") from error
        self._try_to_look(report)
        self._thread = threading.Thread(target=self._watch, args=(report,), name="enrolled", daemon=True)
        self._thread.start()

    def perform(self, effect: Effect) -> None:
        """Nothing is asked of this door."""
        raise TypeError(f"enrolled performs nothing, it was asked for {type(effect).__name__}")

    def stop(self) -> None:
        """Look no more."""
        self._is_stopping.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def _watch(self, report: Report) -> None:
        while not self._is_stopping.wait(LOOK_EVERY_S):
            self._try_to_look(report)

    def _try_to_look(self, report: Report) -> None:
        try:
            self._look(report)
        except (AdapterError, OSError, ValueError) as error:
            if not self._has_failed:
                self._has_failed = True
                log.error("the units of %s cannot be let in: %s", self._folder, error)
                report(AdapterFailed(self.name, "look", f"{error}"[:256], lasting=True))
        else:
            if self._has_failed:
                self._has_failed = False
                report(AdapterRecovered(self.name))

    def _look(self, report: Report) -> None:
        with os.scandir(self._folder) as entries:
            seen = frozenset((e.name, e.stat().st_mtime_ns) for e in entries if e.name.endswith(".json"))
        if seen == self._seen:
            return
        found = [unit for name, _ in sorted(seen) if (unit := read(self._folder / name)) is not None]
        self._set_units({unit.unit_id: unit.password for unit in found})
        self._seen = seen
        new = tuple(Unit(unit.unit_id, unit.name) for unit in found if unit.unit_id not in self._registered)
        if new:
            self._registered.update(unit.unit_id for unit in new)
            report(RecordsEdited("", new))


def _password(known: Enrolled | None) -> str:
    return known.password if known else secrets.token_urlsafe(PASSWORD_BYTES)
