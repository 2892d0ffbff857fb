"""What the door of voice needs to know."""

from dataclasses import dataclass, field
from pathlib import Path

from device.voice import messages as vm
from hub.adapters.voice.legs import Trunk
from hub.adapters.voice.numbers import Directory
from hub.adapters.voice.webrtc import messages as wm


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """`recordings` and `keys` are folders."""

    engine: vm.Settings
    recordings: Path
    keys: Path
    directory: Directory = field(default_factory=Directory)
    trunk: Trunk = field(default_factory=Trunk)
    browsers: wm.Settings = field(default_factory=wm.Settings)
