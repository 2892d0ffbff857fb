"""Files are played and recorded: what goes in at one engine is found in what comes out of the other."""

import wave
from pathlib import Path

from device.voice.messages import (
    CLOCK_HZ,
    ClosePoint,
    PlayEnded,
    PlayFiles,
    RecordFile,
)
from tests.device.voice.party import IS_HEARD, Party, needs_pjsua2, strength, talk, tone
from tests.waiting import until

pytestmark = needs_pjsua2

LOW, HIGH = 500, 1100


def test_files_are_played_to_their_end(home: Party, centre: Party, tmp_path: Path) -> None:
    leg = talk(home, centre)
    operator = centre.open_mouth("operator", tmp_path / "operator")
    centre.link((leg, "operator"))
    home.link(("words", "call"))
    files = (_wav(tmp_path / "low.wav", LOW, 22_050), _wav(tmp_path / "high.wav", HIGH, CLOCK_HZ))
    home.tell(PlayFiles(point="words", files=files))
    operator.hears(LOW)
    operator.hears(HIGH)
    assert home.wait(PlayEnded, point="words").is_complete


def test_files_are_repeated_until_they_are_closed(home: Party, centre: Party, tmp_path: Path) -> None:
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


def test_files_that_are_not_there_are_told(home: Party, tmp_path: Path) -> None:
    home.tell(PlayFiles(point="words", files=(tmp_path / "none.wav",)))
    ended = home.wait(PlayEnded, point="words")
    assert not ended.is_complete
    assert "none.wav" in ended.reason


def test_files_are_recorded(home: Party, centre: Party, tmp_path: Path) -> None:
    leg = talk(home, centre)
    home.open_mouth("room socket", tmp_path / "room", LOW)
    home.link(("room socket", "call"))
    file = tmp_path / "heard.wav"
    operator = centre.open_mouth("operator", tmp_path / "operator")
    centre.link((leg, "operator"), (leg, "tape"))
    operator.hears(LOW)
    centre.tell(RecordFile(point="tape", path=file))
    until(lambda: file.exists() and file.stat().st_size > 3 * CLOCK_HZ, "more than a second is recorded")
    centre.tell(ClosePoint(point="tape"))
    until(lambda: _frames(file) > CLOCK_HZ, "the file is whole")
    with wave.open(str(file)) as recorded:
        assert recorded.getframerate() == CLOCK_HZ
        heard = recorded.readframes(recorded.getnframes())
    halves = (heard[at : at + CLOCK_HZ] for at in range(0, len(heard), CLOCK_HZ))
    assert max(strength(half_a_second, LOW) for half_a_second in halves) > IS_HEARD


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
