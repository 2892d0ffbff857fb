"""A loudspeaker that cannot be heard is told once, and once when it can be heard again.

`aplay` is a script of the test's own: a real child process that plays, fails or hangs as it is told.
"""

from pathlib import Path

import pytest

from device.adapters.prompts import AlsaPlayer, Utterance
from device.core.effects import Prompt
from device.ports import PermanentAdapterError
from device.prompts.words import Language
from tests.device.adapters.prompts.room import Aplay, Enter


@pytest.mark.parametrize(
    ("mode", "reason", "lasting"),
    [
        ("unknown", "aplay on default failed: aplay: audio open error: No such device; see that", True),
        ("unplugged", "write error: No such device; see that the loudspeaker is plugged in", True),
        ("busy", "Device or resource busy; another program holds the loudspeaker", False),
        ("dies", "aplay on default failed: exit code -9", True),
    ],
)
def test_a_failing_sound_card_is_told_once_and_its_recovery_too(
    enter: Enter, aplay: Aplay, mode: str, reason: str, lasting: bool
) -> None:
    aplay.behave(mode)
    room = enter(AlsaPlayer("default"))
    room.say(Prompt.CALLING)
    failure = room.failure()
    assert reason in failure.reason
    assert failure.lasting is lasting
    for again in (2, 3):
        room.say(Prompt.CALLING)
        aplay.wait_for_the_end_of_run(again)
    aplay.behave("plays")
    room.say(Prompt.CALLING)
    room.expect_recovery()  # the next event: nothing was told twice


def test_a_sound_card_that_comes_back_is_noticed_before_the_next_word(enter: Enter, aplay: Aplay) -> None:
    aplay.behave("unknown")
    room = enter(AlsaPlayer("default"), try_again_s=0.01)
    room.say(Prompt.READY)
    room.failure()
    aplay.behave("plays")
    room.expect_recovery()
    silence = aplay.heard()
    assert silence.startswith(b"RIFF")
    assert not any(silence[44:])
    assert len(silence) == 44 + 2 * 1_600


def test_a_hanging_aplay_is_killed_and_told(enter: Enter, aplay: Aplay) -> None:
    aplay.behave("hangs")
    room = enter(AlsaPlayer("default", patience_s=0.2))
    room.say(Prompt.CALLING)
    failure = room.failure()
    assert "aplay on default hung for 2 s" in failure.reason  # twice the second that the words last
    assert not failure.lasting
    aplay.wait_for_the_end_of_run(1)
    aplay.behave("plays")
    room.say(Prompt.CALLING)
    room.expect_recovery()


def test_an_aplay_that_cannot_be_ended_is_not_joined_by_a_second(aplay: Aplay) -> None:
    aplay.behave("hangs")
    player = AlsaPlayer("default")
    utterance = Utterance(Prompt.READY, Language.EN, "I am ready.", b"", 1)
    stuck = player.begin(utterance)
    with pytest.raises(PermanentAdapterError, match="cannot be ended"):
        player.begin(utterance)
    stuck.cut()
    assert not stuck.wait()


def test_a_missing_aplay_is_told_with_its_package(
    enter: Enter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    room = enter(AlsaPlayer("default"))
    room.say(Prompt.READY)
    failure = room.failure()
    assert "aplay is not installed; sudo apt install alsa-utils" in failure.reason
    assert failure.lasting


def test_an_aplay_that_cannot_be_started_is_told(enter: Enter, aplay: Aplay) -> None:
    (aplay.here / "aplay").write_text("#!/nowhere/sh\n")
    room = enter(AlsaPlayer("default"))
    room.say(Prompt.READY)
    assert "aplay cannot be started" in room.failure().reason
