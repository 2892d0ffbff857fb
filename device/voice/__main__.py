"""`python -m device.voice --pipe N`: the engine's process. It is started by `client`, and speaks through descriptor N.

Rules: the standard output is no protocol, PJSIP writes to it. It ends when its pipe closes, and not by a signal that
was meant for the program: that one ends it in order.
"""

import argparse
import logging
import os
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
PRIORITY = 10
"""Among real-time threads: below the kernel's own."""
LOG_BYTES = 1_000_000
LOG_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def main() -> int:
    """Run an engine, and return how it ended."""
    parser = argparse.ArgumentParser(prog="python -m device.voice", description="The voice engine.")
    parser.add_argument("--pipe", type=int, required=True, help="the descriptor of a socket that speaks the protocol")
    is_punctual = _be_punctual()
    line = socket.socket(fileno=parser.parse_args().pipe)
    sys.setswitchinterval(SWITCH_S)
    for meant_for_the_program in (signal.SIGINT, signal.SIGTERM):
        signal.signal(meant_for_the_program, signal.SIG_IGN)
    channel = Channel(line)
    try:
        settings = channel.settings()
        _log_to(settings.log_file)
        # Only now: it loads PJSIP, which takes its time and may not be there.
        from device.voice.engine import Engine  # noqa: PLC0415

        if not is_punctual:
            log.info("without real-time scheduling, which the service file allows: words may be lost on a busy machine")
        Engine(settings, channel).run()
    except (EngineFailedError, ImportError) as error:
        log.critical("%s", error)
        channel.say(EngineLost(reason=str(error)))
        return 1
    finally:
        channel.close()
    return 0


def _be_punctual() -> bool:
    """Go before what does not mind waiting, with every thread that is to come; tell whether that is allowed."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(PRIORITY))
    except OSError:
        return False
    return True


def _log_to(file: Path | None) -> None:
    handler = RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=1) if file else logging.StreamHandler()
    logging.basicConfig(level=logging.INFO, format=LOG_FORM, handlers=[handler])


if __name__ == "__main__":
    sys.exit(main())
