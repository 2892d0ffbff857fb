"""SIPp as an odd phone or an odd unit: it plays one scenario once, on loopback.

Rules: whether it went as the scenario says is SIPp's own verdict, and `wait` asks for it. Its sound is not its own: the
scenario names a port where a test has its `RtpPort`, or nobody.
"""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.mosquitto import LOOPBACK
from tests.peers.ports import free_port
from tests.peers.scenario import Scenario
from tests.waiting import GENEROUS_S, until

PROGRAM = shutil.which("sipp")
GIVES_UP_S = 60
LOG_SHOWN = 6_000


class Sipp:
    """One party that plays a scenario, with its keys; `calls` is the address (host:port) it calls, if it is to call."""

    def __init__(self, folder: Path, plays: Scenario, calls: str = "", **keys: str | int) -> None:
        self.port = free_port()
        self._plays = plays
        self._folder = folder
        self._calls = calls
        self._keys: Mapping[str, str | int] = keys
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        assert PROGRAM, "SIPp is not installed: bash .ci/setup"
        self._folder.mkdir(parents=True, exist_ok=True)
        played = self._folder / "scenario.xml"
        played.write_text(self._plays.xml)
        command = [PROGRAM, "-sf", str(played), "-m", "1", "-i", LOOPBACK, "-p", str(self.port), "-nostdin"]
        command += ["-timeout", f"{GIVES_UP_S}s", "-timeout_error", "-max_retrans", "3"]
        command += ["-trace_msg", "-message_file", str(self._folder / "messages.txt")]
        command += ["-trace_err", "-error_file", str(self._folder / "errors.txt")]
        if self._plays.counts_all:
            command.append("-nr")
        for name, value in self._keys.items():
            command += ["-key", name, str(value)]
        with (self._folder / "said.txt").open("wb") as said:
            self._process = subprocess.Popen(
                [*command, *([self._calls] if self._calls else [])], stdout=said, stderr=said
            )
        if not self._calls:
            until(self._listens, f"SIPp listens at {self.port}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    @property
    def uri(self) -> str:
        """Return where it is called."""
        return f"sip:odd@{LOOPBACK}:{self.port}"

    def wait(self) -> None:
        """Return when it has played its scenario to the end; fail where the other party did not keep to it."""
        assert self._process
        try:
            status = self._process.wait(GENEROUS_S * 2)
        except subprocess.TimeoutExpired:
            status = -1
        assert status == 0, f"It did not go like this: {self._plays.about} (status {status})\n{self._log()}"

    @property
    def messages(self) -> str:
        """Return every message that it has said and heard."""
        file = self._folder / "messages.txt"
        return file.read_text(errors="replace") if file.exists() else ""

    def sound_port(self) -> int:
        """Return where the other party wants to hear sound, when it has said so."""
        return int(self._last_word(r"^m=audio (\d+)"))

    def keys_kind(self) -> int:
        """Return by which number the other party wants to be told of keys, in the stream of its sound."""
        return int(self._last_word(r"^a=rtpmap:(\d+) telephone-event/8000"))

    def _last_word(self, pattern: str) -> str:
        """Return what the other party has said last, when it has."""

        def words() -> list[str]:
            parts = re.split(r"^-{20,}.*$", self.messages, flags=re.MULTILINE)
            return [word for part in parts if " received [" in part for word in re.findall(pattern, part, re.MULTILINE)]

        until(lambda: bool(words()), f"the other party says {pattern}")
        return words()[-1]

    def _log(self) -> str:
        errors = self._folder / "errors.txt"
        said = errors.read_text(errors="replace") if errors.exists() else ""
        return f"{said}\n{self.messages[-LOG_SHOWN:]}"

    def _listens(self) -> bool:
        assert self._process
        assert self._process.poll() is None, f"SIPp ended at once: {(self._folder / 'said.txt').read_text()}"
        return any(f":{self.port:04X} " in line for line in Path("/proc/net/udp").read_text().splitlines())
