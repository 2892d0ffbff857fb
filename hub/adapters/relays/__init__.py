"""Relays: ways out of the centre for what nobody attends to."""

from hub.adapters.relays.adapter import Relays, ways_out
from hub.adapters.relays.notice import Notice
from hub.adapters.relays.way import Way

__all__ = ["Notice", "Relays", "Way", "ways_out"]
