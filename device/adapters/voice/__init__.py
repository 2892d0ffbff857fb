"""The unit's calls and the sound of its room, through the voice engine (`device.voice`), which is a process of its own.

How it is built, from the door inwards: `adapter` takes what the runtime asks for and reports what the engine says;
`caller` tells whether it is the centre that calls; `switchboard` holds who hears whom; `room` plays into the room, also
for whoever says the prompts; `sound_test` plays a `chirp` and has `hearing` say what came back (with `spectrum`);
`frames` is the other end of an engine's socket.
"""

from device.adapters.voice.adapter import Target, Voice, VoiceSettings, build_of
from device.adapters.voice.frames import FrameSocket
from device.adapters.voice.room import Room

__all__ = ["FrameSocket", "Room", "Target", "Voice", "VoiceSettings", "build_of"]
