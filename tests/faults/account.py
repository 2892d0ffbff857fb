"""What became of every press: what the homes have taken, set beside what stands in the centre's store.

Rules: the store is read as a file, not asked through the program under test. A press counts as soon as its home has it:
from then on it must arrive once, stand in one incident, and have been on an operator's screen. A press that was cut
short (its home died in it) may arrive or not. Nothing else may be there.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

ALARMS = ("alarm_raised", "alarm_joined")
HEADLINE = f"{'':<34}{'pressed':>9}{'received':>9}{'shown':>7}{'missing':>9}{'doubled':>9}{'strangers':>10}"


class Name(NamedTuple):
    """Names the message of one press: the alarm it raised or joined, as `epoch:seq`, and its own number."""

    unit_id: str
    alarm: str
    seq: int

    def __str__(self) -> str:
        """Return it as the report shows it."""
        return f"{self.unit_id} {self.alarm} message {self.seq}"


@dataclass(slots=True, eq=False)
class Press:
    """One press on a button. `name` is None until its home has it; `is_at_stake`: its file was broken on purpose."""

    unit_id: str
    pressed_s: float
    name: Name | None = None
    is_at_stake: bool = False

    @property
    def raises(self) -> bool:
        """Tell whether it raised an alarm, rather than joining one."""
        return self.name is not None and self.name.alarm.endswith(f":{self.name.seq}")


class Arrived(NamedTuple):
    """A press as it stands in the store."""

    name: Name
    incident_id: int | None


class Case(NamedTuple):
    """An incident of an alarm; `presses` are the lines of its timeline that tell of one."""

    incident_id: int
    unit_id: str
    alarms: tuple[str, ...]
    presses: int


class Truth(NamedTuple):
    """What the store holds."""

    arrived: tuple[Arrived, ...]
    cases: tuple[Case, ...]
    unreadable: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The sum of an account; the lists say what was wrong, one line each."""

    pressed: int
    received: int
    shown: int
    missing: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def row(self, name: str) -> str:
        """Return the line of the table."""
        counts = f"{self.pressed:>9}{self.received:>9}{self.shown:>7}"
        return f"{name:<34}{counts}{len(self.missing):>9}{len(self.doubled):>9}{len(self.strangers):>10}"

    def check(self) -> None:
        """Fail, saying which press is missing, doubled or nobody's."""
        wrong = [
            f"{what}: {line}"
            for what, lines in (("missing", self.missing), ("doubled", self.doubled), ("stranger", self.strangers))
            for line in lines
        ]
        assert not wrong, "\n".join(wrong)


def read_truth(store: Path) -> Truth:
    """Read a store that no program uses now, or a copy of one."""
    with closing(sqlite3.connect(store)) as connection:
        connection.row_factory = sqlite3.Row
        messages = connection.execute("SELECT * FROM messages WHERE kind IN (?, ?) ORDER BY id", ALARMS)
        arrived = tuple(_arrived(row) for row in messages)
        lines = Counter(
            row["incident_id"]
            for row in connection.execute(
                "SELECT incident_id FROM timeline WHERE kind IN ('raised', 'pressed_again') AND text <> ''"
            )
        )
        cases = tuple(
            Case(row["incident_id"], row["unit_id"], _keys(row["alarms"]), lines[row["incident_id"]])
            for row in connection.execute("SELECT * FROM incidents WHERE kind = 'alarm' ORDER BY incident_id")
        )
        (unreadable,) = connection.execute("SELECT count(*) FROM unreadable").fetchone()
        return Truth(arrived, cases, unreadable)


def settle(presses: Sequence[Press], truth: Truth, on_screen: Collection[int]) -> Tally:
    """Settle the account; `on_screen` are the incidents that stood on an operator's screen."""
    taken = [press for press in presses if press.name is not None]
    due = [press.name for press in taken if press.name is not None and not press.is_at_stake]
    arrived = {each.name: each for each in truth.arrived}
    fates = {name: _fate(name, arrived.get(name), truth.cases, on_screen) for name in due}
    return Tally(
        pressed=len(due),
        received=sum(name in arrived for name in due),
        shown=sum(not fate for fate in fates.values()),
        missing=[f"{name} {fate}" for name, fate in fates.items() if fate],
        doubled=[*_twice(due), *_doubled({press.name for press in taken}, truth)],
        strangers=[*_strangers(presses, truth.arrived), *_without_a_press(presses, truth)],
    )


def _fate(name: Name, arrived: Arrived | None, cases: Iterable[Case], on_screen: Collection[int]) -> str:
    """Return what is missing of a press, empty where nothing is."""
    if arrived is None:
        return "never arrived"
    case = next((case for case in cases if case.incident_id == arrived.incident_id), None)
    if case is None or case.unit_id != name.unit_id or name.alarm not in case.alarms:
        return "is in no incident"
    return "" if case.incident_id in on_screen else f"stood on no screen: incident {case.incident_id}"


def _twice(names: Iterable[Name]) -> list[str]:
    return [f"two presses, and one message: {name}" for name, count in Counter(names).items() if count > 1]


def _doubled(names: Collection[Name | None], truth: Truth) -> list[str]:
    holders = Counter((case.unit_id, alarm) for case in truth.cases for alarm in case.alarms)
    doubled = [f"{unit_id} {alarm} is in {count} incidents" for (unit_id, alarm), count in holders.items() if count > 1]
    for case in truth.cases:
        told = {each.name for each in truth.arrived if each.incident_id == case.incident_id}
        told |= {name for name in names if name and name.unit_id == case.unit_id and name.alarm in case.alarms}
        doubled += [f"incident {case.incident_id} tells of a press twice"] * (case.presses - len(told))
    return doubled


def _strangers(presses: Sequence[Press], arrived: Iterable[Arrived]) -> list[str]:
    """Return what arrived and nobody pressed; of each home as many are explained as presses were cut short."""
    known = {press.name for press in presses}
    cut_short = Counter(press.unit_id for press in presses if press.name is None)
    unknown = [each.name for each in arrived if each.name not in known]
    strangers: list[str] = []
    for name in unknown:
        if cut_short[name.unit_id] > 0:
            cut_short[name.unit_id] -= 1
        else:
            strangers.append(f"nobody pressed {name}")
    return strangers


def _without_a_press(presses: Iterable[Press], truth: Truth) -> list[str]:
    told = {each.incident_id for each in truth.arrived}
    known = {(press.name.unit_id, press.name.alarm) for press in presses if press.name is not None}
    strangers = [
        f"incident {case.incident_id} has no press"
        for case in truth.cases
        if case.incident_id not in told and known.isdisjoint((case.unit_id, alarm) for alarm in case.alarms)
    ]
    return strangers + ["a message that cannot be read"] * truth.unreadable


def _arrived(row: sqlite3.Row) -> Arrived:
    own = f"{row['epoch']}:{row['seq']}"
    joined = json.loads(row["body"]).get("alarm")
    return Arrived(Name(row["unit_id"], _key(joined) if joined else own, row["seq"]), row["incident_id"])


def _keys(text: str) -> tuple[str, ...]:
    return tuple(_key(key) for key in json.loads(text))


def _key(key: dict[str, Any]) -> str:
    return f"{key['epoch']}:{key['seq']}"
