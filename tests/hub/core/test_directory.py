"""Who is who in calls."""

from hub.core.call_records import Organisation, Phone
from hub.core.directory import DEFAULT_LANGUAGE, Directory
from hub.core.events import Snapshot
from hub.core.records import Client, Operator, Premises, Unit

UNIT = Unit("home-1", premises_id=5, organisation="care")
CLIENT = Client(2, 5, "Žanna Paraugs (invented)", language="lv")


def directory(*records: Unit | Client | Operator | Organisation | Premises) -> Directory:
    known = Directory()
    for record in records:
        known.take(record)
    return known


def test_what_was_kept_is_known() -> None:
    known = Directory()
    rules = Organisation("care", records_calls=True)
    anna = Operator("anna", "", phone="+371 2000 0001")
    known.begin(Snapshot(units=(UNIT,), clients=(CLIENT,), operators=(anna,), organisations=(rules,)))
    assert known.knows("home-1")
    assert known.language_of("home-1") == "lv"
    assert known.organisation_of("home-1") == "care"
    assert known.rules("care") == rules
    assert known.phone_of("anna") == Phone("+371 2000 0001", "anna")


def test_a_homes_language_is_that_of_its_first_client() -> None:
    first = Client(1, 5, "Jānis Paraugs (invented)", language="ru")
    assert directory(UNIT, CLIENT, first).language_of("home-1") == "ru"
    moved = Client(1, 6, "Jānis Paraugs (invented)", language="ru")
    assert directory(UNIT, CLIENT, first, moved).language_of("home-1") == "lv"


def test_a_unit_without_a_home_or_a_client_is_spoken_to_in_the_default_language() -> None:
    known = directory(Unit("home-2"), Unit("home-3", premises_id=9), CLIENT)
    assert {known.language_of(unit_id) for unit_id in ("home-2", "home-3", "home-9")} == {DEFAULT_LANGUAGE}
    assert known.organisation_of("home-9") == ""
    assert not known.knows("home-9")


def test_an_operator_who_is_gone_has_no_telephone() -> None:
    anna = Operator("anna", "", phone="+371 2000 0001", phone_is_sure=True)
    assert directory(anna).phone_of("anna") == Phone("+371 2000 0001", "anna", is_sure=True)
    assert directory(anna, Operator("anna", "", phone="+371 2000 0001", is_active=False)).phone_of("anna") is None
    assert directory(Operator("boris", "")).phone_of("boris") is None
    assert directory().phone_of("carla") is None


def test_rules_hold_where_nobody_has_made_any_and_what_calls_do_not_need_is_passed_over() -> None:
    assert directory(Premises(5, "Izdomu iela 1 (invented)")).rules("care") == Organisation("care")
