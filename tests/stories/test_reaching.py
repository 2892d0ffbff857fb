"""Reaching somebody: an alarm is rung from list to list until a person speaks, whoever is away, busy or a mailbox."""

from device.wire.vocabulary import SpeechMode
from hub.core import events as hev
from hub.core.call_records import CallList, CallOrder, Member, MemberKind
from hub.core.effects import Prompt, Spoken
from hub.core.records import Client, EntryKind, Record, Unit
from tests.home import Home
from tests.stories.scene import alarm_of, home_of, timeline
from tests.world import World

ANNA, BORIS, CARLA = "anna", "boris", "carla"
DUTY, NIGHT = "+371 2000 0001", "+371 2000 0002"
SOON_S = 10.0


def phone(name: str, number: str) -> Member:
    return Member(MemberKind.PHONE, name, number)


def operator(name: str) -> Member:
    return Member(MemberKind.OPERATOR, name)


ESCALATION = CallList(
    9, "duty", (phone("duty phone", DUTY), phone("night phone", NIGHT)), ring_s=20, is_escalation=True
)


def scene(*records: Record, operators: tuple[str, ...] = (ANNA, BORIS)) -> World:
    """Return a world with voices and these rules; nobody answers yet."""
    world = World(speaks=True).start()
    world.centre_happen(hev.RecordsEdited("", records))
    world.set_operators(*operators)
    return world


def speaks_with(world: World, home: Home) -> list[str]:
    """Return who hears the room and is heard in it."""
    heard_by = world.exchange.heard_by(home)
    return heard_by if heard_by == world.exchange.hears(home) else []


def rings(world: World) -> list[str]:
    """Return who is rung now."""
    return sorted(who for leg, who in world.exchange.browsers.items() if leg not in world.exchange.standing)


def told(world: World) -> list[Prompt]:
    """Return what the centre has said, in order."""
    spoken = [words for _, _, words in world.exchange.said if isinstance(words, Spoken)]
    return [prompt for words in spoken for prompt in words.prompts]


def test_a_list_is_rung_in_its_order_and_the_second_answers() -> None:
    world = scene(CallList(1, "day", (operator(BORIS), operator(ANNA)), ring_s=10))
    world.exchange.answers_after_s = {ANNA: 1.0}
    home = home_of(world)
    home.press()
    world.run_for(5)
    assert rings(world) == [BORIS]
    world.run_until(lambda: speaks_with(world, home) == [ANNA], 2 * SOON_S)
    assert alarm_of(world).owner == ANNA
    assert EntryKind.RUNG_IN_VAIN in timeline(world, alarm_of(world).incident_id)


def test_a_list_that_rotates_begins_with_another_each_time() -> None:
    members = (operator(ANNA), operator(BORIS))
    world = scene(CallList(1, "day", members, order=CallOrder.ROTATING, ring_s=30))
    firsts = []
    for _ in range(3):
        home_of(world).press()
        world.run_for(3)
        firsts.append(rings(world))
        (first,) = rings(world)
        world.accept(alarm_of(world).incident_id, first)
        world.close(alarm_of(world).incident_id, first)
        world.run_for(SOON_S)
    assert firsts == [[ANNA], [BORIS], [ANNA]]


def test_nobody_answers_and_the_duty_telephone_does() -> None:
    world = scene(ESCALATION)
    world.exchange.answers_after_s = {DUTY: 3.0}
    world.exchange.presses_key = {DUTY}
    home = home_of(world)
    home.press()
    world.run_until(lambda: speaks_with(world, home) == [DUTY], 60)
    assert alarm_of(world).owner == "duty phone"


def test_a_mailbox_has_no_ear_and_the_next_telephone_is_rung() -> None:
    world = scene(ESCALATION, operators=())
    world.exchange.answers_after_s = {DUTY: 1.0, NIGHT: 1.0}
    world.exchange.presses_key = {NIGHT}
    home = home_of(world)
    home.press()
    world.run_until(lambda: speaks_with(world, home) == [NIGHT], 60)
    assert EntryKind.NOT_CONFIRMED in timeline(world, alarm_of(world).incident_id)
    assert alarm_of(world).owner == "night phone"


def test_an_alarm_is_rung_round_and_round_for_ever_and_the_client_is_told() -> None:
    world = scene(ESCALATION)
    home = home_of(world)
    home.press()
    world.run_for(3600)
    line = world.exchange.line_of(home)
    assert line is not None
    assert line.mode is SpeechMode.DUPLEX
    assert told(world).count(Prompt.STILL_LOOKING) > 150
    world.exchange.answers_after_s = {ANNA: 1.0}
    world.run_until(lambda: speaks_with(world, home) == [ANNA], 90)


def test_whoever_comes_on_shift_meanwhile_is_rung_at_once() -> None:
    world = scene(ESCALATION, operators=())
    world.exchange.answers_after_s = {CARLA: 1.0}
    home = home_of(world)
    home.press()
    world.run_for(15)
    world.set_operators(CARLA)
    assert world.run_until(lambda: speaks_with(world, home) == [CARLA], SOON_S) < 5


def test_the_client_is_spoken_to_in_the_clients_language_by_whoever_speaks_it() -> None:
    world = scene(
        Unit("home-1", "home-1", premises_id=1),
        Client(1, 1, "Žanna Paraugs (invented)", language="lv"),
        CallList(1, "latvian", (operator(BORIS),), ring_s=30, languages=("lv",)),
        CallList(2, "finnish", (operator(ANNA),), ring_s=30, languages=("fi",)),
    )
    home_of(world).press()
    world.run_for(8)
    assert rings(world) == [BORIS]
    assert {words.language for _, _, words in world.exchange.said} == {"lv"}


def test_a_centre_that_starts_anew_rings_as_its_lists_say() -> None:
    world = scene(CallList(1, "day", (operator(BORIS),), ring_s=30))
    world.crash_centre()
    world.start_centre()
    world.run_for(5)
    world.set_operators(ANNA, BORIS)
    home_of(world).press()
    world.run_for(5)
    assert rings(world) == [BORIS]
