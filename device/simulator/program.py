"""Runs a virtual home: the wire, the unit and the page, until it is told to stop."""

import argparse
import asyncio
import json
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from device.config import Centre, ConfigError, Settings, Speech, SpeechTarget, SpeechTransport
from device.prompts.words import Language
from device.simulator.home import TRIGGERS, VirtualHome
from device.simulator.line import Line
from device.simulator.page import make_page
from device.voice.messages import Protocol, Srtp

HOST = "127.0.0.1"


def main(options: argparse.Namespace, tell: Callable[[str], None]) -> int:
    """Play a home as `poga-device simulate` was told, `tell` where it is; return the exit code.

    Raises:
        ConfigError: an argument cannot be used.
        AlreadyRunningError: another home has the data folder.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn hears them, and raises them again when it has ended
    with tempfile.TemporaryDirectory(prefix="poga-home-") as passing:
        asyncio.run(_play(options, options.data or Path(passing), tell))
    return 0


async def _play(options: argparse.Namespace, data_dir: Path, tell: Callable[[str], None]) -> None:
    line = Line(*centre_address(options.centre))
    home = VirtualHome(_settings(options, data_dir, await line.open()), line)
    with _listen(options.port) as listener:
        port: int = listener.getsockname()[1]
        config = uvicorn.Config(
            make_page(home, line, lambda: server.should_exit),
            log_level="warning",
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        home.plug_in()
        try:
            tell(f"Virtual home: http://{HOST}:{port}/")
            _tell_ready(options.ready_file, port)
            await server.serve(sockets=[listener])
        finally:
            await asyncio.to_thread(home.unplug)
            await line.close()


def centre_address(text: str) -> tuple[str, int]:
    """Return host and port of `host:port`. Raises ConfigError."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise ConfigError(f"--centre: {text!r} is no address; give host:port, as in 127.0.0.1:1883")
    return host.strip("[]"), int(port)


def _listen(port: int) -> socket.socket:
    try:
        listener = socket.create_server((HOST, port))
        # asyncio sets it on sockets it has made itself only. Without it every answer waits for 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except (OSError, OverflowError) as error:
        raise ConfigError(f"--port: nobody can listen at {HOST}:{port}: {error}; give another, or 0 for any") from None


def _settings(options: argparse.Namespace, data_dir: Path, port: int) -> Settings:
    centre = Centre(
        host=HOST,
        port=port,
        tls=False,
        username=options.username,
        password_file=options.password_file,
    )
    speech = _speech(options.call)
    try:
        return Settings(
            unit_id=options.unit_id,
            language=Language(options.language),
            centres=(centre,),
            triggers=TRIGGERS,
            speech=speech,
            data_dir=data_dir,
        )
    except ValueError as error:
        raise ConfigError(f"--unit-id: {options.unit_id!r} cannot name a unit") from error


def _speech(uris: Sequence[str]) -> Speech:
    try:
        return Speech(
            targets=tuple(SpeechTarget(uri=uri, srtp=Srtp.OFF) for uri in uris),
            transports=(SpeechTransport(protocol=Protocol.UDP, host=HOST),),
        )
    except ValueError as error:
        raise ConfigError(
            f"--call: {', '.join(uris)}: give up to eight SIP addresses, as in sip:alarm@{HOST}:5060"
        ) from error


def _tell_ready(file: Path | None, port: int) -> None:
    if file is None:
        return
    draft = file.with_name(f"{file.name}.draft")
    draft.write_text(json.dumps({"port": port, "pid": os.getpid(), "url": f"http://{HOST}:{port}/"}), encoding="utf-8")
    draft.replace(file)
