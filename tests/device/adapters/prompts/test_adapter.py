"""The unit says what it is told, cuts itself for something newer, and falls back to English."""

from pathlib import Path

import pytest

from device.adapters.prompts import AlsaPlayer, Prompts, SaidAloud, Utterance
from device.core.effects import Indicate, Light, Prompt, Speak
from device.ports import Adapter, PermanentAdapterError
from device.prompts import manifest as files
from device.prompts.words import Language
from tests.device.adapters.prompts.room import Aplay, Enter, Stage, is_running, wav_of
from tests.waiting import Heard

# --- saying it ---


def test_the_words_are_played_on_the_device_in_the_units_language(enter: Enter, aplay: Aplay) -> None:
    room = enter(AlsaPlayer("plughw:CARD=Speaker"))
    room.say(Prompt.RECEIVED)
    aplay.wait_to_hear(Language.LV, Prompt.RECEIVED)
    assert aplay.runs() == ["-q -D plughw:CARD=Speaker -"]


def test_a_newer_prompt_cuts_the_one_being_said(enter: Enter, aplay: Aplay) -> None:
    aplay.behave("hangs")
    room = enter(AlsaPlayer("default"))
    room.say(Prompt.CALLING)
    aplay.wait_for_run(1)
    aplay.behave("plays")
    room.say(Prompt.RECEIVED)
    aplay.wait_to_hear(Language.LV, Prompt.RECEIVED)
    assert not is_running(aplay.pids()[0])


def test_a_prompt_that_comes_while_another_begins_cuts_it_too(enter: Enter) -> None:
    stage = Stage()
    room = enter(stage)
    room.say(Prompt.CALLING)
    stage.wait_to_be_asked(1)
    room.say(Prompt.RECEIVED)
    stage.may_begin.set()
    stage.wait_to_begin(2)
    assert stage.begun[0].is_cut
    assert [utterance.prompt for utterance in stage.asked] == [Prompt.CALLING, Prompt.RECEIVED]


def test_the_loop_never_waits_and_only_the_newest_prompt_is_still_said(enter: Enter) -> None:
    """All of this is asked while the player stands still: if `perform` waited for it, the test would not end."""
    stage = Stage()
    room = enter(stage)
    room.say(Prompt.READY)
    stage.wait_to_be_asked(1)
    for prompt in Prompt:
        room.say(prompt)
    stage.may_begin.set()
    stage.wait_to_begin(2)
    assert [utterance.prompt for utterance in stage.asked] == [Prompt.READY, list(Prompt)[-1]]


def test_what_was_read_once_is_said_though_the_disk_is_gone(enter: Enter, aplay: Aplay, folder: Path) -> None:
    room = enter(AlsaPlayer("default"))
    room.say(Prompt.READY)
    aplay.wait_to_hear(Language.LV, Prompt.READY)
    folder.rename(folder.with_name("gone"))
    room.say(Prompt.CALLING)
    aplay.wait_to_hear(Language.LV, Prompt.CALLING)


def test_only_speak_is_performed(enter: Enter) -> None:
    room = enter(Stage())
    adapter: Adapter = room.adapter
    assert adapter.performs == (Speak,)
    with pytest.raises(TypeError, match="prompts does not perform Indicate"):
        adapter.perform(Indicate(Light.STEADY))


def test_the_virtual_home_is_given_prompt_language_and_words(enter: Enter) -> None:
    heard: Heard[Utterance] = Heard()
    room = enter(SaidAloud(heard))
    room.say(Prompt.ANSWERED)
    said = heard.wait_for(Utterance)
    assert (said.prompt, said.language, said.words) == (Prompt.ANSWERED, Language.LV, "answered in lv")
    assert said.wav == wav_of(Language.LV, Prompt.ANSWERED)
    room.say(Prompt.CLOSED)
    assert heard.wait_for(Utterance, 2).prompt is Prompt.CLOSED


# --- words that are not there ---


def test_a_language_that_was_never_rendered_is_said_in_english(enter: Enter, aplay: Aplay) -> None:
    room = enter(AlsaPlayer("default"), Language.FI)
    room.say(Prompt.READY)
    aplay.wait_to_hear(Language.EN, Prompt.READY)


@pytest.mark.parametrize("harm", ["missing", "one byte changed"])
def test_a_harmed_file_is_told_and_said_in_english_until_it_is_whole_again(
    enter: Enter, aplay: Aplay, folder: Path, harm: str
) -> None:
    path = folder / files.name_of(Language.LV, Prompt.READY)
    whole = path.read_bytes()
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(whole[:-1] + b"?")
    room = enter(AlsaPlayer("default"), try_again_s=0.01)
    failure = room.failure()
    assert failure.lasting
    assert "ready.wav" in failure.reason
    room.say(Prompt.READY)
    aplay.wait_to_hear(Language.EN, Prompt.READY)
    room.say(Prompt.CALLING)
    aplay.wait_to_hear(Language.LV, Prompt.CALLING)

    path.with_suffix(".new").write_bytes(whole)
    path.with_suffix(".new").replace(path)
    room.expect_recovery()
    room.say(Prompt.READY)
    aplay.wait_to_hear(Language.LV, Prompt.READY)


def test_nothing_rendered_is_told_and_words_that_come_later_are_said(enter: Enter, aplay: Aplay, folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    room = enter(AlsaPlayer("default"), try_again_s=0.01)
    assert "nothing was rendered yet; run" in room.failure().reason
    room.say(Prompt.READY)
    folder.with_name("elsewhere").rename(folder)
    room.expect_recovery()
    room.say(Prompt.READY)
    aplay.wait_to_hear(Language.LV, Prompt.READY)


# --- the end ---


def test_stopping_falls_silent_at_once_and_tells_nothing(enter: Enter, aplay: Aplay) -> None:
    aplay.behave("hangs")
    room = enter(AlsaPlayer("default"))
    room.say(Prompt.CALLING)
    aplay.wait_for_run(1)
    room.adapter.stop()
    assert not is_running(aplay.pids()[0])
    room.adapter.stop()
    assert room.events.empty()


def test_after_the_end_speaking_is_refused(enter: Enter) -> None:
    room = enter(Stage())
    room.adapter.stop()
    with pytest.raises(PermanentAdapterError, match="the speaking thread has ended"):
        room.say(Prompt.READY)


def test_stopping_what_was_never_started_is_allowed(folder: Path) -> None:
    Prompts(folder, Language.LV, Stage()).stop()
