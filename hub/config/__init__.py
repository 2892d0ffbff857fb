"""Every setting of a centre: name, unit of measure, default, bounds, what it is for, how its value must be treated.

Rules: the model is the whole truth; `show-config` and the README's table are made from it (`describe`). An unknown key
and a bad value are told with file, key, what is wrong and what is allowed. A secret is shown nowhere.
"""

from hub.config.reading import DEFAULT_PATH, ConfigError, from_values, load
from hub.config.section import Data
from hub.config.sections import BrokerSettings, ConsoleSettings, EscalationSettings, RelaySettings
from hub.config.settings import LogLevel, Settings
from hub.config.table import Setting, as_markdown, describe, shown
from hub.config.voice import VoiceSettings

__all__ = [
    "DEFAULT_PATH",
    "BrokerSettings",
    "ConfigError",
    "ConsoleSettings",
    "Data",
    "EscalationSettings",
    "LogLevel",
    "RelaySettings",
    "Setting",
    "Settings",
    "VoiceSettings",
    "as_markdown",
    "describe",
    "from_values",
    "load",
    "shown",
]
