"""A real program as a child: started, killed, frozen, thawed and stopped, by its own number alone.

Rules: the kernel kills it when the test's process ends, however that ends. What it says goes to a file that a failing
test quotes. Where it needs a small disk, that disk is its own and is gone with it.
"""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.waiting import until

ROOT = Path(__file__).parents[2]
DIE_WITH_US = ("setpriv", "--pdeathsig", "KILL")
ENDS_WITHIN_S = 30.0
QUOTED_BYTES = 4_000


class Child:
    """Runs `python -m` something, again and again."""

    def __init__(self, name: str, folder: Path, *arguments: str, before: Sequence[str] = ()) -> None:
        """Prepare; `before` is a command that runs this one, and keeps its number (unshare)."""
        self.name = name
        self.log = folder / f"{name}.log"
        self._command = [*before, *DIE_WITH_US, sys.executable, "-m", *arguments]
        self._environment = dict(os.environ)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Return its number. Only while it runs."""
        assert self._process is not None, f"{self.name} does not run"
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Tell whether it has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def set_environment(self, name: str, value: str) -> None:
        """Have it find this in its environment from the next start on."""
        self._environment[name] = value

    def start(self) -> None:
        """Start it; it must not run."""
        assert not self.is_running, f"{self.name} runs already"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """Kill it as a power cut would."""
        os.kill(self.pid, signal.SIGKILL)
        self._wait()

    def freeze(self) -> None:
        """Let it stand still."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def limit_files(self, size: int | None) -> None:
        """Let none of its files be written beyond a size (None: beyond any), as on a disk without room."""
        _, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))

    def stop(self) -> None:
        """End it as an administrator would."""
        self.thaw()
        os.kill(self.pid, signal.SIGTERM)
        self._wait()

    def discard(self) -> None:
        """End it, whatever state it is in. May be called twice."""
        if self.is_running:
            self.kill()

    def said(self) -> str:
        """Return the end of what it said."""
        return self.log.read_bytes()[-QUOTED_BYTES:].decode(errors="replace") if self.log.exists() else ""

    def must_live(self) -> None:
        """Fail where it has ended by itself."""
        assert self.is_running, f"{self.name} has ended by itself; it said:\n{self.said()}"

    def children(self) -> list[int]:
        """Return the numbers of its own children."""
        found: list[int] = []
        for task in Path(f"/proc/{self.pid}/task").glob("*/children"):
            found += map(int, task.read_text().split())
        return found

    def child_that_runs(self, module: str) -> int:
        """Return the number of its own child that runs a module of Python, as soon as there is one."""
        found: list[int] = []

        def is_there() -> bool:
            found[:] = [pid for pid in self.children() if module.encode() in _command_of(pid)]
            return bool(found)

        until(is_there, f"{self.name} has a child that runs {module}")
        return found[0]

    def zombies(self) -> list[int]:
        """Return those of its children that have ended and were not taken notice of."""
        return [pid for pid in self.children() if _state_of(pid) == "Z"]

    def _wait(self) -> None:
        assert self._process is not None
        self._process.wait(timeout=ENDS_WITHIN_S)
        self._process = None


def is_gone(pid: int) -> bool:
    """Tell whether no process has this number any more, or only its remains."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def await_gone(pid: int) -> None:
    """Return when a process has ended."""
    until(lambda: is_gone(pid), f"process {pid} has ended")


def _command_of(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:  # it has gone
        return []


def _state_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:  # as above
        return ""
