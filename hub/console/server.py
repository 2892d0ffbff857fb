"""The web server: uvicorn on a loop of its own, in a thread of its own.

The socket is bound before the thread starts, so that a port that is taken is an error of `start`, and any free port is
known by its number.
"""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import TypeVarTuple

import uvicorn
from starlette.types import ASGIApp

from hub.console.settings import ConsoleSettings
from hub.ports import PermanentAdapterError, TransientAdapterError

START_WITHIN_S = 20.0
LOOK_EVERY_S = 0.01
FINISH_WITHIN_S = 2
STOP_WITHIN_S = 5.0
BACKLOG = 128
PEER_SILENT_MS = 20_000
"""A browser that acknowledges nothing for this long is gone though nobody said so: the kernel ends its connection."""

Args = TypeVarTuple("Args")


class WebServer:
    """Serves an application until stopped."""

    def __init__(self, settings: ConsoleSettings) -> None:
        """Bind the socket. Raises PermanentAdapterError."""
        self._settings = settings
        self._socket = _bound(settings)
        self.port: int = self._socket.getsockname()[1]
        self._server: uvicorn.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_serving(self) -> bool:
        """Tell whether it takes requests."""
        return self._server is not None and self._server.started and not self._server.should_exit

    def start(self, app: ASGIApp) -> None:
        """Serve the application.

        Raises:
            PermanentAdapterError: the certificate or its key cannot be used.
            TransientAdapterError: it does not come up.
        """
        config = self._configured(app)
        try:
            config.load()
        except OSError as error:  # ssl's errors are among them
            self.stop()
            raise PermanentAdapterError(f"the console's certificate or key cannot be used: {error}") from None
        server = self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, args=(server,), name="console", daemon=True)
        self._thread.start()
        until_s = time.monotonic() + START_WITHIN_S
        while not server.started:
            self._thread.join(LOOK_EVERY_S)
            if not self._thread.is_alive() or time.monotonic() > until_s:
                self.stop()
                raise TransientAdapterError("the console's web server did not come up; the log says why")

    def call(self, function: Callable[[*Args], object], *args: *Args) -> None:
        """Have something called on the server's loop, from any thread; nothing where it has stopped."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody looks any more
                self._loop.call_soon_threadsafe(function, *args)

    def stop(self) -> None:
        """End: open requests may finish for a moment. May be called twice."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(STOP_WITHIN_S)
            self._server.force_exit = True
            self._thread.join(STOP_WITHIN_S)
        self._socket.close()

    def _serve(self, server: uvicorn.Server) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            await server.serve(sockets=[self._socket])

        asyncio.run(serve())

    def _configured(self, app: ASGIApp) -> uvicorn.Config:
        settings = self._settings
        return uvicorn.Config(
            app,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="on",
            ws="none",
            limit_concurrency=settings.most_connections,
            backlog=BACKLOG,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies),
            ssl_certfile=settings.tls_certificate,
            ssl_keyfile=settings.tls_key,
            timeout_graceful_shutdown=FINISH_WITHIN_S,
        )


def _bound(settings: ConsoleSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, PEER_SILENT_MS)
        # asyncio sets it on sockets it has made itself only. Without it answers and alarms can wait for 40 ms.
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bound.bind((settings.host, settings.port))
    except OSError as error:
        bound.close()
        raise PermanentAdapterError(
            f"the console cannot listen on {settings.host} port {settings.port}: {error.strerror}."
            " Free the port, or set another one"
        ) from None
    return bound
