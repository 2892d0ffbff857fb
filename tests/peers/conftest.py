"""One engine for all tests of a module, so that whatever happened to it before, it must bear the next one too."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from device.voice.client import engine_problem
from device.voice.messages import EngineAlive, EngineLost
from tests.peers import baresip, sipp
from tests.peers.engine import RunningEngine
from tests.peers.rtp import RATE_HZ, RtpPort
from tests.peers.sound import Phrase, SpokenFiles, spoken
from tests.waiting import until

REPEATS = 30
"""How often a file says its phrase: more than a minute, which no test lasts."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what cannot be tried on this machine, and say why."""
    missing = [name for name, program in (("baresip", baresip.PROGRAM), ("SIPp", sipp.PROGRAM)) if not program]
    reason = engine_problem() or (f"{' and '.join(missing)} not installed: bash .ci/setup" if missing else "")
    for item in items:
        if reason and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="module")
def engine_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    with RunningEngine(tmp_path_factory.mktemp("engine")) as running:
        yield running


@pytest.fixture
def engine(engine_of_module: RunningEngine) -> Iterator[RunningEngine]:
    """The module's engine; after the test it must live, and have no leg left."""
    yield engine_of_module
    beats = len(engine_of_module.heard(EngineAlive))
    until(lambda: len(engine_of_module.heard(EngineAlive)) > beats and engine_of_module.is_empty(), "no leg is left")
    assert not engine_of_module.heard(EngineLost)


@pytest.fixture
def media() -> Iterator[RtpPort]:
    """Where an odd party has its sound."""
    with RtpPort() as port:
        yield port


@pytest.fixture(scope="session")
def spoken_files(tmp_path_factory: pytest.TempPathFactory) -> SpokenFiles:
    """The phrases, said again and again in a file, and once; for phones at 8 kHz and for the bridge at 16."""
    folder = tmp_path_factory.mktemp("phrases")
    files: SpokenFiles = {}
    for phrase in Phrase:
        for rate_hz in (RATE_HZ, 2 * RATE_HZ):
            file = folder / f"{phrase.name}-{rate_hz}.wav"
            files[phrase, rate_hz] = (file, spoken(phrase, file, rate_hz, REPEATS))
    return files
