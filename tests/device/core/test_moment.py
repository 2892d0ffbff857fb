"""The moment: wall time goes on the wire with its quality, and is read by no decision."""

import ast
from pathlib import Path

from device import core
from device.core.moment import Moment
from device.wire.messages import WallTime
from device.wire.vocabulary import ClockQuality


def test_wall_time_goes_on_the_wire_with_its_quality() -> None:
    moment = Moment(1.0, 1_700_000_000.0, ClockQuality.NETWORK)
    assert moment.wall() == WallTime(unix_s=1_700_000_000.0, quality=ClockQuality.NETWORK)


def test_a_clock_that_was_never_set_says_so() -> None:
    assert Moment(1.0).wall().quality is ClockQuality.UNSET


def test_no_decision_reads_wall_time() -> None:
    readers = {
        path.name
        for path in Path(core.__path__[0]).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "wall_s"
    }
    assert readers == {"moment.py"}, "only the moment itself hands it on"
