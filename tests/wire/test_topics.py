"""Topics lead to one unit and one leaf, and a topic that is not ours is nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import topic_matches_sub

from device.wire import topics
from device.wire.topics import Leaf, UnitTopic

unit_ids = st.from_regex(topics.UNIT_ID_PATTERN, fullmatch=True).filter(lambda unit_id: unit_id != "centre")


@given(unit_id=unit_ids, leaf=st.sampled_from(Leaf))
def test_a_units_topic_is_read_as_it_was_made(unit_id: str, leaf: Leaf) -> None:
    assert topics.is_unit_id(unit_id)
    assert topics.parse_unit_topic(topics.unit_topic(unit_id, leaf)) == UnitTopic(unit_id, leaf)


@given(unit_id=unit_ids, leaf=st.sampled_from(Leaf), subscribed=st.sampled_from(Leaf))
def test_the_centre_hears_every_unit_on_the_leaf_it_asks_for_alone(unit_id: str, leaf: Leaf, subscribed: Leaf) -> None:
    heard = topic_matches_sub(topics.all_units(subscribed), topics.unit_topic(unit_id, leaf))
    assert heard is (leaf is subscribed)


@given(st.text())
def test_of_any_text_a_topic_is_made_or_not_but_nothing_is_raised(text: str) -> None:
    for topic in (text, f"{topics.PREFIX}/{text}", f"{topics.PREFIX}/{text}/alarm", f"{topics.PREFIX}/unit-1/{text}"):
        parsed = topics.parse_unit_topic(topic)
        assert parsed is None or topics.unit_topic(parsed.unit_id, parsed.leaf) == topic


@pytest.mark.parametrize(
    "text",
    [
        *("", "ab", "-abc", "Unit-1", "unit_1", "unit 1", "unit/1", "unit+", "#", "a" * 33, "unit-1\n", "ūnit-1"),
        "centre",  # its topic is the centre's own
    ],
)
def test_what_cannot_name_a_unit(text: str) -> None:
    assert not topics.is_unit_id(text)
    assert topics.parse_unit_topic(f"{topics.PREFIX}/{text}/alarm") is None


@pytest.mark.parametrize(
    "topic",
    [
        *("", "poga/1", "poga/1/unit-1", "poga/1/unit-1/", "poga/1/unit-1/other", "poga/1/unit-1/alarm/more"),
        *("poga/2/unit-1/alarm", "poga/1//alarm", "/poga/1/unit-1/alarm", "x poga/1/unit-1/alarm", topics.CENTRE),
    ],
)
def test_what_is_no_units_topic(topic: str) -> None:
    assert topics.parse_unit_topic(topic) is None


def test_every_leaf_goes_one_way() -> None:
    assert {*topics.UPWARD} | {*topics.DOWNWARD} == set(Leaf)
    assert not {*topics.UPWARD} & {*topics.DOWNWARD}


def test_the_centres_topic_is_no_units_and_no_subscription_of_units_matches_it() -> None:
    assert not any(topic_matches_sub(topics.all_units(leaf), topics.CENTRE) for leaf in Leaf)
