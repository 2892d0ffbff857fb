"""The console as the runtime sees it: one door, whose screens show incidents and whose wishes get their replies.

`perform` only hands over to the web server's loop: no browser, however slow, holds up the centre.
"""

import logging

from hub.console.application import build
from hub.console.call_book import CallBook
from hub.console.core_line import CoreLine
from hub.console.first_code import FirstCode
from hub.console.live import Live
from hub.console.operators import Operators
from hub.console.parts import Checks, Measures, Parts
from hub.console.passwords import Passwords
from hub.console.register import Register
from hub.console.server import WebServer
from hub.console.sessions import Sessions
from hub.console.settings import ConsoleSettings
from hub.core.effects import Effect, Reply, Show, ShowCall
from hub.ports import AdapterError, BrowserSpeech, PermanentAdapterError, Recordings, Report, StoreReader

log = logging.getLogger(__name__)


class Console:
    """Operators' screens."""

    name = "console"
    performs: tuple[type[Effect], ...] = (Show, ShowCall, Reply)

    def __init__(
        self,
        settings: ConsoleSettings,
        reader: StoreReader,
        *,
        checks: Checks = dict,
        measures: Measures = dict,
        speech: BrowserSpeech | None = None,
        recordings: Recordings | None = None,
    ) -> None:
        """Take what it reads. `checks` are for /healthz, `measures` for /metrics; both are called from any thread.

        `speech` lets operators speak from their browsers, `recordings` hear what was recorded.
        """
        self._settings = settings
        self._reader = reader
        self._checks = checks
        self._measures = measures
        self._speech = speech
        self._recordings = recordings
        self._server: WebServer | None = None
        self._parts: Parts | None = None

    @property
    def url(self) -> str:
        """Return where browsers find it, once it has started."""
        if self._settings.public_url:
            return self._settings.public_url.rstrip("/")
        scheme = "https" if self._settings.tls_certificate else "http"
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        return f"{scheme}://{host}:{self._server.port if self._server else self._settings.port}"

    @property
    def is_serving(self) -> bool:
        """Tell whether browsers can reach it."""
        return self._server is not None and self._server.is_serving

    @property
    def first_code(self) -> str | None:
        """Return the code that makes the first administrator, None where there is one, or it is used."""
        code = self._parts.first_code if self._parts else None
        return code.text if code else None

    def start(self, report: Report) -> None:
        """Serve. Raises PermanentAdapterError where the port cannot be had, TransientAdapterError otherwise."""
        server = self._server = WebServer(self._settings)
        parts = self._parts = self._assembled(server.port)
        parts.line.open(report)
        try:
            parts.live.board.load()
            parts.first_code = self._code_where_nobody_is_there()
        except AdapterError as error:  # screens that show the next alarm are better than none
            log.error("the console starts without knowing what is open: %s", error)
        server.start(build(parts))

    def perform(self, effect: Effect) -> None:
        """Show an incident or a call, or pass on a reply; returns at once."""
        if self._server is None or self._parts is None:
            return  # what happened before the start is loaded from the store
        match effect:
            case Show():
                self._server.call(self._parts.live.show, effect)
            case ShowCall():
                self._server.call(self._parts.live.show_call, effect)
            case Reply():
                self._server.call(self._parts.line.answered, effect)
            case _:
                raise PermanentAdapterError(f"the console does not perform {type(effect).__name__}")

    def stop(self) -> None:
        """Close every stream, then the server. What a browser still asks for meanwhile gets no reply."""
        if self._server is not None and self._parts is not None:
            self._parts.line.close()
            self._server.call(self._parts.live.close)
            self._server.stop()

    def _assembled(self, port: int) -> Parts:
        settings, reader = self._settings, self._reader
        line = CoreLine(settings.reply_within_s)
        live = Live(reader, line, settings)
        passwords = Passwords()
        return Parts(
            settings=settings,
            reader=reader,
            line=line,
            live=live,
            sessions=Sessions(reader, settings.session_s),
            register=Register(reader, line, live.board.register_changed),
            operators=Operators(reader, line, passwords),
            passwords=passwords,
            call_book=CallBook(reader, line),
            origins=settings.origins(port),
            measures=self._measures,
            checks=self._checks,
            speech=self._speech,
            recordings=self._recordings,
        )

    def _code_where_nobody_is_there(self) -> FirstCode | None:
        if self._reader.operators():
            return None
        try:
            return FirstCode(self._settings.first_code_file)
        except OSError as error:
            raise PermanentAdapterError(
                f"the first code cannot be written to {self._settings.first_code_file}: {error.strerror}"
            ) from None
