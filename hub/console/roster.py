"""Who is at a console: an event stream is open, and its browser has said within seconds that somebody hears it.

Whether somebody can be spoken with there, the browser says with the same word.

Kept by session, which is one browser; an operator with two is live while either is.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class _Browser:
    operator: str
    streams: int = 0
    heard_s: float = float("-inf")
    is_on_shift: bool = False
    can_speak: bool = False


@dataclass(slots=True)
class Roster:
    """Every browser with a stream. `now_s` is monotonic."""

    alive_within_s: float
    _browsers: dict[str, _Browser] = field(default_factory=dict)

    def stream_opened(self, session: str, operator: str) -> None:
        """Note a stream."""
        self._browsers.setdefault(session, _Browser(operator)).streams += 1

    def stream_closed(self, session: str) -> None:
        """Note that a stream has ended; with its last one a browser is forgotten."""
        browser = self._browsers.get(session)
        if browser is not None:
            browser.streams -= 1
            if browser.streams <= 0:
                del self._browsers[session]

    def alive(self, session: str, is_on_shift: bool, can_speak: bool, now_s: float) -> bool:
        """Note a browser's word; return False where it has no stream, so that it opens one."""
        browser = self._browsers.get(session)
        if browser is None:
            return False
        browser.heard_s, browser.is_on_shift, browser.can_speak = now_s, is_on_shift, can_speak
        return True

    def live(self, now_s: float) -> frozenset[str]:
        """Return the operators who are at a console, on shift."""
        return frozenset(browser.operator for browser in self._heard(now_s))

    def speaking(self, now_s: float) -> frozenset[str]:
        """Return those of them who have a microphone there."""
        return frozenset(browser.operator for browser in self._heard(now_s) if browser.can_speak)

    def _heard(self, now_s: float) -> list[_Browser]:
        return [
            browser
            for browser in self._browsers.values()
            if browser.is_on_shift and now_s - browser.heard_s <= self.alive_within_s
        ]
