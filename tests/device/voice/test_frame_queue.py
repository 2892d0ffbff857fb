"""Two clocks, one queue: little is waited, nothing is said twice."""

from hypothesis import given
from hypothesis import strategies as st

from device.voice.frame_queue import GATHERED, MOST, WINDOW, FrameQueue


def test_frames_come_out_in_order_after_two_are_gathered() -> None:
    queue = FrameQueue()
    queue.put(b"1")
    assert queue.take() is None
    queue.put(b"2")
    queue.put(b"3")
    assert [queue.take() for _ in range(4)] == [b"1", b"2", b"3", None]
    queue.put(b"4")
    assert queue.take() is None, "after a silence two are gathered again"


def test_what_comes_too_fast_is_dropped_oldest_first() -> None:
    queue = FrameQueue()
    for number in range(20):
        queue.put(bytes([number]))
    assert [queue.take() for _ in range(MOST)] == [bytes([number]) for number in range(20 - MOST, 20)]


def test_a_delay_that_is_not_needed_is_taken_out() -> None:
    queue = FrameQueue()
    for number in range(MOST):
        queue.put(bytes([number]))
    for _ in range(MOST * WINDOW):
        queue.take()
        queue.put(b"n")
    left = 0
    while queue.take() is not None:
        left += 1
    assert left <= GATHERED


@given(st.lists(st.booleans()))
def test_nothing_comes_that_was_not_put_and_nothing_twice(puts: list[bool]) -> None:
    queue = FrameQueue()
    taken = []
    for number, is_put in enumerate(puts):
        if is_put:
            queue.put(number.to_bytes(2, "big"))
        else:
            taken.append(queue.take())
    heard = [frame for frame in taken if frame is not None]
    assert heard == sorted(set(heard))
