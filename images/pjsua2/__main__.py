"""Puts our own `pjsua2` into .venv: builds it once per machine, then takes it from the cache.

    python -m images.pjsua2                    build for this machine if need be, install, check
    python -m images.pjsua2 --kept             install what was built before; where nothing was, do nothing
    python -m images.pjsua2 --arch arm64       build for a Raspberry Pi, check in emulation, leave it in the cache
    python -m images.pjsua2 --source FILE      with PJSIP's source from elsewhere

Rules: it says what it does before it does it. A build is in the cache whole or not at all. In .venv either our own
build is installed or that of a package registry, never both. Where Debian's archive does not give what a build needs,
it ends with status 69; where building fails, with 1.
"""

import argparse
import fcntl
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from images.pjsua2 import compiling, debian
from images.pjsua2.recipe import (
    SOURCE,
    VERSION,
    Architecture,
    RecipeError,
    Target,
    build_key,
    cache_folder,
    target_for,
    this_machine,
    verify,
)

CHECKOUT = Path(__file__).parents[2]
UV = CHECKOUT / ".venv" / "uv" / "bin" / "uv"
OTHER_BUILD = "pjsua2-python"
"""Its package would be imported instead of our module."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks; an error ends with a line that says what to do."""
    asked = _parse(arguments)
    try:
        target = target_for(asked.arch or this_machine())
        is_native = target.architecture is this_machine()
        if asked.kept and not _kept(target).exists():
            return
        wheel, sysroot = _wheel(target, asked.source, asked.jobs)
        if is_native:
            _install(wheel, is_new=not asked.kept)
        else:
            _check_in_emulation(target, wheel, sysroot)
    except debian.ArchiveError as error:
        print(f"pjsua2: {error}", file=sys.stderr)  # noqa: T201 - speaks to a person
        sys.exit(os.EX_UNAVAILABLE)
    except RecipeError as error:
        sys.exit(f"pjsua2: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"pjsua2: `{shlex.join(map(str, error.cmd))}` failed with status {error.returncode}")


def _wheel(target: Target, source: Path | None, jobs: int) -> tuple[Path, Path]:
    """Return the wheel, built if need be, and the folder of the target's libraries."""
    wheel = _kept(target)
    kept = wheel.parent
    _install_packages(target)  # for a wheel from the cache too: it loads their libraries
    if not wheel.exists():
        with _alone(kept.parent):
            if not wheel.exists():
                _build(target, source, jobs, kept)
    _say(f"{wheel} is there")
    return wheel, kept / "sysroot"


def _kept(target: Target) -> Path:
    return cache_folder() / build_key(target) / target.wheel


def _build(target: Target, source: Path | None, jobs: int, kept: Path) -> None:
    cache = kept.parent
    file = _source(source, target, cache)
    building = cache / f"{kept.name}.building"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    tools = _toolchain(target, cache, building)
    _say(f"building PJSIP {VERSION} for {target.architecture}, some minutes; the log is {building / 'build.log'}")
    compiling.compile_wheel(file, tools, building, jobs, UV)
    for made_on_the_way in ("source", "contents"):
        shutil.rmtree(building / made_on_the_way)
    shutil.rmtree(kept, ignore_errors=True)
    building.rename(kept)


def _install_packages(target: Target) -> None:
    wanted = [*compiling.TOOLS, "openssl"]
    if target.architecture is this_machine():
        wanted += ["gcc", "g++", *compiling.PACKAGES]
        if not (Path(sysconfig.get_paths()["include"]) / "Python.h").exists():
            wanted.append("python{}.{}-dev".format(*target.python))
    else:
        wanted += [f"g++-{target.architecture.triplet}".replace("_", "-"), "qemu-user-static"]
    packages = debian.missing(wanted)
    if packages:
        _say(f"installing with apt: {' '.join(packages)}")
        debian.install(packages)


def _source(given: Path | None, target: Target, cache: Path) -> Path:
    if given is None:
        _say(f"fetching PJSIP {VERSION} from Debian's source archive, unless it is here")
        return debian.fetch_source(SOURCE, cache / "sources", target.release, cache / "apt")
    if not given.exists():
        raise RecipeError(f"{given} is not there. Name PJSIP's source: --source FILE")
    verify(given)
    return given


def _toolchain(target: Target, cache: Path, building: Path) -> compiling.Toolchain:
    if target.architecture is this_machine():
        return compiling.native(target)
    _say(f"fetching Debian's {target.architecture} packages into a folder of our own")
    python = "python{}.{}".format(*target.python)
    packages = [*compiling.PACKAGES, "libc6-dev", "libstdc++6", python, f"lib{python}-dev"]
    sysroot = building / "sysroot"
    debian.fetch_sysroot(target.architecture, packages, target.release, cache / f"apt-{target.architecture}", sysroot)
    return compiling.across(target, sysroot)


def _install(wheel: Path, is_new: bool) -> None:
    _say("installing it into .venv")
    pip = [str(UV), "pip"]
    python = ["--quiet", "--python", sys.executable]
    subprocess.run([*pip, "uninstall", *python, OTHER_BUILD], check=True, capture_output=True)
    subprocess.run([*pip, "install", *python, "--no-deps", "--no-index", "--reinstall", str(wheel)], check=True)
    if is_new:
        _say("checking it")
        subprocess.run([sys.executable, "-m", "images.pjsua2.check"], cwd=CHECKOUT, check=True)


def _check_in_emulation(target: Target, wheel: Path, sysroot: Path) -> None:
    _say(f"checking it as {target.architecture}, in emulation")
    site = sysroot / "poga"
    shutil.rmtree(site, ignore_errors=True)
    shutil.unpack_archive(wheel, site, "zip")
    emulator = [f"qemu-{target.architecture.machine}-static", "-L", str(sysroot)]
    python = str(sysroot / "usr" / "bin" / "python{}.{}".format(*target.python))
    command = [*emulator, python, "-m", "images.pjsua2.check", "--launcher", shlex.join(emulator)]
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(command, cwd=CHECKOUT, env=environment, check=True)


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Let no two runs build at once: the second finds what the first has built."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another run is building; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m images.pjsua2", description="Build and install our own pjsua2.")
    parser.add_argument("--arch", type=Architecture, choices=list(Architecture), help="build for another machine")
    parser.add_argument(
        "--kept", action="store_true", help="build nothing: take what was built before, if anything was"
    )
    parser.add_argument("--source", type=Path, metavar="FILE", help=f"PJSIP's source: {SOURCE.file}")
    parser.add_argument("--jobs", type=int, default=2, help="how many compilers at once (default 2)")
    return parser.parse_args(arguments)


def _say(text: str) -> None:
    print(f"pjsua2: {text}", flush=True)  # noqa: T201 - speaks to a person


if __name__ == "__main__":
    main()
