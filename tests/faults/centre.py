"""A real centre in a process of its own, with its embedded broker; its store is read as a file."""

import asyncio
import random
import shutil
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path

import httpx

from hub.adapters.enrolled import enrol
from hub.adapters.store import Places, open_store
from hub.console.passwords import Passwords
from hub.core.records import Operator, Record, Unit
from tests.faults.account import Truth, read_truth
from tests.faults.child import Child, await_gone
from tests.faults.disk import BoundedFiles, Disks
from tests.waiting import until

LOOPBACK = "127.0.0.1"
STORE = "store"
PASSWORD = "invented for tests"
LOWEST_PORT = 15_000
LOWEST_PASSING_PORT = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
"""From here on the kernel gives ports to whoever connects somewhere: one of them could be taken during a restart."""


class Centre:
    """One centre with its operators and the units of its register."""

    def __init__(
        self,
        folder: Path,
        units: Sequence[Unit],
        operators: Sequence[str],
        disk: Disks = BoundedFiles,
        *,
        has_voice: bool = False,
    ) -> None:
        """Write its settings and its register; nothing runs yet."""
        folder.mkdir()
        self._data = folder / "data"
        self.disk = disk(self._data)
        self.broker_port, console_port, self.voice_port = _lasting_port(), _lasting_port(), _lasting_port()
        self.url = f"http://{LOOPBACK}:{console_port}"
        settings = folder / "hub.toml"
        settings.write_text(
            f'data_dir = "{self._data}"\n[broker]\nport = {self.broker_port}\n[console]\nport = {console_port}\n'
            f'[voice]\nis_on = {str(has_voice).lower()}\nprotocols = ["udp"]\nport = {self.voice_port}\n',
            encoding="utf-8",
        )
        self.child = Child("centre", folder, "hub", "--config", str(settings), "run", before=self.disk.before)
        # Run by root, the broker has its files where its own account can reach them; a killed centre leaves them there.
        self._passing = Path(tempfile.mkdtemp(prefix="poga-faults-"))
        self._passing.chmod(0o711)
        self.child.set_environment("TMPDIR", str(self._passing))
        self._register: list[Record] = [*(_operator(name) for name in operators), *units]

    # --- its life ---

    def write_register(self) -> None:
        """Make its store, with operators and units."""
        store = open_store(self.store)
        try:
            store.main.save(self._register)
        finally:
            store.close()
        Places(self.store).reserve.unlink(missing_ok=True)  # it makes one itself, where its own disk has room

    def enrol(self, unit_id: str) -> str:
        """Let a unit connect; return its password."""
        return enrol(self._data / "units", unit_id, unit_id).password

    def start(self) -> None:
        """Let it live, and return when units and operators can come."""
        self.child.start()
        until(self._is_ready, "the centre is ready")

    def kill(self) -> None:
        """Kill it as a power cut would; its broker goes with it."""
        brokers = self.child.children()
        self.child.kill()
        for broker in brokers:
            await_gone(broker)

    def stop(self) -> None:
        """End it in good order."""
        self.child.stop()

    def discard(self) -> None:
        """End it, whatever state it is in, and remove what it left behind."""
        self.child.discard()
        shutil.rmtree(self._passing, ignore_errors=True)

    @property
    def broker_pid(self) -> int:
        """Return the number of its broker's process, as soon as there is one."""
        until(lambda: bool(self.child.children()), "the centre has a broker")
        return self.child.children()[0]

    # --- its truth ---

    @property
    def store(self) -> Path:
        """Return the folder of its files, as it is between two lives."""
        return self._data / STORE

    def truth(self) -> Truth:
        """Return what stands in its store."""
        folder = self.disk.path(self.child) / STORE if self.child.is_running else self.store
        with tempfile.TemporaryDirectory() as copies:
            return read_truth(_copied(Places(folder).main, Path(copies)))

    def is_well(self, *checks: str) -> bool:
        """Tell whether it says of itself that these parts work."""
        try:
            said = httpx.get(f"{self.url}/healthz", timeout=5).json()["checks"]
        except (httpx.HTTPError, ValueError, KeyError):
            return False
        return all(said[check] for check in checks)

    def _is_ready(self) -> bool:
        self.child.must_live()
        return self.is_well("loop", "broker")


def _operator(name: str) -> Operator:
    return Operator(name, asyncio.run(Passwords().hash(PASSWORD)), role="administrator")


def _copied(file: Path, folder: Path) -> Path:
    """Return a copy of a store with its log, as a power cut would leave it.

    A copy, because SQLite resolves links: through the eyes of a program with a disk of its own it would find another.
    """
    files = [file, file.with_name(f"{file.name}-wal")]
    while True:
        before = [_version(each) for each in files]
        for each in files:
            (folder / each.name).unlink(missing_ok=True)
            if each.exists():
                shutil.copy(each, folder)
        if before == [_version(each) for each in files]:
            return folder / file.name


def _version(file: Path) -> tuple[int, int]:
    """Return what changes with a file, zeros where there is none."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _lasting_port() -> int:
    """Return a free port that stays free while its program is dead."""
    while True:
        port = random.randint(LOWEST_PORT, LOWEST_PASSING_PORT - 1)
        with socket.socket() as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
        return port
