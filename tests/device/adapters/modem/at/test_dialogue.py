"""Which line answers and which comes unasked: records of real modems, and every mixture that can be made up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.modem.at import commands
from device.adapters.modem.at.codes import (
    BodyFollows,
    CallCause,
    MessageArrived,
    Notice,
    RegistrationSeen,
    Storage,
    Unsolicited,
)
from device.adapters.modem.at.commands import Command, Extra
from device.adapters.modem.at.dialogue import Dialogue, Heard, Outcome, Reply, Unexplained
from device.adapters.modem.at.lines import Prompt
from device.adapters.modem.at.unsolicited import read_unsolicited

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
PDU = (
    "07915892000000F0040B915892214365F700007040213252242331493A283D0795C3F33C88FE06C9"
    "CB6132885EC6D341EDF27C1E3E97E7207B3A0C0A5241E377BB1D7693E72E"
)
UNASKED = (
    "RING",
    '+CLIP: "+37120000001",145,"",0,"",0',
    '+CMTI: "SM",3',
    '+CDSI: "SM",4',
    "+CREG: 1",
    '+CREG: 1,"00C3","3F2A",7',
    "+CREG: 5,00C3,03F2A1B0,7",
    "+CGREG: 2",
    '+CEREG: 1,"1A2B","01C3D4E5",7',
    "VOICE CALL: BEGIN",
    "VOICE CALL: END: 000034",
    "+RXDTMF: 5",
    "+DTMF: #",
    "+QTONEDET: 42",
    '+CTZE: "+08",0,"2026/03/01,12:00:00"',
    '*PSUTTZ: 2026,3,1,10,0,0,"+8",0',
    "^RSSI: 20",
    "+QIND: SMS DONE",
    "SMS DONE",
    "PB DONE",
    "+CGEV: NW DETACH",
    '+CUSD: 0,"balance",15',
    "+SIMCARD: NOT AVAILABLE",
    "UNDER-VOLTAGE WARNNING",
    f"+CMT: ,68\r\n{PDU}",
    f"+CDS: 25\r\n{PDU}",
)
ASKED: tuple[tuple[Command, tuple[str, ...]], ...] = (
    (commands.PING, ()),
    (commands.SIGNAL, ("+CSQ: 16,99",)),
    (commands.CIRCUIT_REGISTRATION, ("+CREG: 2,1",)),
    (commands.CIRCUIT_REGISTRATION, ('+CREG: 2,5,"00C3","3F2A",7',)),
    (commands.LTE_REGISTRATION, ('+CEREG: 2,1,"1A2B","01C3D4E5",7',)),
    (commands.SIM, ("+CPIN: READY",)),
    (commands.OPERATOR, ('+COPS: 0,0,"OK",7',)),
    (commands.IDENTITY, ("Manufacturer: SIMCOM INCORPORATED", "Model: SIMCOM_SIM7600G-H", "+GCAP: +CGSM")),
    (commands.MODEL, ("EC25",)),
    (commands.REVISION, ("+CGMR: LE20B03SIM7600M22",)),
    (commands.CALLS, ('+CLCC: 1,0,3,0,0,"+37120000001",145', "+CLCC: 2,1,4,0,0")),
    (commands.MESSAGES, ("+CMGL: 1,1,,68", PDU, "+CMGL: 2,0,,68", PDU)),
    (commands.read_message(3), ("+CMGR: 1,,68", PDU)),
    (commands.CLOCK, ('+CCLK: "26/03/01,12:00:00+08"',)),
    (commands.OPERATORS, ('+COPS: (2,"A","A","00101",7),(1,"B","B","00102",0),,(0-4),(0-2)',)),
)
FINALS = {
    "OK": Outcome.OK,
    "ERROR": Outcome.ERROR,
    "+CME ERROR: 10": Outcome.EQUIPMENT_ERROR,
    "+CMS ERROR: 331": Outcome.MESSAGE_ERROR,
}


def wire(*lines: str) -> bytes:
    return b"".join(f"\r\n{line}\r\n".encode() for line in lines)


def heard_of(dialogue: Dialogue, data: bytes) -> tuple[list[Reply], list[Unsolicited], list[Unexplained]]:
    replies: list[Reply] = []
    unasked: list[Unsolicited] = []
    unexplained: list[Unexplained] = []
    for said in dialogue.feed(data):
        if isinstance(said, Reply):
            replies.append(said)
        elif isinstance(said, Unexplained):
            unexplained.append(said)
        elif not isinstance(said, Prompt):
            unasked.append(said)
    return replies, unasked, unexplained


def meaning(line: str) -> Unsolicited:
    head, _, body = line.partition("\r\n")
    if body:
        return MessageArrived(Storage(head.partition(":")[0]), body)
    said = read_unsolicited(line)
    assert said is not None
    assert not isinstance(said, BodyFollows)
    return said


# --- records of real modems ---


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("size", [1, 3, 1_000])
def test_a_record_of_a_real_modem_is_understood(transcript: Path, size: int) -> None:
    dialogue = Dialogue()
    heard: list[str] = []
    expected: list[str] = []
    for line in transcript.read_text().splitlines():
        mark, _, text = line.partition(" ")
        if mark == ">":
            dialogue.begin(command_for(text))
        elif mark == "<":
            data = b"\r\n> " if text == ">" else wire(text)
            for start in range(0, len(data), size):
                heard += map(shown, dialogue.feed(data[start : start + size]))
        elif mark in ("=", "!"):
            expected.append(text)
    assert heard == expected


def command_for(text: str) -> Command:
    """What the driver would give: the same prefixes, the same extra lines."""
    if text.startswith("ATD"):
        return commands.dial(text[3:].rstrip(";"))
    if text.startswith("AT+CMGS"):
        return commands.send_pdu("00", 41)
    known = (commands.MODEL, commands.MANUFACTURER, commands.REVISION, commands.SERIAL, commands.read_message(1))
    found = next((command for command in known if command.text == text), None)
    name = text.removeprefix("AT").rstrip("=?")
    return found or Command(text, (f"{name}:",) if name.startswith("+") else ())


def shown(said: Heard) -> str:
    if isinstance(said, Reply):
        return " | ".join((f"{said.outcome} {said.detail}".strip(), *said.lines))
    return str(said) if isinstance(said, Prompt) else repr(said)


def test_all_three_families_have_a_record() -> None:
    assert [path.stem for path in TRANSCRIPTS] == ["ec25", "sim7600", "sim800"]


# --- what answers, what comes unasked ---


@given(
    st.sampled_from(ASKED),
    st.sampled_from(sorted(FINALS)),
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from(UNASKED)), max_size=6),
    st.booleans(),
    st.data(),
)
def test_neither_is_ever_taken_for_the_other(
    asked: tuple[Command, tuple[str, ...]],
    final: str,
    between: list[tuple[int, str]],
    has_echo: bool,
    drawn: st.DataObject,
) -> None:
    command, lines = asked
    said = list(lines)
    # a listed message is two lines that nothing can come between: the modem says them in one
    places = [place for place in range(len(said) + 1) if place == len(said) or said[place] != PDU]
    for place, line in sorted(between, reverse=True):
        said.insert(places[min(place, len(places) - 1)], line)
    data = (wire(command.text) if has_echo else b"") + wire(*said, final)
    dialogue = Dialogue()
    dialogue.begin(command)
    replies: list[Reply] = []
    unasked: list[Unsolicited] = []
    while data:
        size = drawn.draw(st.integers(1, len(data)))
        some, more, unexplained = heard_of(dialogue, data[:size])
        replies, unasked, data = replies + some, unasked + more, data[size:]
        assert unexplained == []
    assert [(reply.lines, reply.outcome) for reply in replies] == [(lines, FINALS[final])]
    expected = [line for _, line in between]
    assert sorted(map(repr, unasked)) == sorted(repr(meaning(line)) for line in expected)


@pytest.mark.parametrize("line", UNASKED)
def test_what_comes_unasked_is_understood_without_a_command_too(line: str) -> None:
    replies, unasked, unexplained = heard_of(Dialogue(), wire(line))
    assert (replies, unasked, unexplained) == ([], [meaning(line)], [])


@pytest.mark.parametrize(("command", "lines"), ASKED)
def test_an_answer_that_nobody_waits_for_is_no_reply(command: Command, lines: tuple[str, ...]) -> None:
    replies, unasked, _ = heard_of(Dialogue(), wire(*lines, "OK"))
    assert replies == []
    # one state is said in the same words asked and unasked
    assert all(isinstance(said, Notice) for said in unasked) or command is commands.SIM


def test_the_question_for_the_sim_takes_one_line_and_the_next_is_news() -> None:
    dialogue = Dialogue()
    dialogue.begin(commands.SIM)
    replies, unasked, _ = heard_of(dialogue, wire("+CPIN: READY", "+CPIN: NOT READY", "OK"))
    assert replies == [Reply(("+CPIN: READY",), Outcome.OK)]
    assert unasked == [meaning("+CPIN: NOT READY")]


def test_a_registration_that_changes_while_it_is_asked_for_is_news_and_no_answer() -> None:
    dialogue = Dialogue()
    dialogue.begin(commands.CIRCUIT_REGISTRATION)
    replies, unasked, _ = heard_of(dialogue, wire('+CREG: 2,"00C3","3F2A",7', "+CREG: 2,1", "OK"))
    assert replies == [Reply(("+CREG: 2,1",), Outcome.OK)]
    assert [type(said) for said in unasked] == [RegistrationSeen]


@pytest.mark.parametrize("word", list(CallCause))
def test_a_calls_end_is_the_answer_to_dialling_and_news_to_everything_else(word: CallCause) -> None:
    dialogue = Dialogue()
    dialogue.begin(commands.dial("+37120000001"))
    replies, unasked, _ = heard_of(dialogue, wire(word))
    assert (replies, unasked) == ([Reply((), Outcome.NO_CALL, "", word)], [])
    dialogue.begin(commands.SIGNAL)
    replies, unasked, _ = heard_of(dialogue, wire(word, "+CSQ: 1,99", "OK"))
    assert replies == [Reply(("+CSQ: 1,99",), Outcome.OK)]
    assert unasked == [meaning(word)]


def test_a_prompt_is_told_once_and_only_to_who_has_a_text() -> None:
    dialogue = Dialogue()
    assert dialogue.feed(b"\r\n> ") == []
    dialogue.begin(commands.PING)
    assert dialogue.feed(b"\r\n> ") == []
    dialogue.give_up()
    dialogue.begin(commands.send_pdu("00", 1))
    assert dialogue.feed(b"\r\n> \r\n> ") == [Prompt.SHOWN]


def test_a_two_line_code_whose_second_line_is_missing_is_forgotten() -> None:
    replies, unasked, unexplained = heard_of(Dialogue(), wire("+CMT: ,68", "RING", PDU))
    assert (replies, unasked) == ([], [meaning("RING")])
    assert unexplained == [Unexplained(PDU)]


def test_a_late_reply_is_not_taken_for_the_next_commands_lines() -> None:
    dialogue = Dialogue()
    dialogue.begin(commands.SIGNAL)
    replies, _, unexplained = heard_of(dialogue, wire("+CMGS: 12", '+COPS: 0,0,"late",7', "+CSQ: 16,99", "OK"))
    assert replies == [Reply(("+CSQ: 16,99",), Outcome.OK)]
    assert len(unexplained) == 2


# --- whatever comes ---

NOISE = st.lists(
    st.binary(max_size=20)
    | st.sampled_from([line.encode() for line in (*UNASKED, *FINALS)])
    | st.sampled_from([b"\r\n", b"> ", b"+C", b'"', b",", b":", b"+CREG:", b"+CLCC: ,,,", b"+CMT:", b"AT+CSQ"])
).map(b"".join)


def any_command() -> Iterator[Command]:
    yield from (command for command, _ in ASKED)
    yield from (commands.send_pdu("00", 1), commands.dial("+37120000001"), commands.ANSWER)
    yield Command("AT+X", ("+X:",), extra=Extra.TEXT, lines=None)


@given(NOISE, st.sampled_from([None, *any_command()]))
def test_nothing_that_comes_raises(data: bytes, command: Command | None) -> None:
    dialogue = Dialogue()
    if command is not None:
        dialogue.begin(command)
    replies = [said for said in dialogue.feed(data) if isinstance(said, Reply)]
    assert len(replies) <= (command is not None)
    dialogue.give_up()
    assert heard_of(dialogue, b"\r\n" + wire("RING"))[1][-1:] == [meaning("RING")]
