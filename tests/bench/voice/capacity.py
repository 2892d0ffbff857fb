"""Bridged and recorded calls at once, and what each takes of a core; beside it, what baresip takes for one call."""

import time
from pathlib import Path

from tests.bench.child import memory_of
from tests.bench.figures import NONE, Section
from tests.bench.machine import TICKS_A_SECOND
from tests.bench.voice.parties import Exchange, Phone, Unit
from tests.mosquitto import LOOPBACK
from tests.peers.baresip import PROGRAM, Baresip, Line
from tests.peers.sound import Phrase, spoken

STEPS = (1, 10, 25, 50)
MEASURED_S = 15.0
SETTLE_S = 3.0

HOW = f"""Units call, the centre's engine answers, calls a phone for each, lets the two hear each other, and gives what
either says to a recorder, as the centre does. Both speak all the time, in Opus on both legs where it is built in.
Measured is the centre's engine alone, for {MEASURED_S:g} s: the cores that all its threads use. A bridged call is two
legs. baresip's is one leg, in PCMA: a phone that says a file and writes what it hears to another."""


def run(folder: Path) -> Section:
    """Measure. Raises ChildError."""
    folder.mkdir(parents=True)
    says = folder / "says.wav"
    spoken(Phrase.QUESTION, says, 16_000)
    rows: list[tuple[str, ...]] = []
    with (
        Phone("phones", says) as phones,
        Exchange(folder, phones.uri, records=True) as centre,
        Unit("units", says) as units,
    ):
        rows.append(("ours", "0", f"{_cores(centre.pid):.3f}", NONE, NONE, _memory(centre.pid)))
        for count in STEPS:
            while len(units.legs) < count:
                leg = units.call(centre.uri)
                units.wait_until(lambda leg=leg: leg in units.legs, "the unit is answered")  # type: ignore[misc]
            centre.wait_until(lambda count=count: len(centre.legs) == 2 * count, "all are bridged")  # type: ignore[misc]
            time.sleep(SETTLE_S)
            frames = _recorded(centre)
            cores = _cores(centre.pid)
            missing = 1 - (_recorded(centre) - frames) / (2 * count * MEASURED_S / 0.02)
            rows.append(
                (
                    "ours, bridged and recorded",
                    str(count),
                    f"{cores:.3f}",
                    f"{count / cores:.0f}",
                    f"{max(0.0, missing):.1%}",
                    _memory(centre.pid),
                )
            )
    rows.append(_beside(folder))
    return Section(
        title="Calls at once",
        how=HOW,
        columns=("", "calls", "cores", "calls a core", "frames not recorded", "RSS MB"),
        rows=tuple(rows),
    )


def _recorded(centre: Exchange) -> int:
    return sum(ear.frames for ear in list(centre.ears.values()))


def _beside(folder: Path) -> tuple[str, ...]:
    if not PROGRAM:
        return ("baresip", "not installed", NONE, NONE, NONE, NONE)
    says = folder / "says8.wav"
    spoken(Phrase.QUESTION, says, 8_000, 60)
    with Baresip(folder / "one", Line("one", says)) as one, Baresip(folder / "other", Line("other", says)) as other:
        one.tell("dial", other.uri)
        one.wait_for("CALL_ESTABLISHED")
        time.sleep(SETTLE_S)
        assert LOOPBACK in other.uri
        cores = _cores(other.pid)
        return (
            "baresip, one leg",
            "1",
            f"{cores:.3f}",
            f"{1 / cores:.0f}" if cores else NONE,
            NONE,
            _memory(other.pid),
        )


def _cores(pid: int) -> float:
    began_s, busy_s = time.monotonic(), _processor_s(pid)
    time.sleep(MEASURED_S)
    return (_processor_s(pid) - busy_s) / (time.monotonic() - began_s)


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def _memory(pid: int) -> str:
    return f"{memory_of(pid).rss_mb:.1f}"
