"""A thousand bridged calls one after the other: how many stood, what each took to stand, what memory is left held."""

import time
from pathlib import Path

from device.voice.messages import EndLeg
from tests.bench.child import memory_of
from tests.bench.figures import Aim, Section, in_ms, number
from tests.bench.voice.parties import Exchange, Phone, Unit
from tests.peers.sound import Phrase, spoken

CALLS, ROUNDS = 1_000, 4
REST_S = 35.0
"""SIP keeps a transaction for 32 s after it is over: memory can be compared when they are gone."""
MOST_GROWTH_MB = 2.0

HOW = f"""{number(CALLS)} times: a unit calls, the centre's engine answers, calls a phone, bridges and records, and the
unit hangs up as soon as that is done. Timed is from the unit's call until the centre has both legs. Memory is that of
the centre's engine, after each of {ROUNDS} parts and {REST_S:g} s of rest; growth is from the first to the last."""


def run(folder: Path) -> Section:
    """Measure. Raises ChildError."""
    folder.mkdir(parents=True)
    stood_s, held_mb = _call_again_and_again(folder)
    growth_mb = held_mb[-1] - held_mb[0]
    calls = CALLS // ROUNDS
    rows = (
        ("call → both legs stand", *in_ms(stood_s)),
        *((f"held after {calls * part}", "", f"{held:.1f} MB", "", "") for part, held in enumerate(held_mb, start=1)),
    )
    return Section(
        title="A thousand calls",
        how=HOW,
        columns=("", "calls", "median ms", "p99 ms", "worst ms"),
        rows=rows,
        aims=(
            Aim(
                f"memory over {number(CALLS)} calls",
                f"grows ≤ {MOST_GROWTH_MB:g} MB",
                f"{growth_mb:+.1f} MB",
                growth_mb <= MOST_GROWTH_MB,
            ),
            Aim("calls that stood", f"{CALLS} of {CALLS}", f"{len(stood_s)} of {CALLS}", len(stood_s) == CALLS),
        ),
    )


def _call_again_and_again(folder: Path) -> tuple[list[float], list[float]]:
    """Return how long each call took to stand, and what the centre's engine held after each part."""
    says = folder / "says.wav"
    spoken(Phrase.QUESTION, says, 16_000)
    stood_s: list[float] = []
    held_mb: list[float] = []
    with (
        Phone("phones", says) as phones,
        Exchange(folder, phones.uri, records=True) as centre,
        Unit("units", says) as units,
    ):
        for _ in range(ROUNDS):
            stood_s.extend(_call(units, centre, phones) for _ in range(CALLS // ROUNDS))
            time.sleep(REST_S)
            held_mb.append(memory_of(centre.pid).rss_mb)
    return stood_s, held_mb


def _call(units: Unit, centre: Exchange, phones: Phone) -> float:
    """Make a call, end it, and return how long it took to stand."""
    began_s = time.monotonic()
    leg = units.call(centre.uri)
    centre.wait_until(lambda: len(centre.legs) == 2, "both legs stand")
    took_s = time.monotonic() - began_s
    units.wait_until(lambda: leg in units.legs, "the unit is answered")
    units.tell(EndLeg(leg=leg))
    centre.wait_until(lambda: not centre.legs, "both legs have ended")
    phones.wait_until(lambda: not phones.legs, "the phone's has too")
    return took_s
