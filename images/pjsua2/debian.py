"""Debian's archive, by way of the mirror that the machine already uses.

Rules: apt itself reads the machine's sources, in whichever format they are, and downloads through whichever proxy the
machine has; apt itself checks the signatures. Its indexes go to a configuration of our own, so the machine's apt never
learns of another suite or architecture. No host is named here.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from images.pjsua2.recipe import Architecture, RecipeError, Source, verify

KEYRINGS = (
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
)
DOWNLOADER = "/usr/lib/apt/apt-helper"
_URI = re.compile(r"^'(?P<uri>[^']+)' (?P<file>\S+) \d+ (?P<hash>\S+)$", re.MULTILINE)


class ArchiveError(RecipeError):
    """What this machine cannot have of Debian's archive: the source, a package, or apt itself."""


@dataclass(frozen=True, slots=True)
class Index:
    """A list of packages that the machine's apt would read."""

    mirror: str
    suite: str
    component: str


def machine_indexes(options: Sequence[str] = ()) -> list[Index]:
    """Return what the machine's own sources name, in their order; `options` are apt's. Raises ArchiveError."""
    wanted = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
    listed = _run("apt-get", *options, "indextargets", "--no-release-info", "--format", wanted, "Created-By: Packages")
    found = []
    for line in dict.fromkeys(listed.splitlines()):
        mirror, suite, component = line.split(" ")
        found.append(Index(mirror.rstrip("/"), suite, component))
    return found


def mirrors(indexes: Iterable[Index], release: str) -> list[str]:
    """Return the mirrors that may carry all of Debian, the likeliest first. Raises ArchiveError.

    Others offer a suite of the same name, but only Debian's has `-updates` beside it.
    """
    suites: dict[str, set[str]] = {}
    for index in indexes:
        if index.component == "main":
            suites.setdefault(index.mirror, set()).add(index.suite)
    found = [mirror for mirror, offered in suites.items() if release in offered]
    if not found:
        raise ArchiveError(
            f"This machine's apt has no mirror for Debian's {release} main. Add one to /etc/apt/sources.list.d."
        )
    return sorted(found, key=lambda mirror: f"{release}-updates" not in suites[mirror])


def fetch_source(source: Source, into: Path, release: str, apt: Path) -> Path:
    """Download the source file, unless it is there, and return it. Raises ArchiveError, RecipeError."""
    file = into / source.file
    if not file.exists():
        into.mkdir(parents=True, exist_ok=True)
        uri, checksum = _find(source, mirrors(machine_indexes(), release), apt)
        part = file.with_name(f"{file.name}.part")
        _run(DOWNLOADER, *_as_ourselves(), "download-file", uri, str(part), checksum)
        verify(part, source)
        part.rename(file)
    verify(file, source)
    return file


def fetch_sysroot(architecture: Architecture, packages: Sequence[str], release: str, apt: Path, into: Path) -> None:
    """Unpack packages of another architecture, with all they need, into a folder. Raises ArchiveError."""
    suites = {release, f"{release}-updates", f"{release}-security"}
    entries = [
        f"deb [{_signed_by()}] {index.mirror} {index.suite} {index.component}"
        for index in machine_indexes()
        if index.suite in suites and index.component == "main"
    ]
    options = configuration(apt, entries)
    options += ["-o", f"APT::Architecture={architecture}", "-o", f"APT::Architectures={architecture}"]
    _run("apt-get", *options, "update")
    _run("apt-get", *options, "install", "--download-only", "--no-install-recommends", "--yes", *packages)
    into.mkdir(parents=True, exist_ok=True)
    for package in sorted((apt / "cache" / "archives").glob("*.deb")):
        _run("dpkg-deb", "--extract", str(package), str(into))


def configuration(folder: Path, entries: Sequence[str]) -> list[str]:
    """Lay out an apt of our own that knows only `entries`, and return the options that make apt-get use it."""
    for name in ("state/lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "status").touch()
    (folder / "sources.list").write_text("".join(f"{entry}\n" for entry in entries))
    # The machine's hooks are its own affair: they would clean its cache and refresh its catalogues.
    settings = [f"#clear APT::Update::{hook};" for hook in ("Pre-Invoke", "Post-Invoke", "Post-Invoke-Success")]
    settings += [
        f'Dir::State "{folder}/state";',
        f'Dir::State::status "{folder}/status";',
        f'Dir::Cache "{folder}/cache";',
        f'Dir::Etc::sourcelist "{folder}/sources.list";',
        'Dir::Etc::sourceparts "/dev/null";',
        'Acquire::Languages "none";',
    ]
    (folder / "apt.conf").write_text("".join(f"{setting}\n" for setting in settings))
    return ["--quiet", "--config-file", str(folder / "apt.conf"), *_as_ourselves()]


def missing(packages: Iterable[str]) -> list[str]:
    """Return those of Debian's packages that this machine has not installed."""

    def is_installed(package: str) -> bool:
        status = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
        return subprocess.run(status, capture_output=True, text=True, check=False).stdout == "installed"

    return [package for package in packages if not is_installed(package)]


def install(packages: Sequence[str]) -> None:
    """Install Debian's packages, with sudo where we are not root. Raises ArchiveError."""
    if os.geteuid() and not shutil.which("sudo"):
        raise ArchiveError(f"These are missing, and there is no sudo. As root: apt-get install {' '.join(packages)}")
    root = ["sudo"] if os.geteuid() else []
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    _run(*root, *quietly, "update")
    _run(*root, *quietly, "install", "--no-install-recommends", *packages)


def _find(source: Source, candidates: Iterable[str], apt: Path) -> tuple[str, str]:
    said = ""
    for mirror in candidates:
        options = configuration(apt, [f"deb-src [{_signed_by()}] {mirror} {source.suite} main"])
        try:
            _run("apt-get", *options, "update", "-o", "APT::Update::Error-Mode=any")
            offered = _run("apt-get", *options, "--print-uris", "--only-source", "source", source.package)
        except ArchiveError as error:
            said = f" apt says: {error}"
            continue
        for entry in _URI.finditer(offered):
            if entry["file"] == source.file:
                return entry["uri"], entry["hash"]
    raise ArchiveError(
        f"Debian's {source.suite} offers no {source.file} (source package {source.package}) any more, or cannot be "
        f"reached.{said} If you have the file from elsewhere, name it: make pjsua2 ARGS='--source FILE'. Its SHA-256 "
        f"must be {source.sha256}. To move to a newer PJSIP, change SOURCE and VERSION in images/pjsua2/recipe.py."
    )


def _signed_by() -> str:
    keyring = next((keyring for keyring in KEYRINGS if keyring.exists()), None)
    if keyring is None:
        raise ArchiveError("Debian's keyring is not here. Install it (apt install debian-archive-keyring).")
    return f"signed-by={keyring}"


def _as_ourselves() -> list[str]:
    """Let apt, started by root, write into a folder of root's."""
    return ["-o", "APT::Sandbox::User=root"]


def _run(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ArchiveError(f"There is no {command[0]}: the recipe needs Debian or Raspberry Pi OS.") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-5:]
        raise ArchiveError(f"`{' '.join(command)}` failed: {' '.join(said)}")
    return done.stdout
