"""Is there a mosquitto that we can use, and are its ports free? Each answer says what to do."""

import errno
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from hub.ports import PermanentAdapterError

OLDEST = 2
INSTALL = "install it: apt install mosquitto"
FREE_WITHIN_S = 5.0
"""A centre that was killed and started again meets its old broker on the way out."""
_ASK_AGAIN_S = 0.1
_SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where daemons are kept, and a normal user's PATH does not look."""


def find_mosquitto(named: Path | None = None) -> Path:
    """Return a mosquitto of version 2 or later. Raises PermanentAdapterError."""
    program = find("mosquitto", INSTALL) if named is None else named
    try:
        answer = subprocess.run([program, "-h"], capture_output=True, text=True, timeout=30, check=False, env={})
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PermanentAdapterError(f"{program} cannot be run: {error}; {INSTALL}") from None
    version = re.search(r"mosquitto version (\d+)\.\S+", answer.stdout + answer.stderr)
    if version is None:
        raise PermanentAdapterError(f"{program} does not say that it is a mosquitto; {INSTALL}")
    if int(version[1]) < OLDEST:
        raise PermanentAdapterError(f"{program} is {version[0]}; the centre needs version {OLDEST} or later")
    return program


def find(name: str, remedy: str) -> Path:
    """Return where a program is. Raises PermanentAdapterError."""
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), *_SYSTEM_FOLDERS])
    found = shutil.which(name, path=places)
    if found is None:
        raise PermanentAdapterError(f"there is no program {name} on this machine; {remedy}")
    return Path(found)


def any_free_port(host: str) -> int:
    """Return a port of `host` at which nobody listens now. Raises PermanentAdapterError."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.bind(address)
            port: int = probe.getsockname()[1]
            return port
    except OSError as error:
        raise PermanentAdapterError(
            f"the broker cannot listen at {host}: {error}; give an address of this machine"
        ) from None


def await_free(addresses: Iterable[tuple[str, int]]) -> None:
    """Return when nobody else listens at `addresses`. Raises PermanentAdapterError where somebody goes on to."""
    deadline = time.monotonic() + FREE_WITHIN_S
    for host, port in addresses:
        while (error := _binding_error(host, port)) is not None:
            if error.errno != errno.EADDRINUSE:
                raise PermanentAdapterError(
                    f"the broker cannot listen at {host}:{port}: {error}; give an address of this machine"
                ) from None
            if time.monotonic() >= deadline:
                raise PermanentAdapterError(
                    f"port {port} of {host} is taken by another program; stop that (the broker that the package "
                    "mosquitto starts by itself: systemctl disable --now mosquitto), or choose another port"
                ) from None
            time.sleep(_ASK_AGAIN_S)


def _binding_error(host: str, port: int) -> OSError | None:
    try:
        for family, kind, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                probe.listen()  # another's socket is in the way only of this, where it was bound as loosely
    except OSError as error:
        return error
    return None
