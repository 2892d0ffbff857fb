"""Where peers are installed: a folder that can be thrown away, outside the checkout, and by their own installers.

Rules: a peer that cannot be had (no installer, no network) is told as `PeerMissingError`, and the bench goes on without
it. `POGA_BENCH_CACHE` names another folder.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(os.environ.get("POGA_BENCH_CACHE") or Path.home() / ".cache" / "poga-bench")
INSTALLED_WITHIN_S = 900.0
LAST_WORDS = 400
MARK = "installed"


class PeerMissingError(Exception):
    """A peer is not available; the text says why."""


def installed(name: str, version: str, *commands: Sequence[str]) -> Path:
    """Return the folder in which a peer is installed, by these commands if it is not yet. Raises PeerMissingError."""
    folder = FOLDER / f"{name}-{version}"
    if (folder / MARK).exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"installing {name} {version} into {folder}, once ...", flush=True)
    for command in commands:
        _run(name, command, folder)
    (folder / MARK).touch()
    return folder


def _run(name: str, command: Sequence[str], folder: Path) -> None:
    if shutil.which(command[0]) is None and not (folder / command[0]).exists():
        raise PeerMissingError(f"{name}: there is no {command[0]} on this machine")
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=INSTALLED_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerMissingError(f"{name} cannot be installed: {error}") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()[-LAST_WORDS:]
        raise PeerMissingError(f"{name} cannot be installed: {command[0]} said: {said}")
