"""The people of the demo are invented, and no number of theirs is anybody's or an emergency's."""

from hub.core.records import Client, Premises, Unit
from hub.demo import invented


def test_every_home_has_a_unit_a_premises_and_a_client() -> None:
    records = list(invented.homes(20))
    assert [unit.unit_id for unit in records if isinstance(unit, Unit)] == [invented.unit_id(n) for n in range(1, 21)]
    assert len({record.premises_id for record in records if isinstance(record, Premises)}) == 20
    clients = [record for record in records if isinstance(record, Client)]
    assert len({client.name for client in clients}) == 20
    assert {client.language for client in clients} == {"en", "lv", "fi", "sv", "ru", "et"}


def test_no_number_is_short_enough_to_be_an_emergency_number() -> None:
    numbers = [record.phone for record in invented.homes(20) if isinstance(record, Client)]
    assert all(number.startswith("+371 2000 ") and len(number.replace(" ", "")) == 12 for number in numbers)
