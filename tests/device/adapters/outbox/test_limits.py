"""The bounds of the outbox."""

import pytest

from device.adapters.outbox.limits import Limits


def test_a_full_file_keeps_something() -> None:
    with pytest.raises(ValueError, match="trim_at_once is 64: at least 1 and less than max_messages"):
        Limits(max_messages=64)


def test_a_loss_makes_room_for_its_own_report() -> None:
    assert Limits().trim_at_once > 1
