"""The unit's voice: says the prompts that were rendered beforehand.

`adapter` takes the prompts from the runtime and keeps them in memory; `player` is what it asks of whoever makes them
heard; `room` plays through the voice engine; `alsa` plays on a sound card without it; `aloud` hands them to whoever
plays a home.
"""

from device.adapters.prompts.adapter import Prompts
from device.adapters.prompts.aloud import SaidAloud
from device.adapters.prompts.alsa import AlsaPlayer
from device.adapters.prompts.player import Player, Sound, Utterance
from device.adapters.prompts.room import Room, RoomPlayer

__all__ = ["AlsaPlayer", "Player", "Prompts", "Room", "RoomPlayer", "SaidAloud", "Sound", "Utterance"]
