"""What operators see and press: pages, a JSON API and a live stream, served by the centre itself."""

from hub.console.console import Console
from hub.console.settings import ConsoleSettings

__all__ = ["Console", "ConsoleSettings"]
