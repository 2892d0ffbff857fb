"""An outbox file, and an outbox that is closed after the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from device.adapters.outbox import Limits, Outbox
from tests.device.adapters.outbox.material import Beats

Opener = Callable[..., Outbox]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox_at(path: Path) -> Iterator[Opener]:
    """Make outboxes, each at `path` unless another is named, and stop them in the end."""
    made: list[Outbox] = []

    def make(limits: Limits | None = None, at: Path | None = None, beats: Beats | None = None) -> Outbox:
        made.append(Outbox(at or path, beats or Beats(), limits or Limits(patience_s=30, retry_s=0.05)))
        return made[-1]

    yield make
    for outbox in made:
        outbox.stop()
