"""Every unreadable message is counted; the log is spared."""

import pytest

from device.wire.codec import WireError, WireProblem
from hub.adapters.broker.counts import Counted, Counts
from hub.adapters.broker.malformed import LOG_EVERY_S, Malformed


def test_a_thousand_are_counted_and_one_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    counts = Counts()
    malformed = Malformed(counts)
    for _ in range(1000):
        malformed.note("poga/1/unit-1/alarm", WireError(WireProblem.NOT_JSON, "line 1"))
    assert counts.snapshot() == {(Counted.MALFORMED, "not_json"): 1000}
    assert len(caplog.records) == 1


def test_what_was_not_logged_is_in_the_next_line(caplog: pytest.LogCaptureFixture) -> None:
    moments_s = iter([100.0, 101.0, 102.0, 102.0 + LOG_EVERY_S])
    malformed = Malformed(Counts(), clock=lambda: next(moments_s))
    for _ in range(3):
        malformed.note("t", WireError(WireProblem.NOT_JSON, "line 1"))
    malformed.note("t", WireError(WireProblem.TOO_LARGE, "20000 bytes"))
    assert "20000 bytes (and 2 before it)" in caplog.messages[-1]
