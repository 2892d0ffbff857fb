"""Which line answers the pending command and which comes unasked.

Rules: one command at a time. A line that can only come unasked never enters a reply, wherever it arrives; a line that
can only be an answer is never taken for unasked. What may be either by its form (`+CPIN: READY`) answers the question
for it once, and says the same in both cases. The second line of a two-line code is a PDU; where something else
follows, the first line is forgotten. A final result without a command, and what nobody knows, is `Unexplained`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from device.adapters.modem.at.codes import (
    BodyFollows,
    CallCause,
    MessageArrived,
    Notice,
    Storage,
    Unsolicited,
)
from device.adapters.modem.at.commands import Command, Extra
from device.adapters.modem.at.lines import LineSplitter, Prompt
from device.adapters.modem.at.unsolicited import is_always_unsolicited, prefix_of, read_unsolicited

MOST_REPLY_LINES = 300
"""More than a full SIM lists."""


class Outcome(StrEnum):
    """How a command ended."""

    OK = "OK"
    ERROR = "ERROR"
    EQUIPMENT_ERROR = "+CME ERROR"
    MESSAGE_ERROR = "+CMS ERROR"
    NO_CALL = "no call"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command brought: its lines, how it ended, and what the modem said of it."""

    lines: tuple[str, ...]
    outcome: Outcome
    detail: str = ""
    """Behind the error: a number, or words."""
    cause: CallCause | None = None

    @property
    def is_ok(self) -> bool:
        """Whether it was done."""
        return self.outcome is Outcome.OK

    @property
    def first(self) -> str:
        """The first line, empty where there is none."""
        return self.lines[0] if self.lines else ""


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A line that no command asked for and no modem is known to say: noise, a late reply, the rest of a cut line."""

    text: str


Heard = Unsolicited | Reply | Prompt | Unexplained
_FINALS = {"OK": Outcome.OK, "ERROR": Outcome.ERROR, "ABORTED": Outcome.ERROR, "COMMAND NOT SUPPORT": Outcome.ERROR}
_ERRORS = (Outcome.EQUIPMENT_ERROR, Outcome.MESSAGE_ERROR)
_CAUSES = {cause.value: cause for cause in CallCause}
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")


class Dialogue:
    """The modem's side of the line, and the command that waits."""

    def __init__(self) -> None:
        """Begin with nothing pending."""
        self._splitter = LineSplitter()
        self._pending: Command | None = None
        self._lines: list[str] = []
        self._answers = 0
        self._is_echo_expected = False
        self._is_prompted = False
        self._body_of: Storage | None = None

    @property
    def is_pending(self) -> bool:
        """Whether a command waits for its reply."""
        return self._pending is not None

    def begin(self, command: Command) -> None:
        """Expect this command's reply from now on."""
        assert self._pending is None, "one command at a time"  # noqa: S101 - the port's lock sees to it
        self._pending = command
        self._lines = []
        self._answers = 0
        self._is_echo_expected = True
        self._is_prompted = False

    def give_up(self) -> None:
        """Expect no reply any more: the command took too long, or the port is gone."""
        self._pending = None

    def feed(self, data: bytes) -> list[Heard]:
        """Take what has arrived; return what it says."""
        heard: list[Heard] = []
        for token in self._splitter.feed(data):
            said = self._prompt() if isinstance(token, Prompt) else self._line(token)
            if said is not None:
                heard.append(said)
        return heard

    def _prompt(self) -> Heard | None:
        waits = self._pending is not None and self._pending.body is not None and not self._is_prompted
        self._is_prompted = True
        return Prompt.SHOWN if waits else None

    def _line(self, line: str) -> Heard | None:
        kind, self._body_of = self._body_of, None
        if kind is not None and _HEX.fullmatch(line):
            return Notice(line) if kind is Storage.BROADCAST else MessageArrived(kind, line)
        if self._pending is not None:
            if self._is_echo(self._pending, line):
                return None
            reply = self._final(self._pending, line)
            if reply is not None:
                return reply
            if self._belongs(self._pending, line):
                self._lines.append(line)
                return None
        said = read_unsolicited(line)
        if isinstance(said, BodyFollows):
            self._body_of = said.kind
            return None
        return said or Unexplained(line)

    def _is_echo(self, command: Command, line: str) -> bool:
        if not self._is_echo_expected:
            return False
        is_echo = line.upper() == command.text.upper()
        self._is_echo_expected = not is_echo
        return is_echo

    def _final(self, command: Command, line: str) -> Reply | None:
        upper = line.upper()
        prefix = prefix_of(line)
        error = next((error for error in _ERRORS if prefix == error.value), None)
        cause = _CAUSES.get(upper) if command.is_call else None
        outcome = _FINALS.get(upper) or error or (Outcome.NO_CALL if cause else None)
        if outcome is None:
            return None
        self._pending = None
        return Reply(tuple(self._lines), outcome, line.partition(":")[2].strip() if error else "", cause)

    def _belongs(self, command: Command, line: str) -> bool:
        """Tell whether the line is one of the pending command's reply."""
        if len(self._lines) >= MOST_REPLY_LINES:
            return False
        if prefix_of(line) + ":" in command.prefixes:
            is_wanted = command.lines is None or self._answers < command.lines
            if not is_wanted or is_always_unsolicited(line):
                return False
            self._answers += 1
            return True
        if command.extra is Extra.HEX:
            return _HEX.fullmatch(line) is not None and self._answers > 0
        return command.extra is Extra.TEXT and not line.startswith(("+", "^", "*")) and read_unsolicited(line) is None
