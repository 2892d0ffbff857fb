"""What nobody attends to goes every way there is; where there is none, that is said."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from hub.adapters.relays import Relays, Way, ways_out
from hub.core import events as ev
from hub.core.effects import Reply
from tests.hub.adapters.relays.receiver import Receiver, relay
from tests.mosquitto import LOOPBACK, free_port
from tests.waiting import Heard, until

# Apprise imports what Python will drop.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

Open = Callable[[Sequence[Way]], Relays]


@pytest.fixture
def events() -> Heard[ev.Event]:
    return Heard()


@pytest.fixture
def open_relays(events: Heard[ev.Event]) -> Iterator[Open]:
    opened: list[Relays] = []

    def open_with(ways: Sequence[Way]) -> Relays:
        relays = Relays(ways, "https://centre.example", wall=lambda: 1767323105.0, retries_s=(0.001, 0.001))
        opened.append(relays)
        relays.start(events)
        return relays

    yield open_with
    for relays in opened:
        relays.stop()


def test_a_notice_goes_every_way(receiver: Receiver, open_relays: Open, events: Heard[ev.Event]) -> None:
    relays = open_relays(ways_out([receiver.address], [f"json://{LOOPBACK}:{receiver.port}/"]))
    relays.perform(relay())
    events.wait(ev.RelayDone(f"webhook {LOOPBACK}", 7, True, ""))
    events.wait(ev.RelayDone("apprise json", 7, True, ""))
    hook = next(got.data for got in receiver.got.all if got.path == "/hooks/secret-token")
    assert hook["link"] == "https://centre.example/incidents/7"
    assert (hook["opened"], hook["sent"]) == ("2026-01-02T03:04:05+00:00", "2026-01-02T03:05:05+00:00")


def test_a_trouble_that_passes_is_outlived_with_one_notice(
    receiver: Receiver, open_relays: Open, events: Heard[ev.Event]
) -> None:
    receiver.codes = [500, 503, 200]
    open_relays(ways_out([receiver.address], [])).perform(relay())
    events.wait(ev.RelayDone(f"webhook {LOOPBACK}", 7, True, ""))
    assert len({got.data["notice_id"] for got in receiver.got.all}) == 1
    assert len(receiver.got.all) == 3


def test_one_way_that_is_shut_shuts_no_other(receiver: Receiver, open_relays: Open, events: Heard[ev.Event]) -> None:
    nowhere = f"http://{LOOPBACK}:{free_port()}/"
    open_relays(ways_out([nowhere, receiver.address], [])).perform(relay())
    events.wait(ev.RelayDone(f"webhook {LOOPBACK} 2", 7, True, ""))
    failed = events.wait(lambda event: isinstance(event, ev.RelayDone) and not event.is_done)
    assert isinstance(failed, ev.RelayDone)
    assert failed.relay == f"webhook {LOOPBACK} 1"
    assert failed.detail.endswith("given up after 3 tries")


def test_with_no_relay_that_is_said_once_for_each_incident(open_relays: Open, events: Heard[ev.Event]) -> None:
    relays = open_relays([])
    for incident_id in (7, 7, 8, 7):
        relays.perform(relay(incident_id))
    assert events.all == [
        ev.RelayDone("none", 7, False, "no relay is configured"),
        ev.RelayDone("none", 8, False, "no relay is configured"),
    ]


def test_after_the_stop_nothing_is_told(receiver: Receiver, open_relays: Open, events: Heard[ev.Event]) -> None:
    relays = open_relays(ways_out([receiver.address], []))
    relays.perform(relay())
    until(lambda: len(events.all) == 1, "the notice is told")
    relays.stop()
    relays.perform(relay(8))
    relays.stop()
    assert len(receiver.got.all) == len(events.all) == 1


def test_a_wrong_address_is_told_when_the_centre_is_put_together() -> None:
    with pytest.raises(ValueError, match="http"):
        ways_out(["centre.example"], [])


def test_a_foreign_effect_is_a_mistake(open_relays: Open) -> None:
    with pytest.raises(TypeError, match="Reply"):
        open_relays([]).perform(Reply("r"))
