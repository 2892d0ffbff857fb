"""The engine's process, from its first line to its end.

Rules: the standard output is no protocol, PJSIP writes to it. It ends when its pipe closes, and not by a signal that
was meant for the program: that one ends it in order.
"""

import logging
import signal
import socket
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from device.voice.channel import Channel
from device.voice.messages import EngineLost
from device.voice.refusal import EngineFailedError

log = logging.getLogger(__name__)

SWITCH_S = 0.0005
"""How long a thread may keep the others waiting: the bridge's has 20 ms for everything."""
LOG_BYTES = 1_000_000
LOG_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
NOT_PUNCTUAL = "without real-time scheduling, which the service file allows: words may be lost on a busy machine"


def run(pipe: int, *, is_punctual: bool) -> int:
    """Run an engine that speaks through a descriptor, and return how it ended."""
    sys.setswitchinterval(SWITCH_S)
    for meant_for_the_program in (signal.SIGINT, signal.SIGTERM):
        signal.signal(meant_for_the_program, signal.SIG_IGN)
    channel = Channel(socket.socket(fileno=pipe))
    try:
        settings = channel.settings()
        _log_to(settings.log_file)
        if not is_punctual:
            log.info(NOT_PUNCTUAL)
        # Only now: it loads PJSIP, which may not be there.
        from device.voice.engine import Engine  # noqa: PLC0415

        Engine(settings, channel).run()
    except (EngineFailedError, ImportError) as error:
        log.critical("%s", error)
        channel.say(EngineLost(reason=str(error)))
        return 1
    finally:
        channel.close()
    return 0


def _log_to(file: Path | None) -> None:
    handler = RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=1) if file else logging.StreamHandler()
    logging.basicConfig(level=logging.INFO, format=LOG_FORM, handlers=[handler])
