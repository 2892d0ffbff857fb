"""What is built, from what, and when what was built before is still right.

Rules: the source is one file, known by its SHA-256. A build is known by the hash of everything that goes into it; a
build with the same hash is never made twice. Nothing here touches the network or starts a program.
"""

import hashlib
import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

HERE = Path(__file__).parent
VERSION = "2.17"


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a source package in Debian's archive."""

    package: str
    suite: str
    file: str
    sha256: str


SOURCE = Source(
    package="asterisk",
    suite="sid",
    file="asterisk_22.10.1+dfsg+~cs6.17.60671434.orig-Xpjproject.tar.xz",
    sha256="6860c2f7604b4eee75f38151a9ef69774eb3f0c5286fc1d14bc1db2dc5a9e8aa",
)
"""PJSIP 2.17. Debian leaves out the codecs and libraries that it packages itself, and keeps AEC3 and the binding."""

BUILDING = ("recipe.py", "compiling.py", "config_site.h")
"""The files of this folder that decide what a build contains. The others fetch, check and install it."""


class RecipeError(Exception):
    """What is wrong, where, and what to do about it."""


class Architecture(StrEnum):
    """Debian's names."""

    AMD64 = "amd64"
    ARM64 = "arm64"

    @property
    def machine(self) -> str:
        """Return the kernel's name, which is also that of wheels and of QEMU."""
        return {Architecture.AMD64: "x86_64", Architecture.ARM64: "aarch64"}[self]

    @property
    def triplet(self) -> str:
        """Return the compiler's name."""
        return f"{self.machine}-linux-gnu"


@dataclass(frozen=True, slots=True)
class Target:
    """The machines that a wheel is for: shared libraries differ by release, the binding by Python."""

    architecture: Architecture
    release: str
    python: tuple[int, int]

    @property
    def abi(self) -> str:
        """Return Python's tag, as in `cp311`."""
        return "cp{}{}".format(*self.python)

    @property
    def extension(self) -> str:
        """Return the ending of a compiled module's name."""
        return ".cpython-{}{}-{}.so".format(*self.python, self.architecture.triplet)

    @property
    def wheel(self) -> str:
        """Return the name of the wheel."""
        return f"pjsua2-{VERSION}-{self.abi}-{self.abi}-linux_{self.architecture.machine}.whl"


def this_machine() -> Architecture:
    """Return the architecture of the Python that runs. Raises RecipeError."""
    for architecture in Architecture:
        if architecture.machine == platform.machine() and sys.maxsize > 2**32:
            return architecture
    raise RecipeError(f"{platform.machine()} is not supported: the recipe builds for amd64 and arm64, 64 bit.")


def target_for(architecture: Architecture) -> Target:
    """Return the target of this Debian release and this Python. Raises RecipeError."""
    try:
        release = platform.freedesktop_os_release()["VERSION_CODENAME"]
    except (OSError, KeyError):
        raise RecipeError(
            "/etc/os-release names no release. The recipe needs Debian 12 or newer, or Raspberry Pi OS."
        ) from None
    return Target(architecture, release, sys.version_info[:2])


def cache_folder() -> Path:
    """Return where sources and builds are kept."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "poga" / "pjsua2"


def build_key(target: Target, source: Source = SOURCE, folder: Path = HERE) -> str:
    """Return the hash of all that goes into a build."""
    inputs = {
        "source": asdict(source),
        "target": asdict(target),
        "files": {name: sha256_of(folder / name) for name in BUILDING},
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:32]


def verify(file: Path, source: Source = SOURCE) -> None:
    """Raise RecipeError where a file is not the source, to the last byte."""
    found = sha256_of(file)
    if found != source.sha256:
        raise RecipeError(
            f"{file} is not PJSIP {VERSION} as the recipe knows it: its SHA-256 is {found}, and {source.sha256} is "
            "wanted. It is damaged or another version: remove it, then run this again."
        )


def sha256_of(file: Path) -> str:
    """Return a file's SHA-256, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
