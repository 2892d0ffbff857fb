"""What is on no subscription of the unit's is unreadable, whatever it says."""

import pytest

from device.adapters.broker.reading import read
from device.wire.codec import WireError, WireProblem


@pytest.mark.parametrize("topic", ["", "poga/1/unit-0001/alarm", "poga/1/unit-0001/presence", "poga/2/centre", "x/y"])
def test_a_topic_nobody_asked_for(topic: str) -> None:
    with pytest.raises(WireError) as caught:
        read(topic, b"{}")
    assert caught.value.problem is WireProblem.WRONG_TOPIC
