"""From PJSIP's source to a wheel.

Rules: what must be in the build is looked for when it is configured, before minutes are spent on compiling. Natively
and across, the same path is taken: only the compiler's name and the place of the libraries differ. Everything that is
said goes to the log.
"""

import os
import subprocess
import sysconfig
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from images.pjsua2.recipe import HERE, VERSION, RecipeError, Target

PACKAGES = (
    "libasound2-dev",
    "libopus-dev",
    "libspeex-dev",  # its header only: ./aconfigure asks for it beside that of libspeexdsp
    "libspeexdsp-dev",
    "libsrtp2-dev",
    "libssl-dev",
    "uuid-dev",  # else Call-IDs and tags come from rand()
)
"""Debian's packages of the libraries. What of them is used is loaded when the module is imported."""

TOOLS = ("make", "swig")
WHEEL_TOOL = "wheel==0.45.1"
BINDING = "pjsip-apps/src/swig/python"

FLAGS = "-O2 -fPIC -DNDEBUG -fstack-protector-strong -D_FORTIFY_SOURCE=2"
CXX_FLAGS = f"{FLAGS} -std=c++17"  # with an older one AEC3 compiles, and the module does not import
LINKING = "-Wl,--as-needed -Wl,-z,relro,-z,now"

CHOICES = (
    "--enable-epoll",
    "--enable-libwebrtc-aec3",
    "--enable-speex-resample",
    "--with-external-speex",
    "--with-external-srtp",
    # Codecs that nobody needs beside Opus, G.722 and G.711, and what belongs to pictures.
    "--disable-bcg729",
    "--disable-g7221-codec",
    "--disable-gsm-codec",
    "--disable-ilbc-codec",
    "--disable-l16-codec",
    "--disable-lyra",
    "--disable-opencore-amr",
    "--disable-silk",
    "--disable-speex-aec",  # else it, and not AEC3, would be meant by "default"
    "--disable-speex-codec",
    "--disable-libwebrtc",  # the older canceller
    "--disable-libyuv",
    "--disable-upnp",
    "--disable-video",
)

LINKED = ("asound", "opus", "speexdsp", "srtp2", "ssl", "uuid", "webrtc-aec3")
"""What PJSIP must want to be linked with, once it is configured: it leaves out in silence what it does not find."""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Which compiler, and where the target's headers and libraries are."""

    target: Target
    prefix: str  # of the compiler's name: empty, or the target's name and a dash
    sysroot: Path
    python_headers: tuple[Path, ...]

    @property
    def arguments(self) -> str:
        """Return what the compiler must be told to look in the sysroot."""
        return f"--sysroot={self.sysroot}" if self.prefix else ""

    @property
    def environment(self) -> dict[str, str]:
        """Return what ./aconfigure and make are to find in the environment."""
        return {
            "CC": f"{self.prefix}gcc {self.arguments}".strip(),
            "CXX": f"{self.prefix}g++ {self.arguments}".strip(),
            "AR": f"{self.prefix}ar",
            "RANLIB": f"{self.prefix}ranlib",
            "CFLAGS": FLAGS,
            "CXXFLAGS": CXX_FLAGS,
            "LDFLAGS": LINKING,
            # PJSIP names it for its Speex codec only; the echo canceller and the resampler are in it.
            "LIBS": "-lspeexdsp",
            "LC_ALL": "C",
            "SOURCE_DATE_EPOCH": "1700000000",
        }


def native(target: Target) -> Toolchain:
    """Return the toolchain of this machine."""
    return Toolchain(target, "", Path("/"), (Path(sysconfig.get_paths()["include"]),))


def across(target: Target, sysroot: Path) -> Toolchain:
    """Return the toolchain for another architecture, with its packages unpacked in `sysroot`."""
    headers = sysroot / "usr" / "include"
    python = "python{}.{}".format(*target.python)
    return Toolchain(target, f"{target.architecture.triplet}-", sysroot, (headers / python,))


def compile_wheel(source: Path, tools: Toolchain, folder: Path, jobs: int, uv: Path) -> Path:
    """Build the wheel in `folder` and return it; what was said is in `folder`/build.log. Raises RecipeError."""
    with (folder / "build.log").open("w") as log:
        run = Shell(log, tools.environment)
        tree = _unpack(source, folder)
        (tree / "pjlib" / "include" / "pj" / "config_site.h").write_bytes((HERE / "config_site.h").read_bytes())
        _configure(tree, tools, run)
        run("nice", "-n", "19", "make", f"-j{jobs}", "lib", cwd=tree)
        contents = _bind(tree, tools, folder, run)
        run(str(uv), "tool", "run", "--from", WHEEL_TOOL, "wheel", "pack", "--dest", str(folder), str(contents))
    wheel = folder / tools.target.wheel
    if not wheel.exists():
        raise RecipeError(f"The build ended without {wheel.name}. See {folder / 'build.log'}.")
    return wheel


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs programs, and writes what they say to the log."""

    log: IO[str]
    environment: Mapping[str, str]

    def __call__(self, *command: str, cwd: Path | None = None) -> None:
        self.log.write(f"\n$ {' '.join(command)}\n")
        self.log.flush()
        environment = {**os.environ, **self.environment}
        done = subprocess.run(command, cwd=cwd, env=environment, stdout=self.log, stderr=self.log, check=False)
        if done.returncode:
            raise RecipeError(
                f"`{' '.join(command[:4])} ...` failed with status {done.returncode}. Its last lines, from "
                f"{self.log.name}:\n{_last_lines(Path(self.log.name))}"
            )


def _unpack(source: Path, folder: Path) -> Path:
    with tarfile.open(source) as archive:
        archive.extractall(folder / "source", filter="data")
    (tree,) = (folder / "source").iterdir()
    # A driver for something proprietary, which Debian leaves out. It is compiled, empty, all the same.
    (tree / "pjmedia" / "src" / "pjmedia-audiodev" / "bdimad_dev.c").touch()
    return tree


def _configure(tree: Path, tools: Toolchain, run: Shell) -> None:
    prefix = tools.sysroot / "usr"
    # Said natively too: when compiling across, without these TLS and Opus would be left out in silence.
    places = [f"--with-ssl={prefix}", f"--with-opus={prefix}"]
    host = [f"--host={tools.target.architecture.triplet}"] if tools.prefix else []
    run("./aconfigure", *host, *places, *CHOICES, cwd=tree)
    libraries = _asked("libs", tree, tools)
    absent = [name for name in LINKED if not any(f"{library}-".startswith(f"{name}-") for library in libraries)]
    if "PJ_IOQUEUE_IMP_EPOLL" not in (tree / "pjlib/include/pj/compat/os_auto.h").read_text():
        absent.append("epoll")
    if absent:
        raise RecipeError(
            f"PJSIP would be built without {', '.join(absent)}. Are all of these installed: {' '.join(PACKAGES)}? What "
            f"was looked for, and not found, stands in {run.log.name}."
        )


def _bind(tree: Path, tools: Toolchain, folder: Path, run: Shell) -> Path:
    """Lay out the wheel's contents: the module, the binding, and what a package says of itself."""
    binding = tree / BINDING
    headers = [f"-I{tree / part / 'include'}" for part in ("pjlib", "pjlib-util", "pjmedia", "pjsip", "pjnath")]
    run(
        "swig",
        "-python",
        "-c++",
        "-threads",
        "-doxygen",
        "-w312",
        *headers,
        "-o",
        "wrap.cpp",
        "../pjsua2.i",
        cwd=binding,
    )
    contents = folder / "contents"
    about = contents / f"pjsua2-{VERSION}.dist-info"
    (about / "licenses").mkdir(parents=True)
    (contents / "pjsua2.py").write_bytes((binding / "pjsua2.py").read_bytes())
    (about / "licenses" / "COPYING").write_bytes((tree / "COPYING").read_bytes())
    (about / "METADATA").write_text(METADATA)
    (about / "WHEEL").write_text(WHEEL.format(target=tools.target))
    compiler = tools.environment["CXX"].split()
    flags = _asked("cflags", tree, tools)
    linking = [*_asked("ldflags", tree, tools), *(f"-l{name}" for name in _asked("libs", tree, tools))]
    python = [f"-I{folder}" for folder in tools.python_headers]
    module = str(contents / f"_pjsua2{tools.target.extension}")
    run(
        *compiler, "-shared", "-s", *CXX_FLAGS.split(), *flags, *python, "wrap.cpp", "-o", module, *linking, cwd=binding
    )
    return contents


def _asked(what: str, tree: Path, tools: Toolchain) -> list[str]:
    """Return what PJSIP's own build wants a program to be compiled and linked with."""
    command = ["make", "--no-print-directory", "--directory", str(tree / BINDING), "-f", "helper.mak", what]
    environment = {**os.environ, **tools.environment}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


def _last_lines(log: Path, count: int = 15) -> str:
    return "\n".join(f"  {line}" for line in log.read_text(errors="replace").splitlines()[-count:])


METADATA = f"""\
Metadata-Version: 2.1
Name: pjsua2
Version: {VERSION}
Summary: PJSIP's Python module, as Poga builds it
License: GPL-2.0-or-later
Requires-Python: >=3.11
"""

WHEEL = """\
Wheel-Version: 1.0
Generator: poga
Root-Is-Purelib: false
Tag: {target.abi}-{target.abi}-linux_{target.architecture.machine}
"""
