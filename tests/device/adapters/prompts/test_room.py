"""Words through the voice engine: while it has the room, and not a word lost when it has not."""

import threading
from dataclasses import dataclass, field

import pytest

from device.adapters.prompts import RoomPlayer, Sound, Utterance
from device.core.effects import Prompt
from device.ports import PermanentAdapterError, TransientAdapterError
from device.prompts.words import Language
from tests.waiting import GENEROUS_S, until

WORDS = Utterance(Prompt.CALLING, Language.EN, "I am calling.", b"RIFF", 1.0)


@dataclass
class Held:
    """A sound that goes on until the test says how it ends."""

    problem: str = ""
    is_cut: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> bool:
        assert self.over.wait(GENEROUS_S)
        if self.problem:
            raise TransientAdapterError(self.problem)
        return not self.is_cut

    def cut(self) -> None:
        self.is_cut = True
        self.over.set()

    def fail(self, problem: str) -> None:
        self.problem = problem
        self.over.set()


@dataclass
class Way:
    """A room and a player in one: what can be played on, and what was."""

    is_there: bool = True
    begun: list[Held] = field(default_factory=list)
    probed: int = 0

    def has_sound(self) -> bool:
        return self.is_there

    def await_sound(self) -> bool:
        return self.is_there

    def play(self, wav: bytes, duration_s: float) -> Sound:
        assert (wav, duration_s) == (WORDS.wav, WORDS.duration_s)
        return self.begin(WORDS)

    def begin(self, utterance: Utterance) -> Sound:
        if not self.is_there:
            raise PermanentAdapterError("it is not there")
        self.begun.append(Held())
        return self.begun[-1]

    def probe(self) -> Sound:
        self.probed += 1
        return Held(over=threading.Event())


class Saying:
    """Words on their way, waited for by a thread of their own."""

    def __init__(self, sound: Sound) -> None:
        self.sound = sound
        self.was_said: bool | None = None
        self.problem = ""
        self._thread = threading.Thread(target=self._wait)
        self._thread.start()

    def _wait(self) -> None:
        try:
            self.was_said = self.sound.wait()
        except PermanentAdapterError as error:
            self.problem = str(error)

    def join(self) -> None:
        self._thread.join(GENEROUS_S)
        assert not self._thread.is_alive()


def test_the_engine_says_it_while_it_has_the_room() -> None:
    engine, card = Way(), Way()
    saying = Saying(RoomPlayer(engine, card).begin(WORDS))
    engine.begun[0].over.set()
    saying.join()
    assert (saying.was_said, card.begun) == (True, [])


def test_without_the_engines_room_it_is_said_in_the_other_way() -> None:
    engine, card = Way(is_there=False), Way()
    saying = Saying(RoomPlayer(engine, card).begin(WORDS))
    card.begun[0].over.set()
    saying.join()
    assert (saying.was_said, engine.begun) == (True, [])


def test_a_room_that_is_lost_just_now_costs_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, card = Way(is_there=False), Way()
    monkeypatch.setattr(engine, "await_sound", lambda: True)
    RoomPlayer(engine, card).begin(WORDS)
    assert len(card.begun) == 1


@pytest.mark.parametrize("comes_back", [True, False])
def test_what_an_engine_leaves_half_said_is_said_again_by_the_next_or_in_the_other_way(comes_back: bool) -> None:
    engine, card = Way(), Way()
    saying = Saying(RoomPlayer(engine, card).begin(WORDS))
    engine.is_there = comes_back
    engine.begun[0].fail("it was killed")
    again = engine if comes_back else card
    until(lambda: len(engine.begun) + len(card.begun) == 2, "it is said again")
    again.begun[-1].over.set()
    saying.join()
    assert saying.was_said is True
    assert len(card.begun) == (0 if comes_back else 1)


@pytest.mark.parametrize("when", ["first", "second"])
def test_newer_words_cut_it_in_either_way(when: str) -> None:
    engine, card = Way(), Way()
    saying = Saying(RoomPlayer(engine, card).begin(WORDS))
    if when == "second":
        engine.is_there = False
        engine.begun[0].fail("it was killed")
        until(lambda: len(card.begun) == 1, "it is said again")
    saying.sound.cut()
    saying.join()
    assert saying.was_said is False
    assert len(card.begun) == (1 if when == "second" else 0)


def test_what_was_cut_is_not_said_again_though_the_engine_dies_of_it() -> None:
    engine, card = Way(), Way()
    sound = RoomPlayer(engine, card).begin(WORDS)
    sound.cut()
    engine.begun[0].fail("it was killed")
    assert not sound.wait()
    assert card.begun == []


def test_where_no_way_is_left_the_second_says_why() -> None:
    engine, card = Way(), Way(is_there=False)
    saying = Saying(RoomPlayer(engine, card).begin(WORDS))
    engine.is_there = False
    engine.begun[0].fail("it was killed")
    saying.join()
    assert saying.problem == "it is not there"


def test_what_the_other_way_cannot_say_is_not_tried_twice() -> None:
    engine, card = Way(is_there=False), Way()
    sound = RoomPlayer(engine, card).begin(WORDS)
    card.begun[0].fail("the card is busy")
    with pytest.raises(TransientAdapterError, match="busy"):
        sound.wait()
    assert len(card.begun) == 1


def test_a_cut_that_comes_while_another_way_is_looked_for_counts() -> None:
    engine, card = Way(), Way()
    looking, found = threading.Event(), threading.Event()

    def look() -> bool:
        looking.set()
        return found.wait(GENEROUS_S)

    sound = RoomPlayer(engine, card).begin(WORDS)
    engine.await_sound = look  # type: ignore[method-assign]
    saying = Saying(sound)
    engine.begun[0].fail("it was killed")
    assert looking.wait(GENEROUS_S)
    sound.cut()
    found.set()
    saying.join()
    assert saying.was_said is False


def test_a_room_that_sounds_is_well_and_any_other_is_tried_in_the_other_way() -> None:
    engine, card = Way(), Way()
    player = RoomPlayer(engine, card)
    probe = player.probe()
    probe.cut()
    assert probe.wait()
    assert card.probed == 0
    engine.is_there = False
    player.probe()
    assert card.probed == 1
