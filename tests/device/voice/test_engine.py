"""Two engines call each other on loopback: what one says is heard at the other, and what is told is true."""

import os
import signal
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.voice.messages import (
    CLOCK_HZ,
    AnswerLeg,
    ClosePoint,
    CommandFailed,
    DigitHeard,
    EndedBy,
    EndLeg,
    EngineCommand,
    EngineEvent,
    EngineStarted,
    HoldLeg,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegHeard,
    LegHeld,
    LegProgressed,
    LevelsRead,
    Link,
    OpenSocket,
    PlaceCall,
    PlayEnded,
    PlayFiles,
    Protocol,
    RecordFile,
    SendDigits,
    SetLinks,
    SetSound,
    Sound,
    SoundKind,
    Srtp,
    Transport,
    WatchLevels,
)
from tests.certificates import Authority, Certificate
from tests.device.voice.party import IS_HEARD, Party, needs_pjsua2, parties, strength, talk, tone
from tests.waiting import until

pytestmark = needs_pjsua2

LOW, HIGH = 500, 1100


@pytest.fixture(scope="module")
def engines() -> Iterator[tuple[Party, ...]]:
    """Two engines for all tests that leave them whole."""
    with parties(Party("unit-7"), Party("centre")) as started:
        yield started


@pytest.fixture
def home(engines: tuple[Party, ...]) -> Iterator[Party]:
    yield engines[0]
    engines[0].calm()


@pytest.fixture
def centre(engines: tuple[Party, ...]) -> Iterator[Party]:
    yield engines[1]
    engines[1].calm()


class TestCall:
    def test_rings_is_answered_and_ends(self, home: Party, centre: Party) -> None:
        home.tell(
            PlaceCall(leg="call", uri=centre.uri, headers={"Poga-Alarm": "77:3"}, from_user="unit 7/ä"),
        )
        arrived = centre.wait(LegArrived)
        centre.tell(AnswerLeg(leg=arrived.leg, status=180))
        home.wait(LegProgressed, status=180)
        assert not home.has_said(LegAnswered)
        centre.tell(AnswerLeg(leg=arrived.leg))
        answered = home.wait(LegAnswered, leg="call")
        home.wait(LegHeard, leg="call")
        centre.tell(EndLeg(leg=arrived.leg))

        assert arrived.headers["Poga-Alarm"] == "77:3"
        assert (arrived.from_user, arrived.to_user) == ("unit 7/ä", "centre")
        assert arrived.protocol is Protocol.UDP
        assert answered.codec == centre.wait(LegAnswered).codec == centre.wait(EngineStarted).codecs[0]
        assert home.wait(LegEnded, leg="call").by is EndedBy.THEM
        assert centre.wait(LegEnded, leg=arrived.leg).by is EndedBy.US

    @pytest.mark.parametrize("status", [486, 603, 480, 500])
    def test_is_refused(self, home: Party, centre: Party, status: int) -> None:
        home.tell(PlaceCall(leg="call", uri=centre.uri))
        centre.tell(EndLeg(leg=centre.wait(LegArrived).leg, status=status))
        ended = home.wait(LegEnded, leg="call")
        assert (ended.status, ended.by) == (status, EndedBy.THEM)

    def test_is_withdrawn_before_an_answer(self, home: Party, centre: Party) -> None:
        home.tell(PlaceCall(leg="call", uri=centre.uri))
        arrived = centre.wait(LegArrived)
        centre.tell(AnswerLeg(leg=arrived.leg, status=180))
        home.wait(LegProgressed, status=180)
        home.tell(EndLeg(leg="call"))
        assert home.wait(LegEnded, leg="call").by is EndedBy.US
        ended = centre.wait(LegEnded, leg=arrived.leg)
        assert (ended.status, ended.by) == (487, EndedBy.THEM)

    def test_is_held_and_taken_back_by_either(self, home: Party, centre: Party, tmp_path: Path) -> None:
        leg = talk(home, centre)
        mouth = centre.open_mouth("operator", tmp_path / "operator", LOW)
        centre.link(("operator", leg))
        ear = home.open_mouth("ear", tmp_path / "ear")
        home.link(("call", "ear"))
        ear.hears(LOW)
        for holder, held, name in ((home, "call", leg), (centre, leg, "call")):
            other = centre if holder is home else home
            holder.tell(HoldLeg(leg=held, is_held=True))
            other.wait(LegHeld, leg=name, is_held=True)
            holder.tell(HoldLeg(leg=held, is_held=False))
            other.wait(LegHeld, leg=name, is_held=False)
            ear.forget()
            ear.hears(LOW)
        assert mouth.strength(LOW) == 0

    def test_carries_keys_both_ways(self, home: Party, centre: Party) -> None:
        leg = talk(home, centre)
        home.tell(SendDigits(leg="call", digits="1#"))
        centre.tell(SendDigits(leg=leg, digits="*9"))
        for digit in "1#":
            centre.wait(DigitHeard, leg=leg, digit=digit)
        for digit in "*9":
            home.wait(DigitHeard, leg="call", digit=digit)

    def test_ends_when_nothing_is_heard_any_more(self, home: Party) -> None:
        centre = Party("centre")
        with parties(centre):
            talk(home, centre)
            os.kill(centre.engine.pid or 0, signal.SIGKILL)
            assert home.wait(LegEnded, leg="call").by is EndedBy.SILENCE

    def test_is_hung_up_when_an_engine_is_stopped(self, home: Party) -> None:
        centre = Party("centre")
        with parties(centre):
            leg = talk(home, centre)
            centre.engine.stop()
            assert home.wait(LegEnded, leg="call").by is EndedBy.THEM
            assert centre.wait(LegEnded, leg=leg).by is EndedBy.US

    def test_leaves_nothing_behind(self, home: Party, centre: Party, tmp_path: Path) -> None:
        engines = [Path(f"/proc/{party.engine.pid}/fd") for party in (home, centre)]
        talk(home, centre, "first")
        before = [len(list(handles.iterdir())) for handles in engines]
        for number in range(30):
            leg = talk(home, centre, f"call {number}")
            home.tell(OpenSocket(point=f"point {number}", path=tmp_path / "point"))
            home.link((f"call {number}", f"point {number}"), (f"point {number}", f"call {number}"))
            home.tell(ClosePoint(point=f"point {number}"), EndLeg(leg=f"call {number}"))
            centre.wait(LegEnded, leg=leg)
        until(lambda: before == [len(list(handles.iterdir())) for handles in engines], "no handle is left open")


class TestSound:
    def test_goes_both_ways(self, home: Party, centre: Party, tmp_path: Path) -> None:
        leg = talk(home, centre)
        room = home.open_mouth("room socket", tmp_path / "room", LOW)
        operator = centre.open_mouth("operator", tmp_path / "operator", HIGH)
        home.link(("room socket", "call"), ("call", "room socket"))
        centre.link(("operator", leg), (leg, "operator"))
        operator.hears(LOW)
        room.hears(HIGH)
        assert operator.strength(HIGH) < IS_HEARD
        assert room.strength(LOW) < IS_HEARD

    def test_is_linked_as_soon_as_there_is_something_to_link(self, home: Party, centre: Party, tmp_path: Path) -> None:
        home.link(("room socket", "call"), ("no such point", "call"))
        leg = talk(home, centre)
        operator = centre.open_mouth("operator", tmp_path / "operator")
        centre.link((leg, "operator"))
        home.open_mouth("room socket", tmp_path / "room", LOW)
        operator.hears(LOW)

    def test_is_as_loud_as_the_link_says(self, home: Party, centre: Party, tmp_path: Path) -> None:
        leg = talk(home, centre)
        home.open_mouth("room socket", tmp_path / "room", LOW)
        operator = centre.open_mouth("operator", tmp_path / "operator")
        centre.link((leg, "operator"))
        home.tell(SetLinks(links=(Link(source="room socket", sink="call"),)))
        operator.hears(LOW)
        until(lambda: 0.7 < operator.strength(LOW) < 1.4, "it is as loud as it was said")
        home.tell(SetLinks(links=(Link(source="room socket", sink="call", gain=0.5),)))
        until(lambda: 0.3 < operator.strength(LOW) < 0.65, "it is half as loud")
        home.tell(SetLinks(links=()))
        until(lambda: operator.strength(LOW) < IS_HEARD, "it is silent")

    def test_of_three_is_bridged(self, home: Party, centre: Party, tmp_path: Path) -> None:
        helper = Party("helper")
        with parties(helper):
            first, second = talk(home, centre), talk(helper, centre)
            room = home.open_mouth("room socket", tmp_path / "room", LOW)
            third = helper.open_mouth("third", tmp_path / "third", HIGH)
            home.link(("room socket", "call"), ("call", "room socket"))
            helper.link(("third", "call"), ("call", "third"))
            centre.link((first, second), (second, first))
            third.hears(LOW)
            room.hears(HIGH)

    def test_of_the_room_can_be_a_socket(self, home: Party, centre: Party, tmp_path: Path) -> None:
        leg = talk(home, centre)
        room = home.open_room(tmp_path / "room", LOW)
        operator = centre.open_mouth("operator", tmp_path / "operator", HIGH)
        home.link(("room", "call"), ("call", "room"))
        centre.link(("operator", leg), (leg, "operator"))
        operator.hears(LOW)
        room.hears(HIGH)
        home.tell(SetSound(sound=Sound()))
        until(lambda: operator.strength(LOW) < IS_HEARD, "the room is silent")

    def test_that_nobody_heard_is_not_heard_later(self, home: Party, centre: Party, tmp_path: Path) -> None:
        leg = talk(home, centre)
        home.open_mouth("room socket", tmp_path / "room", LOW)
        home.link(("room socket", "call"))
        centre.tell(WatchLevels(names=(leg,)))
        centre.heard.wait(lambda event: _loudness(event, leg) > 0.1)
        home.link()
        loud = len(centre.heard.all)
        until(lambda: any(_loudness(event, leg) == 0 for event in centre.heard.all[loud:]), "the room is silent")
        operator = centre.open_mouth("operator", tmp_path / "operator")
        centre.link((leg, "operator"))
        assert operator.loudness() < 0.001

    def test_has_levels(self, home: Party, centre: Party, tmp_path: Path) -> None:
        leg = talk(home, centre)
        home.open_mouth("room socket", tmp_path / "room", LOW)
        home.link(("room socket", "call"))
        centre.tell(WatchLevels(names=(leg, "nobody")))
        centre.link((leg, leg))

        read = centre.heard.wait(lambda event: _loudness(event, leg) > 0.1)
        assert isinstance(read, LevelsRead)
        assert set(read.levels) == {leg}


class TestFiles:
    def test_are_played_to_their_end(self, home: Party, centre: Party, tmp_path: Path) -> None:
        leg = talk(home, centre)
        operator = centre.open_mouth("operator", tmp_path / "operator")
        centre.link((leg, "operator"))
        home.link(("words", "call"))
        files = (_wav(tmp_path / "low.wav", LOW, 22_050), _wav(tmp_path / "high.wav", HIGH, CLOCK_HZ))
        home.tell(PlayFiles(point="words", files=files))
        operator.hears(LOW)
        operator.hears(HIGH)
        assert home.wait(PlayEnded, point="words").is_complete

    def test_are_repeated_until_they_are_closed(self, home: Party, centre: Party, tmp_path: Path) -> None:
        leg = talk(home, centre)
        operator = centre.open_mouth("operator", tmp_path / "operator")
        centre.link((leg, "operator"))
        home.link(("words", "call"))
        home.tell(PlayFiles(point="words", files=(_wav(tmp_path / "low.wav", LOW, 8000, 0.3),), repeats=True))
        for _ in range(3):
            operator.hears(LOW)
            operator.forget()
        home.tell(ClosePoint(point="words"))
        ended = home.wait(PlayEnded, point="words")
        assert (ended.is_complete, ended.reason) == (False, "closed")

    def test_that_are_not_there_are_told(self, home: Party, tmp_path: Path) -> None:
        home.tell(PlayFiles(point="words", files=(tmp_path / "none.wav",)))
        ended = home.wait(PlayEnded, point="words")
        assert not ended.is_complete
        assert "none.wav" in ended.reason

    def test_are_recorded(self, home: Party, centre: Party, tmp_path: Path) -> None:
        leg = talk(home, centre)
        home.open_mouth("room socket", tmp_path / "room", LOW)
        home.link(("room socket", "call"))
        file = tmp_path / "heard.wav"
        centre.tell(RecordFile(point="tape", path=file))
        centre.link((leg, "tape"))
        until(lambda: file.exists() and file.stat().st_size > 3 * CLOCK_HZ, "more than a second is recorded")
        centre.tell(ClosePoint(point="tape"))
        until(lambda: _frames(file) > CLOCK_HZ, "the file is whole")
        with wave.open(str(file)) as recorded:
            assert recorded.getframerate() == CLOCK_HZ
            assert strength(recorded.readframes(recorded.getnframes())[-CLOCK_HZ:], LOW) > IS_HEARD


class TestCommands:
    def test_that_cannot_be_done_are_refused(self, home: Party, tmp_path: Path) -> None:
        refused: dict[str, EngineCommand] = {
            "end_leg": EndLeg(leg="nobody"),
            "answer_leg": AnswerLeg(leg="nobody"),
            "hold_leg": HoldLeg(leg="nobody", is_held=True),
            "send_digits": SendDigits(leg="nobody", digits="1"),
            "close_point": ClosePoint(point="nothing"),
            "record_file": RecordFile(point="tape", path=tmp_path / "no folder" / "tape.wav"),
            "open_socket": OpenSocket(point="socket", path=tmp_path / ("long" * 30)),
            "set_sound": SetSound(sound=Sound(kind=SoundKind.SOCKET)),
        }
        home.tell(*refused.values())
        for kind, command in refused.items():
            failed = home.wait(CommandFailed, command=kind)
            assert failed.subject == (getattr(command, "leg", "") or getattr(command, "point", ""))
            assert failed.reason

    @pytest.mark.parametrize(
        ("uri", "headers"),
        [
            ("sip:a@127.0.0.1;transport=tls", {}),
            ("sips:a@127.0.0.1", {}),
            ("sip:a@127.0.0.1;transport=pigeon", {}),
            ("somebody", {}),
            ("", {}),
            ("sip:a@127.0.0.1:9", {"Poga-Alarm": "1\r\nRoute: <sip:elsewhere>"}),
            ("sip:a@127.0.0.1:9", {"no name": "1"}),
        ],
    )
    def test_to_call_nowhere_are_refused(self, home: Party, uri: str, headers: dict[str, str]) -> None:
        home.tell(PlaceCall(leg="call", uri=uri, headers=headers))
        assert home.wait(CommandFailed, command="place_call").subject == "call"

    def test_to_use_a_name_twice_are_refused(self, home: Party, centre: Party, tmp_path: Path) -> None:
        talk(home, centre)
        home.open_mouth("socket", tmp_path / "a")
        home.tell(PlaceCall(leg="call", uri=centre.uri), OpenSocket(point="socket", path=tmp_path / "b"))
        home.tell(OpenSocket(point="room", path=tmp_path / "c"))
        home.wait(CommandFailed, command="place_call")
        home.wait(CommandFailed, command="open_socket", subject="socket")
        home.wait(CommandFailed, command="open_socket", subject="room")
        assert not home.has_said(LegEnded)


class TestEncryption:
    @pytest.fixture
    def authority(self, tmp_path: Path) -> Authority:
        return Authority.make(tmp_path, "authority")

    def test_is_complete_over_tls(self, authority: Authority, tmp_path: Path) -> None:
        home = Party(
            "unit-7", _tls(authority, authority.issue("unit-7", "DNS:unit-7,IP:127.0.0.1")), srtp=Srtp.MANDATORY
        )
        centre = Party("centre", _tls(authority, authority.issue("centre")), srtp=Srtp.MANDATORY)
        with parties(home, centre):
            leg = talk(home, centre)
            arrived = centre.wait(LegArrived)
            assert arrived.protocol is Protocol.TLS
            assert arrived.names == ("unit-7", "127.0.0.1")
            assert home.wait(LegAnswered).is_encrypted
            assert centre.wait(LegAnswered).is_encrypted
            home.open_mouth("room socket", tmp_path / "room", LOW)
            home.link(("room socket", "call"))
            operator = centre.open_mouth("operator", tmp_path / "operator")
            centre.link((leg, "operator"))
            operator.hears(LOW)

    def test_takes_no_strangers_in(self, authority: Authority, tmp_path: Path) -> None:
        stranger = Authority.make(tmp_path, "stranger")
        home = Party("unit-7", _tls(authority, stranger.issue("unit-7")))
        centre = Party("centre", _tls(authority, authority.issue("centre")))
        with parties(home, centre):
            home.tell(PlaceCall(leg="call", uri=centre.uri))
            assert home.wait(LegEnded, leg="call").status >= 400
            assert not centre.has_said(LegArrived)

    def test_calls_no_stranger(self, authority: Authority, tmp_path: Path) -> None:
        stranger = Authority.make(tmp_path, "stranger")
        home = Party("unit-7", _tls(authority, authority.issue("unit-7")))
        centre = Party("centre", _tls(stranger, stranger.issue("centre")))
        with parties(home, centre):
            home.tell(PlaceCall(leg="call", uri=centre.uri))
            assert home.wait(LegEnded, leg="call").status >= 400
            assert not centre.has_said(LegArrived)

    def test_calls_nobody_under_another_name(self, authority: Authority) -> None:
        home = Party("unit-7", _tls(authority, authority.issue("unit-7")))
        centre = Party("centre", _tls(authority, authority.issue("centre", "DNS:elsewhere.example")))
        with parties(home, centre):
            home.tell(PlaceCall(leg="call", uri=centre.uri))
            assert home.wait(LegEnded, leg="call").status >= 400
            assert not centre.has_said(LegArrived)

    def test_of_sound_is_wanted_by_one_and_refused_by_the_other(self, authority: Authority) -> None:
        home = Party("unit-7", _tls(authority, authority.issue("unit-7")), srtp=Srtp.MANDATORY)
        centre = Party("centre", _tls(authority, authority.issue("centre")), srtp=Srtp.OFF)
        with parties(home, centre):
            home.tell(PlaceCall(leg="call", uri=centre.uri))
            assert home.wait(LegEnded, leg="call").status >= 400
            home.tell(PlaceCall(leg="plain", uri=centre.uri, srtp=Srtp.OFF))
            centre.tell(AnswerLeg(leg=centre.wait(LegArrived, to_user="centre").leg))
            assert not home.wait(LegAnswered, leg="plain").is_encrypted

    def test_of_sound_without_that_of_its_keys_is_none(self, home: Party, centre: Party) -> None:
        home.tell(PlaceCall(leg="call", uri=centre.uri, srtp=Srtp.MANDATORY))
        home.wait(CommandFailed, command="place_call")
        assert not centre.has_said(LegArrived)


def _loudness(event: EngineEvent, leg: str) -> float:
    """How loud a leg is, by what was read last; less than nothing for what is no reading."""
    return event.levels[leg][0] if isinstance(event, LevelsRead) and leg in event.levels else -1.0


def _tls(authority: Authority, own: Certificate) -> Transport:
    return Transport(protocol=Protocol.TLS, cert_file=own.cert, key_file=own.key, ca_file=authority.cert)


def _wav(path: Path, hz: int, rate_hz: int, seconds: float = 1.0) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(tone(hz, seconds, rate_hz))
    return path


def _frames(path: Path) -> int:
    try:
        with wave.open(str(path)) as file:
            return int(file.getnframes())
    except (EOFError, wave.Error):
        return 0
