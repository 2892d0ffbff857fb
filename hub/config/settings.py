"""All settings of a centre."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from annotated_types import MaxLen, MinLen

from hub.config.section import Section, about
from hub.config.sections import BrokerSettings, ConsoleSettings, EscalationSettings, RelaySettings
from hub.config.voice import VoiceSettings


class LogLevel(StrEnum):
    """How much is written to the log."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(Section):
    """All settings of one centre."""

    name: Annotated[str, MinLen(1), MaxLen(64), about("The centre's name, on the console.")] = "Poga"
    data_dir: Annotated[Path, about("Folder of the stores; only this program may use it.")] = Path("/var/lib/poga-hub")
    log_level: Annotated[LogLevel, about("How much is logged.")] = LogLevel.INFO
    broker: Annotated[BrokerSettings, about("The MQTT broker.")] = BrokerSettings()
    console: Annotated[ConsoleSettings, about("The operators' console.")] = ConsoleSettings()
    escalation: Annotated[EscalationSettings, about("What happens when nobody answers.")] = EscalationSettings()
    relays: Annotated[RelaySettings, about("Ways out of the centre.")] = RelaySettings()
    voice: Annotated[VoiceSettings, about("Calls.")] = VoiceSettings()
