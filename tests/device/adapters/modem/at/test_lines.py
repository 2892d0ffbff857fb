"""Lines and prompts: the same ones however the bytes arrive, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from device.adapters.modem.at.lines import LONGEST_LINE, LineSplitter, Prompt

MODEM_LIKE = st.lists(
    st.sampled_from(
        [b"\r\n", b"\r", b"\n", b"> ", b">", b"OK", b"RING", b'+CMTI: "SM",1', b" ", b"\x00", b"\xff", b"A", b"\x1a"]
    )
    | st.binary(max_size=8)
).map(b"".join)


def split(data: bytes) -> list[str | Prompt]:
    return LineSplitter().feed(data)


def test_lines_end_with_cr_or_lf_and_empty_ones_are_nothing() -> None:
    assert split(b"\r\nOK\r\n\r\r\n+CSQ: 16,99\r\n\nRING\rBUSY\n") == ["OK", "+CSQ: 16,99", "RING", "BUSY"]


def test_what_has_not_ended_is_not_told_yet() -> None:
    splitter = LineSplitter()
    assert splitter.feed(b"\r\nRI") == []
    assert splitter.feed(b"NG") == []
    assert splitter.feed(b"\r") == ["RING"]


def test_a_prompt_needs_no_line_end_and_its_space_belongs_to_it() -> None:
    splitter = LineSplitter()
    assert splitter.feed(b"\r\n>") == [Prompt.SHOWN]
    assert splitter.feed(b" ") == []
    assert splitter.feed(b"\r\n+CMGS: 3\r\n") == ["+CMGS: 3"]
    assert split(b'+COPS: 0,0,"a > b"\r') == ['+COPS: 0,0,"a > b"']


def test_noise_before_a_line_is_dropped() -> None:
    assert split(b"\xff\x00\xfe\r\n\x00\x00RDY\r\n") == ["RDY"]


def test_other_scripts_within_a_line_stay() -> None:
    assert split('+COPS: 0,0,"Bitė"\r\n'.encode()) == ['+COPS: 0,0,"Bitė"']


def test_an_endless_line_is_dropped_and_counted_and_the_next_one_is_read() -> None:
    splitter = LineSplitter()
    assert splitter.feed(b"x" * (LONGEST_LINE + 1) + b"yyy\r\nOK\r\n") == ["OK"]
    assert splitter.dropped == 1


@given(MODEM_LIKE, st.data())
def test_any_chunking_gives_the_same(data: bytes, drawn: st.DataObject) -> None:
    splitter = LineSplitter()
    found: list[str | Prompt] = []
    rest = data
    while rest:
        size = drawn.draw(st.integers(1, len(rest)))
        found += splitter.feed(rest[:size])
        rest = rest[size:]
    assert found == split(data)


@given(st.binary(max_size=400))
def test_a_line_is_never_empty_and_has_no_line_end_in_it(data: bytes) -> None:
    for token in split(data):
        assert isinstance(token, Prompt) or (token and not set(token) & {"\r", "\n"})
