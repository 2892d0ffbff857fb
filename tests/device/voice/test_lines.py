"""Lines, however the bytes come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.voice.lines import LONGEST, Lines, LineTooLongError


@given(st.lists(st.binary().filter(lambda line: b"\n" not in line)), st.integers(1, 7))
def test_lines_come_whole(sent: list[bytes], piece: int) -> None:
    stream = b"".join(line + b"\n" for line in sent)
    lines = Lines()
    assert [line for at in range(0, len(stream), piece) for line in lines.feed(stream[at : at + piece])] == sent


def test_a_line_without_an_end_is_not_gathered_for_ever() -> None:
    with pytest.raises(LineTooLongError):
        Lines().feed(b"x" * (LONGEST + 1))
