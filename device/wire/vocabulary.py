"""The words both sides share: SCAIP's codes, clock quality, kinds of message.

Codes are four digits as deployed SCAIP units send them; see `DeviceType`, `StatusCode`, `LocationCode`.
A code that is not listed travels all the same: the wire carries `Code`, these enums only name the usual ones.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

Code4 = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
"""A SCAIP device type or status code."""
Code3 = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
"""A SCAIP location code."""


class DeviceType(StrEnum):
    """What raised it (SCAIP `dty`)."""

    UNIT = "0002"
    PERSONAL_TRIGGER = "0003"
    FIXED_TRIGGER = "0004"
    FALL = "0005"
    PANIC_BUTTON = "0007"
    ACTIVITY = "0010"
    BED = "0012"
    DOOR = "0014"
    GAS = "0021"
    SMOKE = "0023"
    HEAT = "0025"
    CARBON_MONOXIDE = "0026"
    INTRUDER = "0028"
    FLOOD = "0033"
    TAMPER = "0038"
    POWER_SUPPLY = "0041"
    ACCESS_CONTROLLER = "0043"


class StatusCode(StrEnum):
    """What happened (SCAIP `stc`)."""

    AUTOMATIC_ALARM = "0009"
    MANUAL_ALARM = "0010"
    BATTERY_FAILURE = "0014"
    BATTERY_OK = "0015"
    BATTERY_LOW = "0016"
    CANCEL = "0019"
    IP_LOST = "0023"
    FAILURE = "0042"
    MALFUNCTION = "0067"
    NORMAL = "0070"
    OFFLINE = "0073"
    ONLINE = "0075"
    MAINS_FAILED = "0085"
    MAINS_RESTORED = "0086"
    MANUAL_RESET = "0093"
    IP_RESTORED = "0112"
    TAMPER = "0125"


class LocationCode(StrEnum):
    """Where in the home (SCAIP `lco`)."""

    UNKNOWN = "000"
    HOME = "002"
    AWAY = "003"
    BATHROOM = "011"
    BEDROOM = "012"
    KITCHEN = "021"
    STAIRS = "025"
    FRONT_DOOR = "039"
    HALL = "042"
    LIVING_ROOM = "043"
    APARTMENT = "044"


class ClockQuality(StrEnum):
    """How far a unit's wall time can be believed."""

    UNSET = "unset"
    KEPT = "kept"
    NETWORK = "network"


class Urgency(StrEnum):
    """Which topic a message goes on; alarms go before events, everywhere."""

    ALARM = "alarm"
    EVENT = "event"


class Rung(StrEnum):
    """Where an open alarm stands on the ladder of truth, as the unit knows it."""

    RAISED = "raised"
    RECEIVED = "received"
    ANSWERED = "answered"


class FaultCode(StrEnum):
    """What can be wrong with a unit; the unit's `core/faults.py` says what each one means."""

    TRIGGER_HELD = "trigger_held"
    TRIGGER_LOST = "trigger_lost"
    OUTBOX_BROKEN = "outbox_broken"
    MAINS_LOST = "mains_lost"
    BATTERY_LOW = "battery_low"
    CENTRE_LOST = "centre_lost"
    PATH_LOST = "path_lost"
    SOUND_LOST = "sound_lost"
    LIGHT_LOST = "light_lost"
    VOICE_LOST = "voice_lost"
    SOUND_WEAK = "sound_weak"
    PROGRAM_FAULT = "program_fault"


class CallPurpose(StrEnum):
    """What a call of the centre is for: to speak with somebody, or to say something to whoever is there."""

    SPEAK = "speak"
    ANNOUNCE = "announce"


class SpeechMode(StrEnum):
    """Who hears whom in a call, as the centre sees it: it listens (the room's microphone), speaks (the loudspeaker)."""

    DUPLEX = "duplex"
    LISTEN = "listen"
    SPEAK = "speak"
    SILENT = "silent"


class CommandOutcome(StrEnum):
    """What became of an order in the room."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
