"""The one-time code that makes the first administrator: shown where the program runs, so only who runs it has it."""

import asyncio
import hmac
import os
import secrets
from pathlib import Path

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, GROUP = 3, 4


class FirstCode:
    """A code of 60 bits, good once: who uses it holds `turn`. `text` is None when it has expired."""

    def __init__(self, file: Path | None = None) -> None:
        """Make the code; with `file`, also write it there, readable by the owner alone. Raises OSError."""
        groups = ["".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS)]
        self.text: str | None = "-".join(groups)
        self.turn = asyncio.Lock()
        self._file = file
        if file is not None:
            _write_private(file, self.text)

    def matches(self, typed: str) -> bool:
        """Tell whether this is the code, however it is spaced, dashed or cased."""
        if self.text is None:
            return False
        return hmac.compare_digest(_bare(typed).encode(), _bare(self.text).encode())

    def expire(self) -> None:
        """Make it good for nothing."""
        self.text = None
        if self._file is not None:
            self._file.unlink(missing_ok=True)


def _bare(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())[:64]


def _write_private(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)  # one that is there may be readable by others
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(text + "\n")
