"""`python -m tests.bench [NAME ...]`: measure, beside the peers; all of it writes RESULTS.md, a part only prints.

Rules: no figure fails a run; a bench that breaks is told, the others go on, and the exit code says so. Real programs,
real disk, loopback only; everything lives in one temporary folder. A quarter of an hour at most, but for the first run,
which installs the peers. What other programs take of the machine meanwhile is told with every figure.
"""

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from tests.bench import cold_start, ingest, machine, press, resident, results, shortest_press
from tests.bench.child import Memory
from tests.bench.figures import Section

OK, BROKEN = 0, 1


def main() -> int:
    """Run what was asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure Poga beside its peers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; all, if left out")
    parser.add_argument(
        "--patience", type=float, default=0, metavar="MINUTES", help="wait before each until others leave the machine"
    )
    options = parser.parse_args()
    names = options.names or list(BENCHES)
    if unknown := [name for name in names if name not in BENCHES]:
        parser.error(f"there is no bench {unknown[0]!r}; there are {', '.join(BENCHES)}")
    with tempfile.TemporaryDirectory(prefix="poga-bench-") as folder:
        return _run(names, Path(folder), options.patience * 60)


def _run(names: Sequence[str], folder: Path, patience_s: float) -> int:
    began_s, others = time.monotonic(), machine.Others()
    about = list(machine.describe(folder))
    memory: dict[str, Memory] = {}
    sections: list[Section] = []
    for name in names:
        machine.wait_until_calm(patience_s)
        print(f"{name} ...", flush=True)
        try:
            sections.append(_measure(name, folder / name, memory))
        except Exception:  # noqa: BLE001 - whatever broke, the other figures are worth having
            traceback.print_exc()
    code = OK if len(sections) == len(names) else BROKEN
    if memory:
        sections.append(resident.section(memory))
    around = results.Circumstances(about, others.share(), time.monotonic() - began_s)
    print("\n".join(results.lines(sections, around)))
    if code == OK and set(names) == set(BENCHES):
        print(f"\nwritten to {results.write(sections, around)}")
    return code


def _measure(name: str, folder: Path, memory: dict[str, Memory]) -> Section:
    others = machine.Others()
    section = BENCHES[name](folder, memory)
    return replace(section, notes=(*section.notes, f"Other programs used {others.share():.0%} of the machine."))


BENCHES: dict[str, Callable[[Path, dict[str, Memory]], Section]] = {
    "press": press.run,
    "ingest": lambda folder, _memory: ingest.run(folder),
    "shortest_press": lambda folder, _memory: shortest_press.run(folder),
    "cold_start": cold_start.run,
}


if __name__ == "__main__":
    sys.exit(main())
