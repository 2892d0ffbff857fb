"""Several centres: which one serves, who takes over, and the way back."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from device.adapters.broker import CentreAddress
from device.adapters.broker.adapter import Broker
from device.core.effects import ChangeCentre, Indicate, Light
from device.core.events import AdapterFailed, CentreHeard, PathClosed, PathOpened
from device.ports import TransientAdapterError
from device.wire.codec import encode
from device.wire.messages import CentreState
from device.wire.topics import CENTRE
from tests.device.adapters.unit_side import TOPIC, UnitSide, an_alarm, counted, plain
from tests.mosquitto import LOOPBACK, Peer, RealMosquitto, free_port
from tests.scripted_broker import ScriptedBroker
from tests.waiting import until


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[RealMosquitto, RealMosquitto]]:
    with RealMosquitto(tmp_path) as first, RealMosquitto(tmp_path) as second:
        yield first, second


@pytest.fixture
def ears(two: tuple[RealMosquitto, RealMosquitto]) -> Iterator[tuple[Peer, Peer]]:
    """A centre at each broker."""
    with ExitStack() as stack:
        yield (
            stack.enter_context(Peer(two[0].port, "centre")).connect("poga/1/#"),
            stack.enter_context(Peer(two[1].port, "centre")).connect("poga/1/#"),
        )


def says(peer: Peer, presence: bool, count: int = 1) -> None:
    """Wait until the centre was told for the `count`-th time that the unit is there, or gone."""
    word = b'"online":true' if presence else b'"online":false'
    peer.arrived.wait(lambda message: message.topic == f"{TOPIC}/presence" and word in message.payload, count)


def beat(peer: Peer, number: int) -> None:
    peer.send(CENTRE, encode(CentreState(alive=True, beat=number)), retain=True)


def test_the_second_centre_takes_over_when_the_first_is_not_there(two: tuple[RealMosquitto, RealMosquitto]) -> None:
    first, second = two
    with UnitSide(plain(first.port), plain(second.port)) as unit, Peer(second.port, "centre") as centre:
        centre.connect("poga/1/#")
        unit.wait_open()
        first.kill()
        unit.wait_open(2)
        says(centre, True)
        unit.broker.perform(an_alarm())
        centre.arrived.wait(lambda message: message.topic == f"{TOPIC}/alarm")
        first.start()
        second.kill()
        unit.wait_open(3)
        assert unit.path_events() == [PathOpened, PathClosed] * 2 + [PathOpened]
        second.start()


def test_a_change_of_centre_leaves_the_silent_one(
    two: tuple[RealMosquitto, RealMosquitto], ears: tuple[Peer, Peer]
) -> None:
    with UnitSide(plain(two[0].port), plain(two[1].port)) as unit:
        unit.wait_open()
        says(ears[0], True)
        unit.broker.perform(ChangeCentre())
        assert "silent" in unit.wait_closed().reason
        says(ears[0], False)
        unit.wait_open(2)
        says(ears[1], True)
        unit.broker.perform(ChangeCentre())
        unit.wait_open(3)
        says(ears[0], True, 2)
        says(ears[1], False)


def test_a_change_of_centre_moves_on_from_one_that_does_not_answer(ears: tuple[Peer, Peer]) -> None:
    with ScriptedBroker(connect_code=None) as mute:
        port = ears[1].client.port
        with UnitSide(plain(mute.port), plain(port)) as unit:
            until(lambda: mute.connects() == 1, "the first is tried")
            unit.broker.perform(ChangeCentre())
            unit.wait_open()
            assert unit.path_events() == [PathOpened]


@pytest.mark.parametrize("young_s", [1_000.0, 0.0])
def test_a_single_centre_is_left_only_by_a_connection_that_is_not_young(
    two: tuple[RealMosquitto, RealMosquitto], young_s: float
) -> None:
    with UnitSide(plain(two[0].port), young_s=young_s) as unit:
        unit.wait_open()
        unit.broker.perform(ChangeCentre())
        if young_s:
            unit.broker.perform(an_alarm())
            assert unit.path_events() == [PathOpened]
        else:
            unit.wait_closed()
            unit.wait_open(2)


def test_a_change_of_centre_before_there_is_one_is_harmless() -> None:
    with UnitSide(plain(free_port())) as unit:
        unit.broker.perform(ChangeCentre())
        assert unit.path_events() == []


def test_an_effect_of_another_door_is_a_mistake() -> None:
    with UnitSide(plain(free_port())) as unit, pytest.raises(AssertionError, match="Indicate"):
        unit.broker.perform(Indicate(Light.DARK))


def test_an_alarm_without_a_path_is_tried_for_at_once(two: tuple[RealMosquitto, RealMosquitto]) -> None:
    first, _ = two
    first.kill()
    with UnitSide(plain(first.port), longest_wait_s=10_000.0, hurried_wait_s=0.2) as unit:
        unit.broker._route._waits = 100  # the line has been dead for a long time
        until(lambda: unit.broker._route.due_s > 0, "the next attempt is hours away")
        first.start()
        with pytest.raises(TransientAdapterError):
            unit.broker.perform(an_alarm())
        unit.wait_open()


def has_live_candidate(unit: UnitSide) -> bool:
    candidate = unit.broker._candidate
    return candidate is not None and candidate.has_live_centre


class TestTheWayBack:
    """After a while on a later centre the first is looked at, and gone back to when it lives."""

    def unit_at_second(self, two: tuple[RealMosquitto, RealMosquitto], return_s: float, beat_s: float) -> UnitSide:
        unit = UnitSide(plain(two[0].port), plain(two[1].port), return_s=return_s, beat_s=beat_s)
        unit.broker._route.change(0.0)
        return unit

    def test_the_first_is_gone_back_to_when_it_is_heard(
        self, two: tuple[RealMosquitto, RealMosquitto], ears: tuple[Peer, Peer]
    ) -> None:
        beat(ears[0], 1)
        with self.unit_at_second(two, return_s=0.1, beat_s=1_000.0) as unit:
            unit.wait_open()
            says(ears[0], True)
            until(lambda: unit.broker._candidate is not None, "the first is looked at")
            assert unit.path_events() == [PathOpened], "its retained word proves nothing"
            assert CentreHeard(is_alive=True, beat=1) not in unit.events.all
            beat(ears[0], 2)
            unit.wait_open(2)
            assert unit.path_events() == [PathOpened, PathClosed, PathOpened]
            says(ears[1], False)
            unit.broker.perform(an_alarm())
            ears[0].arrived.wait(lambda message: message.topic == f"{TOPIC}/alarm")
            beat(ears[0], 3)
            unit.events.wait(CentreHeard(is_alive=True, beat=3))

    def test_a_first_centre_that_says_nothing_is_not_gone_back_to(
        self, two: tuple[RealMosquitto, RealMosquitto], ears: tuple[Peer, Peer]
    ) -> None:
        with self.unit_at_second(two, return_s=0.1, beat_s=0.1) as unit:
            unit.wait_open()
            says(ears[0], True)
            says(ears[0], False)
            says(ears[0], True, 2)
            unit.broker.perform(an_alarm())
            ears[1].arrived.wait(lambda message: message.topic == f"{TOPIC}/alarm")
            assert unit.path_events() == [PathOpened]

    def test_a_message_on_its_way_is_not_left_behind(
        self, two: tuple[RealMosquitto, RealMosquitto], ears: tuple[Peer, Peer], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with ScriptedBroker() as slow:
            centres = (plain(two[0].port), plain(slow.port))
            unit = UnitSide(*centres, return_s=0.1, beat_s=1_000.0, acknowledgement_s=1_000.0)
            unit.broker._route.change(0.0)
            with unit:
                unit.wait_open()
                slow.publish_code = None
                unit.broker.perform(an_alarm())
                says(ears[0], True)
                beat(ears[0], 1)
                until(lambda: has_live_candidate(unit), "the first is heard")
                looks = counted(monkeypatch, unit.broker, "_look_back")
                until(lambda: len(looks) >= 3, "the watcher looks at it again and again")
                assert unit.path_events() == [PathOpened]
                slow.publish_code = 0
                slow.answer_late()
                unit.wait_open(2)

    def test_when_the_later_one_fails_meanwhile_the_first_is_used(
        self, two: tuple[RealMosquitto, RealMosquitto], ears: tuple[Peer, Peer]
    ) -> None:
        with self.unit_at_second(two, return_s=0.1, beat_s=1_000.0) as unit:
            unit.wait_open()
            says(ears[0], True)
            until(lambda: unit.broker._candidate is not None, "the first is looked at")
            two[1].kill()
            unit.wait_open(2)
            unit.broker.perform(an_alarm())
            ears[0].arrived.wait(lambda message: message.topic == f"{TOPIC}/alarm")
            two[1].start()

    def test_two_addresses_of_one_broker_do_not_lose_the_unit(
        self, two: tuple[RealMosquitto, RealMosquitto], ears: tuple[Peer, Peer]
    ) -> None:
        first, _ = two
        with self.unit_at_second((first, first), return_s=0.1, beat_s=1_000.0) as unit:
            unit.wait_open(2)
            assert unit.broker._route.index == 0
            unit.broker.perform(an_alarm())
            ears[0].arrived.wait(lambda message: message.topic == f"{TOPIC}/alarm")

    def test_a_change_of_centre_ends_the_look_back(
        self, two: tuple[RealMosquitto, RealMosquitto], ears: tuple[Peer, Peer]
    ) -> None:
        with self.unit_at_second(two, return_s=0.1, beat_s=1_000.0) as unit:
            unit.wait_open()
            until(lambda: unit.broker._candidate is not None, "the first is looked at")
            unit.broker.perform(ChangeCentre())
            unit.wait_open(2)
            assert unit.broker._route.index == 0
            says(ears[1], False)


def test_a_centre_whose_file_is_missing_is_told_and_the_next_one_serves(
    two: tuple[RealMosquitto, RealMosquitto], tmp_path: Path
) -> None:
    broken = CentreAddress(LOOPBACK, free_port(), tls=True, ca_file=tmp_path / "gone.pem")
    with UnitSide(broken, plain(two[1].port)) as unit:
        failure = unit.events.wait_for(AdapterFailed)
        assert isinstance(failure, AdapterFailed)
        assert failure.lasting
        assert "gone.pem" in failure.reason
        unit.wait_open()


def test_a_mistake_in_one_look_does_not_end_the_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Event()

    def fail(_self: Broker, _now: float) -> float:
        looked.set()
        raise RuntimeError("a mistake of ours")

    with ScriptedBroker() as broker, monkeypatch.context() as patch:
        patch.setattr(Broker, "_look", fail)
        with UnitSide(plain(broker.port)) as unit:
            assert looked.wait(30)
            patch.undo()
            unit.wait_open()
