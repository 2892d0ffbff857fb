"""The centre's voice."""

from hub.adapters.voice.absent import NoVoice

__all__ = ["NoVoice"]
