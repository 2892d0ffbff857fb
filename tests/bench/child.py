"""A program under measurement, as a process of its own: started, asked, measured, ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.bench.figures import NONE

READY_WITHIN_S = 120.0
END_WITHIN_S = 20.0
LOOK_EVERY_S = 0.02
LOG_SHOWN = 2_000
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class ChildError(Exception):
    """A program under measurement did not do what it should; the text ends with the end of its log."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process holds in memory; of what it shares with others, `pss_mb` counts its part."""

    rss_mb: float
    pss_mb: float

    def cells(self) -> tuple[str, str]:
        """Return it for a table."""
        return f"{self.rss_mb:.1f}", f"{self.pss_mb:.1f}" if self.pss_mb else NONE


class Child:
    """One program. Use as a context manager; it is ended at the end, in good order if it can be.

    What it says goes to its log; one that `speaks` is heard by `hear` instead, and told by `tell`.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        *,
        speaks: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Name the program; `environment` is added to this process's own."""
        self.name = name
        self._command = list(command)
        self._log = log
        self._speaks = speaks
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[str] | None = None
        self.started_s = 0.0

    def __enter__(self) -> Self:
        """Start it."""
        with self._log.open("ab") as log:
            self.started_s = time.monotonic()
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.PIPE if self._speaks else subprocess.DEVNULL,
                stdout=subprocess.PIPE if self._speaks else log,
                stderr=log,
                text=True,
                bufsize=1,
                start_new_session=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.end()

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._running().pid

    def tell(self, line: str) -> None:
        """Write a line to its standard input. Raises ChildError."""
        process = self._running()
        assert process.stdin is not None
        try:
            process.stdin.write(f"{line}\n")
        except OSError as error:
            raise self.failed(f"cannot be told {line!r}: {error}") from None

    def hear(self) -> str:
        """Return the next line of its standard output. Raises ChildError at its end."""
        process = self._running()
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise self.failed("has ended")
        return line

    def wait_until(self, is_so: Callable[[], bool], what: str, within_s: float = READY_WITHIN_S) -> None:
        """Return when something is so. Raises ChildError where the program ends before, or it never is."""
        deadline = time.monotonic() + within_s
        while not is_so():
            if self._running().poll() is not None:
                raise self.failed(f"ended with {self._running().returncode} before {what}")
            if time.monotonic() > deadline:
                raise self.failed(f"has not come so far in {within_s:g} s: {what}")
            time.sleep(LOOK_EVERY_S)

    def failed(self, what: str) -> ChildError:
        """Return what went wrong, with the end of the log."""
        return ChildError(
            f"{self.name} {what}; its log ends with:\n{self._log.read_text(errors='replace')[-LOG_SHOWN:]}"
        )

    def memory(self) -> Memory:
        """Return what it holds in memory now."""
        return memory_of(self.pid)

    def processor_s(self) -> float:
        """Return how long it has used a core, all threads together."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND

    def end(self) -> None:
        """End it; may be called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=END_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()

    def _running(self) -> "subprocess.Popen[str]":
        if self._process is None:
            raise ChildError(f"{self.name} is not running")
        return self._process


def python(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module of this checkout."""
    return [sys.executable, "-m", module, *arguments]


def memory_of(pid: int) -> Memory:
    """Return what a process holds in memory now."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
    return Memory(kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024)
