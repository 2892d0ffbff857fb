"""Reads a text aloud into a sound file, in the voice and the form of all prompts.

    echo "Somebody is on the way." | python -m device.prompts.speak --language en --target FILE.wav

Rules: the text comes on standard input, where nobody else of this machine can read it; its length is bounded.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from device.prompts import sound
from device.prompts.words import Language

MOST_CHARACTERS = 1_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks; an error ends with a line that says what to do."""
    parser = argparse.ArgumentParser(prog="python -m device.prompts.speak", description="Read a text aloud.")
    parser.add_argument("--language", type=Language, choices=list(Language), required=True, metavar="LANGUAGE")
    parser.add_argument("--target", type=Path, required=True, metavar="FILE")
    asked = parser.parse_args(arguments)
    text = " ".join(sys.stdin.read(MOST_CHARACTERS + 1).split())
    if not 0 < len(text) <= MOST_CHARACTERS:
        sys.exit(f"speak: a text has from 1 to {MOST_CHARACTERS} characters")
    try:
        sound.speak(text, asked.language, asked.target, sound.LONGEST_ALOUD_S)
    except (sound.SoundError, OSError) as error:
        sys.exit(f"speak: {error}")


if __name__ == "__main__":
    main()
