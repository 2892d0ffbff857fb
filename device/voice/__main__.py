"""`python -m device.voice --pipe N`: the engine's process. `client` starts it, and it speaks through descriptor N.

Rules: it goes before what does not mind waiting from its first breath, for it may have to be back in the midst of a
call on a busy machine. Every thread that is to come goes with it.
"""

import argparse
import os
import sys

PRIORITY = 10
"""Among real-time threads: below the kernel's own."""


def main() -> int:
    """Run an engine, and return how it ended."""
    is_punctual = _be_punctual()
    parser = argparse.ArgumentParser(prog="python -m device.voice", description="The voice engine.")
    parser.add_argument("--pipe", type=int, required=True, help="the descriptor of a socket that speaks the protocol")
    pipe = parser.parse_args().pipe
    # Only now: loading it is most of what has to be done until the engine is there.
    from device.voice.process import run  # noqa: PLC0415

    return run(pipe, is_punctual=is_punctual)


def _be_punctual() -> bool:
    """Ask for real-time scheduling; tell whether that is allowed."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(PRIORITY))
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
