"""baresip as a phone: it says what is in a WAV file, keeps what it hears, and does what it is told.

Rules: one process a phone, on loopback, with a configuration of its own. It is told through its control port, by its
own command names, and says what happens there.
"""

import json
import shutil
import socket
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.mosquitto import LOOPBACK
from tests.peers.ports import free_port
from tests.peers.sound import Sound, read
from tests.waiting import Heard, until

PROGRAM = shutil.which("baresip")
MODULES = next(Path("/usr/lib").glob("**/baresip/modules"), None)

# aubridge hears for nobody: what is heard goes into a file before, by sndfile.
CONFIG = """\
poll_method epoll
sip_listen {host}:{port}
{tls}
call_local_timeout 120
call_max_calls 8
audio_source aufile,{says}
audio_player aubridge,nil
audio_alert aubridge,nil
ausrc_srate {rate}
auplay_srate {rate}
ausrc_channels 1
auplay_channels 1
net_interface {host}
snd_path {folder}
module_path {modules}
module {codec}.so
module aufile.so
module aubridge.so
module srtp.so
module uuid.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {host}:{control}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """How a phone is set up. `account` is what stands in its account beside the rest, in baresip's words."""

    user: str
    says: Path
    codec: str = "PCMA"
    module: str = "g711"
    rate_hz: int = 8_000
    answers: bool = True
    account: str = ""
    registrar: str = ""
    cert_and_key: Path | None = None
    ca_file: Path | None = None


class Baresip:
    """A phone. Use as a context manager."""

    def __init__(self, folder: Path, line: Line) -> None:
        self.line = line
        self.port = free_port(in_a_row=2)  # the next one is for TLS
        self.events: Heard[dict[str, Any]] = Heard()
        self._folder = folder
        self._control = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._reader = threading.Thread(target=self._listen, daemon=True)

    @property
    def uri(self) -> str:
        """Return where it is called."""
        return f"sip:{self.line.user}@{LOOPBACK}:{self.port}"

    def __enter__(self) -> Self:
        assert PROGRAM, "baresip is not installed: bash .ci/setup"
        self._folder.mkdir(parents=True)
        self._configure()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "-f", self._folder], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        until(lambda: "baresip is ready" in self.said, f"{self.line.user}'s phone is ready, see {self.log}")
        self._socket = socket.create_connection((LOOPBACK, self._control))
        self._reader.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._socket:
            self._socket.close()
        if self._process:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        """Return its process."""
        assert self._process
        return self._process.pid

    @property
    def log(self) -> Path:
        """Return the file with what the program says."""
        return self._folder / "log.txt"

    @property
    def said(self) -> str:
        """Return what the program has said."""
        return self.log.read_text(errors="replace")

    def tell(self, command: str, words: str = "") -> None:
        """Give it a command."""
        assert self._socket
        said = json.dumps({"command": command, "params": words}).encode()
        self._socket.sendall(b"%d:%b," % (len(said), said))

    def wait_for(self, event: str, count: int = 1) -> dict[str, Any]:
        """Return the `count`-th event of a kind, as in CALL_ESTABLISHED."""
        return self.events.wait(lambda said: said.get("type") == event, count)

    def has_said(self, event: str) -> bool:
        """Tell whether an event has come."""
        return any(said.get("type") == event for said in self.events.all)

    def wait_for_sound(self, seconds: float) -> Sound:
        """Return what it has heard since its sound was described last, when that is so long."""
        size = 2 * self.line.rate_hz * seconds

        def is_long_enough() -> bool:
            found = self._recordings()
            return bool(found) and found[-1].stat().st_size > size

        until(is_long_enough, f"{seconds:g} s of sound in {self._folder}")
        return read(self._recordings()[-1])

    def kill(self) -> None:
        """End it without a word to anybody."""
        assert self._process
        self._process.kill()

    def _recordings(self) -> list[Path]:
        return sorted(self._folder.glob("dump-*-dec.wav"), key=lambda file: file.name)

    def _configure(self) -> None:
        line = self.line
        tls = [f"sip_certificate {line.cert_and_key}"] if line.cert_and_key else []
        tls += [f"sip_cafile {line.ca_file}"] if line.ca_file else []
        config = CONFIG.format(
            host=LOOPBACK,
            port=self.port,
            control=self._control,
            tls="\n".join(tls),
            says=line.says,
            rate=line.rate_hz,
            folder=self._folder,
            modules=MODULES,
            codec=line.module,
        )
        (self._folder / "config").write_text(config)
        mode = "auto" if line.answers else "manual"
        transport = ";transport=tls" if line.cert_and_key else ""
        address = f"sip:{line.user}@{line.registrar}" if line.registrar else f"{self.uri}{transport}"
        account = f"<{address}>;answermode={mode};audio_codecs={line.codec}"
        registers = ";auth_pass=;regint=300" if line.registrar else ";regint=0"
        (self._folder / "accounts").write_text(f"{account}{registers}{line.account}\n")

    def _listen(self) -> None:
        """Take netstrings of JSON apart."""
        assert self._socket
        kept = b""
        while True:
            try:
                came = self._socket.recv(65_536)
            except OSError:
                return
            if not came:
                return
            kept += came
            while (length := kept.partition(b":")[0]).isdigit() and len(kept) > len(length) + 1 + int(length):
                start = len(length) + 1
                self.events(json.loads(kept[start : start + int(length)]))
                kept = kept[start + int(length) + 1 :]
