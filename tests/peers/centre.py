"""A whole centre, with units and call lists that a test names, in the test's own process."""

import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from device.voice.messages import Protocol
from hub import app
from hub.adapters.store import open_store
from hub.config import BrokerSettings, ConsoleSettings, Settings, VoiceSettings
from hub.core.call_records import CallList, Member, MemberKind
from hub.core.records import Client, Premises, Record, Unit
from tests.waiting import until

UNIT = "unit-0001"


class RunningCentre:
    """A centre. Use as a context manager."""

    def __init__(self, folder: Path, phones: Sequence[str], *, are_sure: bool = False) -> None:
        """Name the phones that are rung, one after the other; `are_sure`: no mailbox answers there."""
        settings = Settings(
            name="Centre of tests",
            data_dir=folder / "centre",
            broker=BrokerSettings(port=0),
            console=ConsoleSettings(port=0),
            voice=VoiceSettings(port=0, protocols=(Protocol.UDP,)),
        )
        store = open_store(settings.data_dir / app.STORE)
        store.main.save(_register(phones, are_sure))
        store.close()
        self._program: Any = app.build(settings)
        self._thread = threading.Thread(target=self._program.run, name="centre")

    def __enter__(self) -> Self:
        self._thread.start()
        until(
            lambda: bool(self._program.is_ready and self._program.voice.is_ready), "the centre is ready, and its voice"
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._program.stop()
        self._thread.join()

    @property
    def address(self) -> str:
        """Return where it is called."""
        return str(self._program.voice.addresses[0])


def _register(phones: Sequence[str], are_sure: bool) -> list[Record]:
    members = tuple(
        Member(MemberKind.PHONE, f"Phone {number} (invented)", uri, are_sure)
        for number, uri in enumerate(phones, start=1)
    )
    return [
        Premises(1, "Peer Lane 1, Testville (invented)"),
        Client(1, 1, "Petra Peer (invented)", "+371 2000 0001"),
        Unit(UNIT, "Peer home", 1),
        CallList(1, "Phones", members, ring_s=10),
    ]
