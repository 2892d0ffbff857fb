"""The document for people and other languages says exactly what the models do."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from device.wire import codec, messages, topics
from device.wire.messages import Model
from device.wire.topics import Leaf
from tests.wire.any_message import json_values
from tests.wire.any_message import messages as any_message
from tests.wire.expected import AS_OTHERS_WRITE_THEM, AS_WE_WRITE_THEM, SAMPLES
from tests.wire.make_asyncapi import CHANNELS, COMMAND_LINE, FILE, make

DOCUMENT: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SAMPLED = AS_WE_WRITE_THEM | AS_OTHERS_WRITE_THEM
REGISTRY: Registry[Any] = Registry().with_resource("doc:", DRAFT202012.create_resource(DOCUMENT))


def validator(model: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"doc:#/components/schemas/{model}"}, registry=REGISTRY)


def reads(model: type[Model], payload: bytes) -> bool:
    try:
        codec.decode(model, payload)
    except codec.WireError:
        return False
    return True


def test_the_document_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == make(), f"run `{COMMAND_LINE}` and read the difference"


def test_every_topic_is_a_channel() -> None:
    addresses = {channel["address"] for channel in DOCUMENT["channels"].values()}
    assert addresses == {topics.CENTRE, *(topics.unit_topic("{unitId}", leaf) for leaf in Leaf)}


def test_the_unit_sends_upwards_and_receives_downwards() -> None:
    sent = {channel.name for channel in CHANNELS if channel.is_sent}
    assert sent == set(topics.UPWARD)


def test_every_model_of_the_wire_is_described() -> None:
    models = {
        name
        for name, thing in vars(messages).items()
        if isinstance(thing, type) and issubclass(thing, Model) and thing is not Model
    }
    assert models <= set(DOCUMENT["components"]["schemas"])
    assert all(DOCUMENT["components"]["schemas"][name]["description"] for name in models)


def test_every_reference_leads_somewhere() -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if "$ref" in node else []
            return own + [found for value in node.values() for found in references(value)]
        return [found for value in node for found in references(value)] if isinstance(node, list) else []

    for reference in references(DOCUMENT):
        node: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


@pytest.mark.parametrize("name", SAMPLED)
def test_the_golden_samples_are_as_the_document_says(name: str) -> None:
    validator(type(SAMPLED[name]).__name__).validate(json.loads((SAMPLES / f"{name}.json").read_bytes()))


@given(any_message)
def test_every_message_is_as_the_document_says(message: Model) -> None:
    validator(type(message).__name__).validate(json.loads(codec.encode(message)))


@given(data=st.data(), message=any_message)
def test_what_the_document_allows_is_read(data: st.DataObject, message: Model) -> None:
    """One field, anywhere, is taken out or becomes something else: what the document still allows must be read."""
    written = json.loads(codec.encode(message))
    node: Any = written
    while True:
        name = data.draw(st.sampled_from(sorted(node)))
        if not (isinstance(node[name], dict) and node[name] and data.draw(st.booleans())):
            break
        node = node[name]
    if data.draw(st.booleans()):
        del node[name]
    else:
        node[name] = data.draw(json_values)
    if validator(type(message).__name__).is_valid(written):
        assert reads(type(message), json.dumps(written).encode())
