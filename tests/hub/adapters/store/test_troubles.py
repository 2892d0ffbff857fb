"""What lasts is told once, to whoever listens, now or later."""

from hub.adapters.store.troubles import Part, Troubles
from hub.core.events import AdapterFailed, AdapterRecovered, Event


def test_what_was_wrong_before_anybody_listened_is_told_first() -> None:
    troubles, events = Troubles(), list[Event]()
    troubles.begin(Part.DISK, "full")
    troubles.begin(Part.MAIN_FILE, "x" * 1_000)
    troubles.end(Part.DISK)
    troubles.listen(events.append)
    assert events == [AdapterFailed("store_file", "keep", "x" * 256, lasting=True)]


def test_the_first_reason_counts_until_it_is_over() -> None:
    troubles, events = Troubles(), list[Event]()
    troubles.listen(events.append)
    troubles.end(Part.DISK)
    troubles.begin(Part.DISK, "full")
    troubles.begin(Part.DISK, "fuller")
    assert troubles.of(Part.DISK) == "full"
    troubles.end(Part.DISK)
    troubles.begin(Part.DISK, "full again")
    assert events == [
        AdapterFailed("store_disk", "keep", "full", lasting=True),
        AdapterRecovered("store_disk"),
        AdapterFailed("store_disk", "keep", "full again", lasting=True),
    ]


def test_nobody_is_told_any_more() -> None:
    troubles, events = Troubles(), list[Event]()
    troubles.listen(events.append)
    troubles.listen(None)
    troubles.begin(Part.BACKUPS, "no room")
    troubles.end(Part.BACKUPS)
    assert events == []
