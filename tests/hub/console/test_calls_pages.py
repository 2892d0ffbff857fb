"""Who is rung, what is recorded, what can be announced: written by administrators, checked, kept as it was meant."""

import re

import pytest

from hub.core.call_records import AfterCycle, Announcement, CallList, CallOrder, Hours, Member, MemberKind
from tests.console_centre import Centre
from tests.console_client import Client

LIST = {
    "name": "Day shift",
    "member-0-place": "2",
    "member-0-who": "operator:Juris",
    "member-1-place": "1",
    "member-1-who": "phone:",
    "member-1-name": "Duty phone",
    "member-1-number": "+371 2000 0050",
    "member-1-sure": "1",
    "member-2-place": "3",
    "member-2-who": "",
    "order": "rotating",
    "ring_s": "30",
    "after": "end",
    "place": "4",
    "language-lv": "1",
    "hours-0-begin": "22:00",
    "hours-0-end": "06:30",
    "hours-0-day-0": "1",
    "hours-0-day-6": "1",
    "hours-1-begin": "",
    "hours-1-end": "",
    "is_active": "1",
}
KEPT = CallList(
    0,
    "Day shift",
    (Member(MemberKind.PHONE, "Duty phone", "+37120000050", True), Member(MemberKind.OPERATOR, "Juris")),
    place=4,
    order=CallOrder.ROTATING,
    ring_s=30,
    after=AfterCycle.END,
    languages=("lv",),
    hours=(Hours((0, 6), 22 * 60, 6 * 60 + 30),),
)


def typed(**changes: str) -> dict[str, str]:
    """Return what is typed; what is changed to nothing is not sent at all."""
    return {name: value for name, value in {**LIST, **changes}.items() if value != "-"}


def kept(centre: Centre, name: str) -> CallList:
    return next(one for one in centre.reader.call_lists() if one.name == name)


def test_a_list_is_kept_as_it_was_typed_and_shown_so_again(centre: Centre, elza: Client) -> None:
    answer = elza.fill("/calls", "/calls/lists", **LIST)
    assert (answer.status_code, answer.headers["location"]) == (303, "/calls?saved=1")
    found = kept(centre, "Day shift")
    assert found == CallList(found.list_id, *[getattr(KEPT, slot) for slot in CallList.__slots__[1:]])
    text = elza.get("/calls").text
    assert 'value="+37120000050"' in text
    assert 'value="22:00"' in text
    assert "Mon, Sun 22:00–06:30" in text


def test_a_changed_list_is_kept_and_nobody_overwrites_what_they_have_not_seen(centre: Centre, elza: Client) -> None:
    elza.fill("/calls", "/calls/lists", **typed(name="To change"))
    one = kept(centre, "To change")
    page = elza.get("/calls").text
    form = page[page.index(f"/calls/lists/{one.list_id}") :]
    found = re.search(r'name="stamp" value="(\w+)"', form)
    assert found is not None
    action = f"/calls/lists/{one.list_id}"
    changed = typed(name="Changed", stamp=found[1], is_active="-", is_escalation="1")
    assert elza.fill("/calls", action, **changed).status_code == 303
    assert kept(centre, "Changed").is_escalation
    assert not kept(centre, "Changed").is_active
    late = elza.fill("/calls", action, **typed(name="Too late", stamp=found[1]))
    assert late.status_code == 422
    assert "Somebody else has changed it meanwhile" in late.text
    assert elza.fill("/calls", "/calls/lists/4711", **LIST).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Fill this in."),
        ({"member-0-who": "", "member-1-who": ""}, "Put at least one operator or telephone on it."),
        ({"member-1-number": ""}, "A telephone needs its number."),
        ({"member-1-number": "the porter"}, "Write a phone number as it is dialled"),
        ({"member-1-name": ""}, "Fill this in."),
        ({"ring_s": "25"}, "Choose 10, 20 or 30 seconds."),
        ({"ring_s": "soon"}, "This cannot be taken."),
        ({"order": "any"}, "Choose one of these."),
        ({"place": "100"}, "At most 99."),
        ({"hours-0-begin": "25:00"}, "This cannot be taken."),
        ({"hours-0-begin": ""}, "This cannot be taken."),
        ({"hours-0-day-0": "-", "hours-0-day-6": "-"}, "Choose the days."),
    ],
)
def test_a_list_that_cannot_be_taken_says_where_and_why(
    centre: Centre, elza: Client, changes: dict[str, str], words: str
) -> None:
    answer = elza.fill("/calls", "/calls/lists", **typed(**{"name": "Never", **changes}))
    assert answer.status_code == 422
    assert words in answer.text
    assert "Duty phone" in answer.text or "member-1-name" in changes
    assert "Never" not in [one.name for one in centre.reader.call_lists()]


def test_a_name_stands_once(elza: Client) -> None:
    elza.fill("/calls", "/calls/lists", **typed(name="Once"))
    again = elza.fill("/calls", "/calls/lists", **typed(name="ONCE"))
    assert again.status_code == 422
    assert "There is a list of this name already." in again.text


def test_the_rule_of_recording_is_kept(centre: Centre, elza: Client) -> None:
    assert not centre.reader.organisation().records_calls
    answer = elza.fill("/calls", "/calls/recording", records_calls="1", recordings_kept_days="30")
    assert answer.status_code == 303
    rule = centre.reader.organisation()
    assert (rule.records_calls, rule.recordings_kept_days) == (True, 30)
    assert elza.fill("/calls", "/calls/recording", recordings_kept_days="0").status_code == 422
    assert elza.fill("/calls", "/calls/recording", recordings_kept_days="30").status_code == 303
    assert not centre.reader.organisation().records_calls


def test_announcements_are_added_changed_and_taken_out(centre: Centre, elza: Client) -> None:
    page = "/announcements"
    assert elza.fill(page, page, name="Fire test", **{"text-en": "Only a test."}).status_code == 303
    assert Announcement("Fire test", "en", "Only a test.") in centre.reader.announcements()
    elza.fill(page, page, section="Fire test", name="Fire test", **{"text-en": "", "text-lv": "Tikai pārbaude."})
    assert "en" not in [one.language for one in centre.reader.announcements() if one.name == "Fire test"]
    assert "Tikai pārbaude." in elza.get(page).text
    elza.fill(page, page, section="Fire test", name="Fire test", **{"text-lv": " "})
    assert "Fire test" not in elza.get(page).text
    nothing = elza.fill(page, page, name="Empty")
    assert nothing.status_code == 422
    assert "Write the words in at least one language." in nothing.text


@pytest.mark.parametrize("path", ["/calls", "/announcements", "/api/call-lists", "/api/recording-rule"])
def test_only_administrators_write_here(juris: Client, path: str) -> None:
    assert juris.get(path).status_code == 403


@pytest.mark.parametrize(
    "action", ["/calls/lists", "/calls/lists/1", "/calls/recording", "/announcements", "/api/call-lists"]
)
def test_only_administrators_change_anything(juris: Client, action: str) -> None:
    assert juris.http.post(action, data={"csrf": juris.csrf}).status_code == 403


def test_the_telephone_of_an_operator_is_kept(centre: Centre, elza: Client) -> None:
    centre.add_operator("Vera")
    fields = {"name": "Vera", "role": "operator", "is_active": "1"}
    answer = elza.fill("/operators", "/operators/change", phone="+371 2000 0077", phone_is_sure="1", **fields)
    assert answer.status_code == 303
    found = centre.reader.operator("Vera")
    assert found is not None
    assert (found.phone, found.phone_is_sure) == ("+37120000077", True)
    assert "+37120000077" in elza.get("/operators").text
    wrong = elza.fill("/operators", "/operators/change", phone="hers", **fields)
    assert wrong.status_code == 422
    assert "Write a phone number as it is dialled" in wrong.text
