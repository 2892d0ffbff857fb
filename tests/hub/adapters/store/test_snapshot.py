"""What a new life of the centre begins with."""

import pytest

from hub.adapters.store import OpenStore
from hub.core import timings
from hub.core.events import Snapshot
from hub.core.ingest import Ingest, SeenSeqs
from hub.core.records import IncidentState, OrderState, Unit
from tests.hub.adapters.store import samples


def test_a_new_centre_knows_nothing(store: OpenStore) -> None:
    assert store.main.load_snapshot() == Snapshot()


def test_what_is_open_and_what_waits_comes_back(store: OpenStore) -> None:
    waiting = [samples.order("c0-9"), samples.order("c0-10")]
    open_ones = [samples.incident(3), samples.incident(5, IncidentState.IN_PROGRESS)]
    store.main.save(
        [Unit("unit-2"), samples.UNIT, samples.CLOSED, *open_ones, samples.incident(9, IncidentState.CLOSED)]
    )
    store.main.save([*waiting, samples.order("c0-11", OrderState.DONE)])
    assert store.main.load_snapshot() == Snapshot(
        units=(samples.UNIT, Unit("unit-2")), incidents=tuple(open_ones), orders=tuple(waiting), last_incident_id=9
    )


def test_an_order_keeps_its_place_when_it_is_saved_again(store: OpenStore) -> None:
    first, second = samples.order("c0-1"), samples.order("c0-2")
    store.main.save([first, second])
    store.main.save([first])
    assert store.main.load_snapshot().orders == (first, second)


@pytest.mark.parametrize("seqs", [[1], [1, 2, 3], [2], [1, 3, 4], [7, 5, 6, 1, 2]], ids=str)
def test_what_was_taken_is_known_as_the_core_knew_it(store: OpenStore, seqs: list[int]) -> None:
    core = SeenSeqs()
    for seq in seqs:
        core.take(seq)
        store.main.save([samples.event_message(seq)])
    assert store.main.load_snapshot().seen == {"unit-1": {samples.EPOCH: core}}


def test_the_last_epochs_of_each_unit_come_back_in_their_order(
    store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timings, "EPOCHS_REMEMBERED", 3)
    epochs = [f"{number:016x}" for number in (9, 1, 8, 2, 7)]
    for epoch in epochs:
        store.main.save([samples.event_message(1, epoch=epoch), samples.event_message(1, "unit-2", epochs[0])])
    store.main.save([samples.event_message(2, epoch=epochs[0])])
    seen = store.main.load_snapshot().seen
    assert list(seen["unit-1"]) == epochs[2:]
    assert list(seen["unit-2"]) == epochs[:1]
    ingest = Ingest()
    ingest.begin(seen)
    assert ingest.has_seen("unit-1", samples.key(1, epochs[4]))
    assert not ingest.has_seen("unit-1", samples.key(2, epochs[4]))
