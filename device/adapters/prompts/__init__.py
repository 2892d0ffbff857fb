"""The unit's voice: says the prompts that were rendered beforehand.

`adapter` takes the prompts from the runtime and keeps them in memory; `player` is what it asks of whoever makes them
heard; `alsa` plays on a sound card; `aloud` hands them to the page of the virtual home.
"""

from device.adapters.prompts.adapter import Prompts
from device.adapters.prompts.aloud import SaidAloud
from device.adapters.prompts.alsa import AlsaPlayer
from device.adapters.prompts.player import Player, Sound, Utterance

__all__ = ["AlsaPlayer", "Player", "Prompts", "SaidAloud", "Sound", "Utterance"]
