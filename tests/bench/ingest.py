"""How many heartbeats a second come in until they are committed: ours, beside Node-RED and paho's bare loop."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from tests.bench.broker import RealBroker, real_broker
from tests.bench.centre import running_centre
from tests.bench.child import Child
from tests.bench.figures import NONE, Aim, Section, number
from tests.bench.generator import Offer, generating
from tests.bench.peers.cache import PeerMissingError
from tests.bench.peers.node_red import SQLITE_NODE_VERSION, VERSION, running_node_red
from tests.bench.peers.raw_paho import running_raw_paho
from tests.bench.register import Contents

UNITS = 10_000
SECONDS = 6.0
WARM_UP = Offer(100, 2.0, UNITS)
KEPT_UP_WITHIN_S = 1.0
LOOK_EVERY_S = 0.1
RECOVERY_S = 3.0
LEAST, TIMES_NODE_RED, TIMES_WITH_WAL = 25_000, 10, 4

HOW = f"""{number(UNITS)} units' heartbeats from a process of their own, through the same mosquitto (configured as the
centre's own), each subject alone with them on this machine: {SECONDS:g} s at a rate, then the next higher, until one
fails twice. Kept up with: all that was sent was committed {KEPT_UP_WITHIN_S:g} s after the last of it. Ours decodes
and checks every heartbeat, keeps the last of each unit and a thinned history, and supervises. Node-RED {VERSION} with
node-red-node-sqlite {SQLITE_NODE_VERSION} keeps the last of each unit and looks into nothing; with WAL it has
synchronous=NORMAL too, as our file for heartbeats. paho's bare loop keeps nothing: it counts. Units send at QoS 0."""


class Subject(Protocol):
    """Who takes heartbeats in."""

    @property
    def child(self) -> Child:
        """Return its process."""

    def committed(self) -> int:
        """Return how many it has committed so far."""


class Who(StrEnum):
    """The subjects."""

    POGA = "Poga"
    PAHO = "paho's bare loop"
    NODE_RED = "Node-RED as it comes"
    NODE_RED_WAL = "Node-RED with WAL"


RATES: Mapping[Who, tuple[int, ...]] = {
    Who.POGA: (15_000, 20_000, 25_000, 30_000, 35_000, 40_000, 45_000, 50_000, 60_000),
    Who.PAHO: (6_000, 8_000, 10_000, 12_000, 14_000, 17_000, 20_000, 24_000),
    Who.NODE_RED: (100, 150, 200, 300, 400, 600, 800, 1_200, 1_800, 2_700, 4_000),
    Who.NODE_RED_WAL: (2_000, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 12_000, 14_000, 17_000, 20_000),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one rate: how many a second were committed while it was sent, how many were missing soon after."""

    rate: int
    committed_a_second: float
    missing: int
    cores: float


def run(folder: Path) -> Section:
    """Measure them all. Raises ChildError, AdapterError."""
    rows: list[tuple[str, ...]] = []
    notes: list[str] = []
    best: dict[Who, int] = {}
    for qos in (0, 1):
        for who in Who:
            print(f"  {who}, QoS {qos}", flush=True)
            try:
                steps = list(_climb(folder / f"{who.name}-{qos}", who, qos))
            except PeerMissingError as error:
                print(f"  peer not available: {error}", flush=True)
                notes.append(f"{who}: peer not available: {error}")
                continue
            rows.append(_row(who, qos, steps))
            if qos == 0:
                best[who] = _kept_up_with(steps)
    return Section(
        title="Heartbeats a second until committed",
        how=HOW,
        columns=("", "QoS", "kept up with, /s", "cores used then", "not kept up with, /s", "committed of those, /s"),
        rows=tuple(rows),
        aims=tuple(_aims(best)),
        notes=tuple(notes),
    )


def _climb(folder: Path, who: Who, qos: int) -> Iterator[Step]:
    """Try higher and higher rates, until one is not kept up with."""
    folder.mkdir(parents=True)
    with real_broker(folder) as broker, _started(folder / "subject", who, broker, qos) as subject:
        with generating(folder, broker, WARM_UP) as generator:
            generator.wait()
        for rate in RATES[who]:
            offer = Offer(rate, SECONDS, UNITS, qos)
            step = _step(folder, broker, subject, offer)
            if step.missing:  # something else may have held it up
                time.sleep(RECOVERY_S)
                step = _step(folder, broker, subject, offer)
            print(f"    {number(rate)}/s: {number(step.committed_a_second)}/s, missing {step.missing}", flush=True)
            yield step
            if step.missing:
                return


def _started(folder: Path, who: Who, broker: RealBroker, qos: int) -> AbstractContextManager[Subject]:
    match who:
        case Who.POGA:
            return running_centre(folder, broker, Contents(units=UNITS))
        case Who.PAHO:
            return running_raw_paho(folder, broker.centre, qos)
        case Who.NODE_RED | Who.NODE_RED_WAL:
            return running_node_red(folder, broker.centre, qos, with_wal=who is Who.NODE_RED_WAL)


def _step(folder: Path, broker: RealBroker, subject: Subject, offer: Offer) -> Step:
    before, used_s = subject.committed(), subject.child.processor_s()
    with generating(folder, broker, offer) as generator:
        sent = generator.wait()
    committed, ended_s = subject.committed(), time.monotonic()
    took_s = ended_s - sent.began_s
    used_s = subject.child.processor_s() - used_s
    while committed - before < sent.heartbeats and time.monotonic() < ended_s + KEPT_UP_WITHIN_S:
        time.sleep(LOOK_EVERY_S)
        committed = subject.committed()
    missing = max(0, sent.heartbeats - (committed - before))
    return Step(int(offer.rate), (committed - before) / took_s, missing, used_s / took_s)


def _row(who: Who, qos: int, steps: Sequence[Step]) -> tuple[str, ...]:
    kept = [step for step in steps if not step.missing]
    beyond = next((step for step in steps if step.missing), None)
    return (
        who,
        str(qos),
        number(kept[-1].rate) if kept else f"not {number(steps[0].rate)}",
        f"{kept[-1].cores:.2f}" if kept else NONE,
        number(beyond.rate) if beyond else f"not tried beyond {number(steps[-1].rate)}",
        number(beyond.committed_a_second) if beyond else NONE,
    )


def _kept_up_with(steps: Sequence[Step]) -> int:
    return max((step.rate for step in steps if not step.missing), default=0)


def _aims(best: Mapping[Who, int]) -> Iterator[Aim]:
    ours = best[Who.POGA]
    yield Aim("heartbeats/s into the store", f"≥ {number(LEAST)}", number(ours), ours >= LEAST)
    for who, times in ((Who.NODE_RED, TIMES_NODE_RED), (Who.NODE_RED_WAL, TIMES_WITH_WAL)):
        if theirs := best.get(who):
            yield Aim(f"beside {who}", f"≥ {times} ×", f"{ours / theirs:.1f} ×", ours >= times * theirs)
