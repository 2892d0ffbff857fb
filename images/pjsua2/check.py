"""What the installed `pjsua2` can really do, and whether that is what the recipe promises.

    python -m images.pjsua2.check [--json] [--launcher "qemu-aarch64-static -L ROOT"]

Rules: nothing is believed that can be tried. Legs are counted by opening them, TLS by shaking hands, a packet's size by
sending it, echo cancelling by opening a sound device with it. All on loopback, without a sound card.
"""

import argparse
import json
import os
import shlex
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from images.pjsua2.endpoint import EndpointError, Phone, phone, pj
from images.pjsua2.loopback import Heard, call_another_process

VERSION = "2.17"
LEGS = 256
PACKET_BYTES = 7900
CODECS = ("opus", "G722", "PCMA", "PCMU")
ECHO_CANCELLER = "WebRTC AEC3"
SOUND_CARD = "poga_check"
SOUND_CARDS = f"pcm.{SOUND_CARD} {{ type null hint {{ show on description 'hears and says nothing' }} }}\n"


@dataclass(frozen=True, slots=True)
class Build:
    """A build of pjsua2, as it was seen to be."""

    version: str
    place: str
    codecs: tuple[str, ...]
    legs: int
    message_bytes: int
    tls: str
    sound: str
    echo_canceller: str
    polls_with: str

    def __str__(self) -> str:
        """Return what a person wants to know, a line each."""
        lines = {
            "pjsua2": f"{self.version}, {self.place}",
            "codecs": ", ".join(self.codecs),
            "call legs": str(self.legs),
            "messages": f"at least {self.message_bytes} bytes" if self.message_bytes else "short ones only",
            "TLS": self.tls or "none",
            "sound": f"{self.sound or 'none'}, echo canceller {self.echo_canceller or 'none'}",
            "polls with": self.polls_with,
        }
        return "\n".join(f"{name:<11} {value}" for name, value in lines.items())


def describe_build() -> Build:
    """Try the build that is installed, in this process, and say what it is. Raises EndpointError and pj.Error."""
    with tempfile.TemporaryDirectory(prefix="poga-pjsua2-") as name:
        folder = Path(name)
        _make_certificate(folder)
        (folder / "asound.conf").write_text(SOUND_CARDS)
        os.environ["ALSA_CONFIG_PATH"] = str(folder / "asound.conf")
        log = folder / "pjsip.log"
        with phone(log) as tried:
            port = tried.listen(pj.PJSIP_TRANSPORT_UDP)
            tried.listen(pj.PJSIP_TRANSPORT_TCP)
            tried.enter("check", srtp=False)
            return Build(
                version=tried.endpoint.libVersion().full,
                place=pj.__file__,
                codecs=_codecs(tried),
                message_bytes=PACKET_BYTES if _takes_message(tried, port) else 0,
                legs=_count_legs(tried, port),
                tls=_shake_hands(tried, folder),
                sound=_open_sound(tried),
                echo_canceller=ECHO_CANCELLER if f"{ECHO_CANCELLER} created" in log.read_text() else "",
                polls_with=_poller(),
            )


def shortcomings(build: Build) -> list[str]:
    """Return where a build is not what the recipe promises."""
    promised = {
        f"it is version {build.version}, not {VERSION}": build.version == VERSION,
        f"it has room for {build.legs} call legs, not {LEGS}": build.legs == LEGS,
        f"it cuts a message of {PACKET_BYTES} bytes": build.message_bytes == PACKET_BYTES,
        f"TLS is {build.tls or 'missing'}, not TLSv1.3 by OpenSSL 3": build.tls == "TLSv1.3, OpenSSL 3",
        "it opens no ALSA device": build.sound == "ALSA",
        f"{ECHO_CANCELLER} did not start": build.echo_canceller == ECHO_CANCELLER,
        f"it polls with {build.polls_with}": build.polls_with == "epoll",
    }
    absent = [codec for codec in CODECS if codec not in build.codecs]
    return [what for what, holds in promised.items() if not holds] + [f"it has no {codec}" for codec in absent]


def main(arguments: Sequence[str] | None = None) -> None:
    """Check what is installed, and say what it is; end with status 1 where it is not what is promised."""
    asked = _parse(arguments)
    out = _take_output()
    with tempfile.TemporaryDirectory(prefix="poga-pjsua2-") as name:
        folder = Path(name)
        _make_certificate(folder)
        try:
            # Two processes first: a library that was closed leaves its traces in a process.
            heard = call_another_process(shlex.split(asked.launcher), folder)
            build = describe_build()
        except (EndpointError, pj.Error) as error:
            sys.exit(f"pjsua2: {error.info() if isinstance(error, pj.Error) else error}")
    print(json.dumps(asdict(build) | {"call": asdict(heard)}) if asked.json else f"{build}\n{_call(heard)}", file=out)
    problems = shortcomings(build)
    if not heard.is_secure:
        problems.append("a call that demands SRTP went without")
    if problems:
        sys.exit("\n".join(f"pjsua2: {problem}" for problem in problems))


def _call(heard: Heard) -> str:
    secure = "SRTP" if heard.is_secure else "no SRTP"
    return f"{'a call':<11} over TLS with {secure} and {heard.codec}: the tone was heard at {heard.level:.0%}"


def _codecs(tried: Phone) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codec.codecId.split("/")[0] for codec in tried.endpoint.codecEnum2()))


def _count_legs(tried: Phone, port: int) -> int:
    """Let the endpoint call itself, unanswered, until it has no room; two legs a call."""
    legs = -1
    while len(tried.legs) > legs:
        legs = len(tried.legs)
        with suppress(pj.Error, EndpointError):
            tried.call(f"sip:check@127.0.0.1:{port}")
            tried.until(partial(_has_come_back, tried, legs + 2), "the call comes back", within_s=5)
    tried.endpoint.hangupAllCalls()
    tried.until(lambda: not tried.legs, "every call has ended")
    return legs


def _has_come_back(tried: Phone, legs: int) -> bool:
    return len(tried.legs) >= legs


def _takes_message(tried: Phone, port: int) -> bool:
    """Send a SIP MESSAGE in one datagram, and see whether it comes whole."""
    head = (
        f"MESSAGE sip:check@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKcheck\r\n"
        f"From: <sip:a@127.0.0.1>;tag=a\r\nTo: <sip:check@127.0.0.1>\r\nCall-ID: check\r\nCSeq: 1 MESSAGE\r\n"
        "Max-Forwards: 70\r\nContent-Type: text/plain\r\nContent-Length: {length:04d}\r\n\r\n"
    )
    length = PACKET_BYTES - len(head.format(length=0))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto((head.format(length=length) + "x" * length).encode(), ("127.0.0.1", port))
        try:
            tried.until(lambda: bool(tried.messages), "the message comes", within_s=5)
        except EndpointError:
            return False
    return len(tried.messages[0]) == length


def _shake_hands(tried: Phone, folder: Path) -> str:
    """Return the newest TLS that the endpoint speaks, and whose it is."""
    try:
        port = tried.listen(pj.PJSIP_TRANSPORT_TLS, folder)
    except pj.Error:
        return ""
    spoken: list[str] = []

    def connect() -> None:
        context = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
        try:
            with (
                socket.create_connection(("127.0.0.1", port), 10) as plain,
                context.wrap_socket(plain, server_hostname="127.0.0.1") as wrapped,
            ):
                spoken.append(wrapped.version() or "")
        except OSError:
            spoken.append("")

    client = threading.Thread(target=connect)
    client.start()
    tried.until(lambda: bool(spoken), "the handshake ends")
    client.join()
    library = "OpenSSL 3" if "libssl.so.3" in Path("/proc/self/maps").read_text() else "an older OpenSSL"
    return f"{spoken[0]}, {library}" if spoken[0] else ""


def _open_sound(tried: Phone) -> str:
    """Open a sound device with the echo canceller on; the log tells whether it started."""
    devices = tried.endpoint.audDevManager()
    try:
        card = devices.lookupDev("ALSA", SOUND_CARD)
        devices.setEcOptions(100, pj.PJMEDIA_ECHO_WEBRTC_AEC3)
        devices.setCaptureDev(card)
        devices.setPlaybackDev(card)
        devices.setSndDevMode(0)
        driver = str(devices.getDevInfo(card).driver)
    except pj.Error:
        return ""
    finally:
        devices.setNullDev()
    return driver


def _poller() -> str:
    handles = [str(handle.readlink()) for handle in Path("/proc/self/fd").iterdir() if handle.is_symlink()]
    return "epoll" if "anon_inode:[eventpoll]" in handles else "select"


def _make_certificate(folder: Path) -> None:
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
            ),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")),
        ],
        check=True,
        capture_output=True,
    )


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m images.pjsua2.check", description="Check the installed pjsua2.")
    parser.add_argument("--json", action="store_true", help="say it to a program")
    parser.add_argument("--launcher", default="", help="what starts the other process, where the kernel cannot")
    return parser.parse_args(arguments)


def _take_output() -> TextIO:
    """Return the standard output, for us alone: PJSIP writes to it until it is told of a log, and when it ends."""
    taken = os.fdopen(os.dup(1), "w", buffering=1)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    return taken


if __name__ == "__main__":
    main()
