"""The machine that was measured: what its figures depend on, without its name."""

import os
import platform
import re
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import in_ms
from tests.mosquitto import PROGRAM

SYNCS = 200
SYNC_BYTES = 4096
NOT_KNOWN = "not known"
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
CALM_FOR_S = 5.0
CALM_SHARE = 0.05


def describe(folder: Path) -> Iterator[tuple[str, str]]:
    """Return what the machine is, and the disk under `folder`."""
    yield "processor", _first_of("/proc/cpuinfo", r"model name\s*:\s*(.+)")
    yield "cores", str(len(os.sched_getaffinity(0)))
    memory_kb = _first_of("/proc/meminfo", r"MemTotal:\s*(\d+)")
    yield "memory", f"{int(memory_kb) / 1024**2:.1f} GiB" if memory_kb.isdecimal() else memory_kb
    yield "disk", _disk_of(folder)
    _, median, p99, _ = in_ms(list(_sync_durations_s(folder)))
    yield "one synced write of 4 kB", f"median {median} ms, p99 {p99} ms"
    system = _first_of("/etc/os-release", r'PRETTY_NAME="?([^"\n]+)')
    yield "system", f"{system}, Linux {platform.release().partition('-')[0]}"
    yield "Python", f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    yield "mosquitto", _said_by([PROGRAM, "-h"], r"mosquitto version (\S+)")
    yield "Node.js", _said_by(["node", "--version"], r"v(\S+)")


class Others:
    """How much of the machine other programs use while we measure (what a hypervisor takes counts as theirs)."""

    def __init__(self) -> None:
        """Begin to look."""
        self._began_s = time.monotonic()
        self._busy_s = _busy_s()
        self._ours_s = _ours_s()

    def share(self) -> float:
        """Return their part of all cores since the beginning, 0 to 1; exact where our children have ended."""
        passed_s = (time.monotonic() - self._began_s) * (os.cpu_count() or 1)
        theirs_s = (_busy_s() - self._busy_s) - (_ours_s() - self._ours_s)
        return max(0.0, theirs_s / passed_s)


def wait_until_calm(longest_s: float) -> None:
    """Return when others leave the machine alone, or after so many seconds."""
    deadline = time.monotonic() + longest_s
    while time.monotonic() < deadline:
        others = Others()
        time.sleep(CALM_FOR_S)
        if others.share() < CALM_SHARE:
            return


def _disk_of(folder: Path) -> str:
    device = folder.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    kind = _first_of("/proc/self/mountinfo", rf"\S+ \S+ {number} .* - (\S+)")
    block = Path(f"/sys/dev/block/{number}")
    if not block.exists():
        return f"{kind}, no block device"
    disk = block.resolve()
    queue = disk / "queue" if (disk / "queue").exists() else disk.parent / "queue"
    try:
        is_turning = (queue / "rotational").read_text().strip() == "1"
    except OSError:
        return f"{kind} on {disk.name}"
    return f"{kind} on {disk.name} ({'turning, or virtual and said to be' if is_turning else 'solid state or virtual'})"


def _sync_durations_s(folder: Path) -> Iterator[float]:
    """Append to a file and sync it, as a commit does."""
    path = folder / "synced"
    with path.open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            began_s = time.monotonic()
            file.write(os.urandom(SYNC_BYTES))
            os.fdatasync(file.fileno())
            yield time.monotonic() - began_s
    path.unlink()


def _first_of(path: str, pattern: str) -> str:
    try:
        found = re.search(pattern, Path(path).read_text(encoding="utf-8"))
    except OSError:
        return NOT_KNOWN
    return found[1].strip() if found else NOT_KNOWN


def _said_by(command: list[str], pattern: str) -> str:
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return "not there"
    found = re.search(pattern, said)
    return found[1] if found else NOT_KNOWN


def _busy_s() -> float:
    user, nice, system, _idle, _waiting, irq, soft_irq, stolen, *_ = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return float(user + nice + system + irq + soft_irq + stolen) / TICKS_A_SECOND


def _ours_s() -> float:
    return sum(os.times()[:4])
