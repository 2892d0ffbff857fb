"""`python -m tests.bench.voice [NAME ...]`: measure voice, beside a peer; all of it writes RESULTS-voice.md.

Rules: as in tests.bench: no figure fails a run, a bench that breaks is told and the others go on. Real programs,
loopback only, one temporary folder. About ten minutes.
"""

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from device.voice.client import probe
from tests.bench import machine, results
from tests.bench.figures import Section
from tests.bench.voice import capacity, delay, endurance, press, quality, second_target

OK, BROKEN = 0, 1
FILE = results.FILE.with_name("RESULTS-voice.md")

BENCHES: dict[str, Callable[[Path], Section]] = {
    "press": press.run,
    "second_target": second_target.run,
    "delay": delay.run,
    "quality": quality.run,
    "capacity": capacity.run,
    "endurance": endurance.run,
}


def main() -> int:
    """Run what was asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.voice", description="Measure voice.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; all, if left out")
    names = parser.parse_args().names or list(BENCHES)
    if unknown := [name for name in names if name not in BENCHES]:
        parser.error(f"there is no bench {unknown[0]!r}; there are {', '.join(BENCHES)}")
    with tempfile.TemporaryDirectory(prefix="poga-voice-") as folder:
        return _run(names, Path(folder))


def _run(names: Sequence[str], folder: Path) -> int:
    began_s, others = time.monotonic(), machine.Others()
    about = [*machine.describe(folder), ("PJSIP", _pjsip())]
    sections: list[Section] = []
    for name in names:
        print(f"{name} ...", flush=True)
        meanwhile = machine.Others()
        try:
            section = BENCHES[name](folder / name)
        except Exception:  # noqa: BLE001 - whatever broke, the other figures are worth having
            traceback.print_exc()
            continue
        busy = f"Other programs used {meanwhile.share():.0%} of the machine."
        sections.append(replace(section, notes=(*section.notes, busy)))
    around = results.Circumstances(about, others.share(), time.monotonic() - began_s, "make bench-voice")
    print("\n".join(results.lines(sections, around)))
    if len(sections) < len(names):
        return BROKEN
    if set(names) == set(BENCHES):
        print(f"\nwritten to {results.write(sections, around, FILE)}")
    return OK


def _pjsip() -> str:
    started = probe()
    build = "our own build" if started.is_own_build else "PyPI's build"
    return f"{started.version}, {build}: {', '.join(started.codecs)}"


if __name__ == "__main__":
    sys.exit(main())
