"""What every fault is tried with: how often, how long, by which chance; and the table of all accounts at the end."""

import random
import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults.account import HEADLINE, Tally

Settled = Callable[[str, Tally], None]


@pytest.fixture
def kills(pytestconfig: pytest.Config) -> int:
    """How often each program is killed."""
    count: int = pytestconfig.getoption("kills")
    return count


@pytest.fixture
def is_long(pytestconfig: pytest.Config) -> bool:
    """Whether the long form is played."""
    chosen: bool = pytestconfig.getoption("long")
    return chosen


@pytest.fixture
def chance(pytestconfig: pytest.Config) -> random.Random:
    """Chance, the same again for the same seed."""
    seed: int | None = pytestconfig.getoption("seed")
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    print(f"\n--seed {seed} plays these moments again")
    return random.Random(seed)


@pytest.fixture(scope="session")
def _table() -> Iterator[list[str]]:
    """Collect a row of each account, and print them all."""
    rows: list[str] = []
    yield rows
    if rows:
        print("\n".join(["", "", HEADLINE, *rows]))


@pytest.fixture
def settled(_table: list[str]) -> Settled:
    """Take a fault's account into the table, and fail where it is not right."""
    began_s = time.monotonic()

    def take(name: str, tally: Tally) -> None:
        row = f"{tally.row(name)}   {time.monotonic() - began_s:6.1f} s"
        print(f"\n{HEADLINE}\n{row}")
        _table.append(row)
        tally.check()

    return take
