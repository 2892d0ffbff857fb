"""The centre's end of the line to the WebRTC process.

Rules: whatever becomes of the process, every leg that was taken gets its `BrowserGone`, once; who waits for an answer
waits for seconds at most.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from pydantic import ValidationError

from hub.adapters.voice.child import Child
from hub.adapters.voice.webrtc import messages as ms
from hub.ports import SpeechRefusedError

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 8.0
"""A STUN server that does not answer is given up after 5."""
PROCESS = "hub.adapters.voice.webrtc"
LegEvent = ms.BrowserConnected | ms.BrowserHeard | ms.BrowserGone


class Browsers:
    """Every browser that speaks, through a process that may be lost."""

    def __init__(self, settings: ms.Settings, report: Callable[[LegEvent], None]) -> None:
        """Prepare; `report` is called from the keeper's thread."""
        self._report = report
        self._child = Child(PROCESS, settings.model_dump_json().encode(), self._hear, self._lost)
        self._lock = threading.Lock()
        self._waiting: dict[str, Future[str]] = {}
        self._legs: set[str] = set()
        self.version = ""

    @property
    def is_running(self) -> bool:
        """Tell whether browsers can be answered."""
        return bool(self.version)

    @property
    def pid(self) -> int | None:
        """Return the process's number while there is one."""
        return self._child.pid

    def start(self) -> None:
        """Begin; returns at once."""
        self._child.start()

    def stop(self) -> None:
        """End every browser's connection and the process. May be called twice."""
        self._child.stop()
        self._fail_waiting("the centre ends")

    def answer(self, leg: str, offer: str, engine: Path) -> str:
        """Return the answer to a browser's offer; its sound is linked to the socket `engine`.

        Raises SpeechRefusedError.
        """
        try:
            command = ms.TakeOffer(leg=leg, offer=offer, engine=engine)
        except ValidationError:
            raise SpeechRefusedError(f"the offer is longer than {ms.LONGEST_SDP} characters") from None
        answer: Future[str] = Future()
        with self._lock:
            self._waiting[leg] = answer
            self._legs.add(leg)
        try:
            if not self._send(command):
                raise SpeechRefusedError("the WebRTC process is not running")
            return answer.result(ANSWER_WITHIN_S)
        except TimeoutError:
            self.end(leg)
            raise SpeechRefusedError(f"the offer was not answered within {ANSWER_WITHIN_S:g} s") from None
        except SpeechRefusedError:
            self.end(leg)
            raise
        finally:
            with self._lock:
                del self._waiting[leg]

    def end(self, leg: str) -> None:
        """Close a browser's connection; nothing more is said of it."""
        with self._lock:
            is_known = leg in self._legs
            self._legs.discard(leg)
        if is_known:
            self._send(ms.EndBrowser(leg=leg))

    def _send(self, command: ms.Command) -> bool:
        return self._child.send(command.model_dump_json().encode())

    # --- the keeper's thread ---

    def _hear(self, line: bytes) -> None:
        event = ms.EVENTS.validate_json(line)
        match event:
            case ms.Started():
                self.version = event.version
            case ms.OfferAnswered() | ms.OfferRefused():
                self._settle(event)
            case ms.BrowserGone():
                self._gone(event)
            case ms.BrowserConnected() | ms.BrowserHeard():
                if event.leg in self._legs:
                    self._report(event)
            case ms.Alive():
                pass

    def _settle(self, event: ms.OfferAnswered | ms.OfferRefused) -> None:
        with self._lock:
            future = self._waiting.get(event.leg)
        if future is None or future.done():
            return
        if isinstance(event, ms.OfferAnswered):
            future.set_result(event.answer)
        else:
            future.set_exception(SpeechRefusedError(event.reason))

    def _gone(self, event: ms.BrowserGone) -> None:
        with self._lock:
            is_known = event.leg in self._legs
            self._legs.discard(event.leg)
        if is_known:
            self._report(event)

    def _lost(self, reason: str) -> None:
        self.version = ""
        self._fail_waiting("the WebRTC process is lost")
        with self._lock:
            legs = sorted(self._legs)
        for leg in legs:
            self._gone(ms.BrowserGone(leg=leg, reason=f"the WebRTC process is lost: {reason}"))

    def _fail_waiting(self, reason: str) -> None:
        with self._lock:
            waiting = list(self._waiting.values())
        for future in waiting:
            if not future.done():
                future.set_exception(SpeechRefusedError(reason))
