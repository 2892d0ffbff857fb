"""Who hears whom."""

from device.voice.messages import EngineCommand, Link, SetLinks
from hub.adapters.voice.wiring import Sides, Wiring
from hub.core.effects import Part


class Engine:
    """Keeps what it was told last."""

    def __init__(self) -> None:
        self.told: list[EngineCommand] = []

    def send(self, command: EngineCommand) -> None:
        self.told.append(command)

    def links(self) -> set[tuple[str, str, float]]:
        last = self.told[-1]
        assert isinstance(last, SetLinks)
        return {(link.source, link.sink, link.gain) for link in last.links}


def wired() -> tuple[Wiring, Engine]:
    engine = Engine()
    return Wiring(engine.send), engine


def test_everybody_in_a_conversation_hears_the_others_and_nobody_else() -> None:
    wiring, engine = wired()
    wiring.conversations = {1: (Part("unit"), Part("anna", gain=2.0)), 2: (Part("home-2"), Part("bert"))}
    wiring.apply()
    assert engine.links() == {
        ("unit", "anna", 1.0),
        ("anna", "unit", 2.0),
        ("home-2", "bert", 1.0),
        ("bert", "home-2", 1.0),
    }


def test_who_is_muted_is_not_heard_and_who_is_deafened_does_not_hear() -> None:
    wiring, engine = wired()
    wiring.conversations = {1: (Part("unit"), Part("anna", is_heard=False), Part("carer", hears=False))}
    wiring.apply()
    assert engine.links() == {("unit", "anna", 1.0), ("carer", "unit", 1.0), ("carer", "anna", 1.0)}


def test_a_saying_is_heard_by_its_leg_alone() -> None:
    wiring, engine = wired()
    wiring.conversations = {1: (Part("unit"), Part("anna"))}
    wiring.sayings = {"say/1": "unit"}
    wiring.apply()
    assert {link for link in engine.links() if link[0] == "say/1"} == {("say/1", "unit", 1.0)}


def test_a_recording_has_the_unit_on_the_left_and_everybody_else_and_what_is_said_on_the_right() -> None:
    wiring, engine = wired()
    wiring.conversations = {1: (Part("unit"), Part("anna"), Part("carer"))}
    wiring.sayings = {"say/1": "unit", "say/2": "carer"}
    wiring.recordings = {"r": Sides(1, "unit", "left", "right")}
    wiring.apply()
    recorded = {(source, sink) for source, sink, _ in engine.links() if sink in ("left", "right")}
    assert recorded == {("unit", "left"), ("anna", "right"), ("carer", "right"), ("say/1", "right")}


def test_of_who_is_muted_nothing_is_recorded() -> None:
    wiring, engine = wired()
    wiring.conversations = {1: (Part("unit", is_heard=False), Part("anna"))}
    wiring.recordings = {"r": Sides(1, "unit", "left", "right")}
    wiring.apply()
    assert ("unit", "left", 1.0) not in engine.links()


def test_the_engine_is_told_only_what_is_new() -> None:
    wiring, engine = wired()
    wiring.apply()
    wiring.conversations = {1: (Part("unit"), Part("anna"))}
    wiring.apply()
    wiring.apply()
    assert len(engine.told) == 1


def test_a_new_engine_has_no_links() -> None:
    wiring, engine = wired()
    wiring.conversations = {1: (Part("unit"), Part("anna"))}
    wiring.apply()
    wiring.forget()
    wiring.apply()
    assert len(engine.told) == 1
    wiring.conversations = {1: (Part("unit"), Part("anna"))}
    wiring.apply()
    assert Link(source="unit", sink="anna") in engine.told[-1].links  # type: ignore[union-attr]
