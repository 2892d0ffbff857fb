"""Makes device/wire/asyncapi.yaml, the contract for people and for other languages, out of the pydantic models.

Run `python -m tests.wire.make_asyncapi` after a change of the wire; a test compares the file with what this makes. It
stands beside the tests because the wire itself imports nothing but pydantic.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from device.wire import topics
from device.wire.codec import MAX_BYTES
from device.wire.messages import CentreState, Command, Heartbeat, Message, Model, Presence, Receipt
from device.wire.topics import Leaf

FILE = Path(__file__).parent.parent.parent / "device" / "wire" / "asyncapi.yaml"
COMMAND_LINE = "python -m tests.wire.make_asyncapi"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Channel:
    """One topic, as a unit sees it."""

    name: str
    address: str
    model: type[Model]
    is_sent: bool
    qos: int
    is_retained: bool
    summary: str
    is_answered: bool = False


def _of_unit(leaf: Leaf) -> str:
    return topics.unit_topic("{unitId}", leaf)


CHANNELS = (
    Channel(
        *("alarm", _of_unit(Leaf.ALARM), Message, True, 1, False),
        "A request for help, and what belongs to it. Repeated until its receipt, before everything else.",
        is_answered=True,
    ),
    Channel(
        *("event", _of_unit(Leaf.EVENT), Message, True, 1, False),
        "Faults, their restores, and what became of orders. Repeated until its receipt.",
        is_answered=True,
    ),
    Channel(
        *("heartbeat", _of_unit(Leaf.HEARTBEAT), Heartbeat, True, 0, False),
        "I live: sent every `interval_s`, never kept, never repeated.",
    ),
    Channel(
        *("presence", _of_unit(Leaf.PRESENCE), Presence, True, 1, True),
        "Birth of a unit's connection and, as its last will, death.",
    ),
    Channel(
        *("receipt", _of_unit(Leaf.RECEIPT), Receipt, False, 1, False),
        "The centre has committed these messages. On this alone the unit forgets them, never on a PUBACK.",
    ),
    Channel(
        *("command", _of_unit(Leaf.COMMAND), Command, False, 1, False),
        "An order. Repeated by the centre until the unit's `command_done`; done once for each `command_id`.",
    ),
    Channel(
        *("centre", topics.CENTRE, CentreState, False, 1, True),
        "Whether the centre lives, and not only the broker: renewed every `interval_s`; its last will says no.",
    ),
)


class _PlainSchemas(GenerateJsonSchema):
    """Schemas without the titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def make() -> str:
    """Return the document."""
    head = f"# Made by `{COMMAND_LINE}` from the models beside it: change those, not this.\n"
    return head + yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=110)


def document() -> Json:
    """Return the document as data."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Poga: the wire between the unit in the home and the alarm receiving centre",
            "version": topics.PREFIX.partition("/")[2],
            "description": (
                f"MQTT 5 as a unit speaks it. Payloads are JSON in UTF-8, at most {MAX_BYTES} bytes. A reader ignores "
                "fields it does not know and keeps bodies of kinds it does not know: units in homes change last. "
                "Nothing here holds personal data."
            ),
            "license": {"name": "GPL-3.0-or-later"},
        },
        "defaultContentType": "application/json",
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {_operation_name(channel): _operation(channel) for channel in CHANNELS},
        "components": {"parameters": _parameters(), "messages": _messages(), "schemas": schemas()},
    }


def schemas() -> Json:
    """Return the JSON schema of every model, by name."""
    models = sorted({channel.model for channel in CHANNELS}, key=lambda model: model.__name__)
    _, found = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/components/schemas/{model}",
        schema_generator=_PlainSchemas,
    )
    made: Json = found["$defs"]
    for schema in made.values():
        schema["description"] = _flowing(schema.get("description", ""))
    _tell_kinds_apart(made, "UnknownBody", made["Message"]["properties"]["body"]["oneOf"])
    _tell_kinds_apart(made, "UnknownOrder", made["Command"]["properties"]["order"]["oneOf"])
    return made


def _tell_kinds_apart(made: Json, unknown: str, choices: list[Json]) -> None:
    """Say what the reader does: a known kind has to be whole, only another one is unknown."""
    known = [made[choice["$ref"].rpartition("/")[2]] for choice in choices]
    kinds = [schema["properties"]["kind"]["const"] for schema in known if "const" in schema["properties"]["kind"]]
    for schema in known:
        if "const" in schema["properties"]["kind"]:
            schema["required"] = ["kind", *schema.get("required", [])]
    made[unknown]["properties"]["kind"]["not"] = {"enum": kinds}


def _channel(channel: Channel) -> Json:
    name = channel.model.__name__
    made: Json = {
        "address": channel.address,
        "summary": channel.summary,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
    }
    if "{unitId}" in channel.address:
        made["parameters"] = {"unitId": {"$ref": "#/components/parameters/unitId"}}
    return made


def _operation(channel: Channel) -> Json:
    made: Json = {
        "action": "send" if channel.is_sent else "receive",
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "bindings": {"mqtt": {"qos": channel.qos, "retain": channel.is_retained}},
    }
    if channel.is_answered:
        made["reply"] = {"channel": {"$ref": "#/channels/receipt"}}
    return made


def _operation_name(channel: Channel) -> str:
    return f"{'send' if channel.is_sent else 'receive'}{channel.name.capitalize()}"


def _parameters() -> Json:
    form = f"A unit's name, a serial and never a person's: `{topics.UNIT_ID_PATTERN}`, and not `centre`."
    return {"unitId": {"description": form, "examples": ["demo-0001"]}}


def _messages() -> Json:
    return {
        model.__name__: {
            "name": model.__name__,
            "summary": _flowing(model.__doc__ or "").partition(". ")[0].rstrip("."),
            "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
        }
        for model in (Message, Heartbeat, Presence, Receipt, Command, CentreState)
    }


def _flowing(text: str) -> str:
    """Return a docstring without its line breaks."""
    return re.sub(r"\s+", " ", text)


if __name__ == "__main__":
    FILE.write_text(make(), encoding="utf-8")
