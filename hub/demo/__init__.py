"""The demo: a whole centre and virtual homes on this machine, to be tried by a person or played without one."""

from hub.demo.stage import Choice
from hub.demo.stay import stay
from hub.demo.story import play_once

__all__ = ["Choice", "play_once", "stay"]
