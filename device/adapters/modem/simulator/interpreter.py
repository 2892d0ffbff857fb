"""A modem's command line: echo, editing, several commands in one line, the prompt for a text.

Rules: V.250 and 27.007, 4: a line begins with AT and ends with CR, extended commands are divided by semicolons, the
first refusal ends the line. A text ends with Ctrl-Z and is given up with Escape.
"""

import re
from typing import TYPE_CHECKING

from device.adapters.modem.simulator.call_handlers import CALL_HANDLERS
from device.adapters.modem.simulator.handlers import HANDLERS, Act, Operation, Prompt, Refused, Request, answer
from device.adapters.modem.simulator.message_handlers import MESSAGE_HANDLERS

if TYPE_CHECKING:
    from device.adapters.modem.simulator.modem import SimulatedModem

CR, BACKSPACE, CTRL_Z, ESCAPE = 0x0D, 0x08, 0x1A, 0x1B
_TABLE = HANDLERS | CALL_HANDLERS | MESSAGE_HANDLERS
_EXTENDED = re.compile(r"[+^*$]([A-Z0-9]+)(=\?|\?|=((?:\"[^\"]*\"|[^;\"])*))?;?", re.IGNORECASE)
_BASIC = re.compile(r"(D[^;]*;?|S\d+[=?]\d*|[&\\]?[A-Z]\d*);?", re.IGNORECASE)


class Interpreter:
    """The reading half of one modem."""

    def __init__(self, modem: "SimulatedModem") -> None:
        """Begin at the beginning of a line."""
        self._modem = modem
        self._line = bytearray()
        self._prompt: Prompt | None = None

    def feed(self, data: bytes) -> None:
        """Take what the other side sends."""
        for byte in data:
            if self._modem.settings.echo and not (self._prompt and byte in (CTRL_Z, ESCAPE)):
                self._modem.send(bytes([byte]))
            if self._prompt is not None:
                self._take_text(byte)
            elif byte == CR:
                line, self._line = self._line.decode("latin-1"), bytearray()
                self._execute(line.strip())
            elif byte == BACKSPACE:
                del self._line[-1:]
            elif byte == ESCAPE:
                self._line.clear()
            else:
                self._line.append(byte)

    def _take_text(self, byte: int) -> None:
        prompt = self._prompt
        if byte not in (CTRL_Z, ESCAPE) or prompt is None:
            self._line.append(byte)
            return
        text, self._line, self._prompt = self._line.decode("latin-1"), bytearray(), None
        if byte == ESCAPE:
            self._end("OK")
        else:
            self._finish(prompt.name, lambda: prompt.take(text.replace("\n", "").strip("\r")))

    def _execute(self, line: str) -> None:
        start = line.upper().find("AT")
        if start < 0:
            return
        rest = line[start + 2 :].strip()
        faults = self._modem.faults
        if faults.resets_at and rest.upper().startswith(faults.resets_at):
            faults.resets_at = ""
            self._modem.send(b"\r\n+C")
            self._modem.restart()
            return
        if not rest:
            self._end("OK")
            return
        while rest:
            match = _EXTENDED.match(rest) or _BASIC.match(rest)
            if match is None:
                self._end("ERROR")
                return
            rest = rest[match.end() :].lstrip()
            if not self._do(match, is_last=not rest):
                return

    def _do(self, match: re.Match[str], *, is_last: bool) -> bool:
        """Do one command; return whether the line goes on."""
        request = _request(match)
        refusal = self._modem.faults.refuses.get(request.name)
        if refusal is not None:
            self._end(refusal)
            return False
        try:
            said = answer(self._modem, request, _TABLE)
        except Refused as error:
            self._end(_refusal(error, self._modem.settings.verbose_errors))
            return False
        if isinstance(said, Prompt):
            self._prompt = said
            self._modem.send(b"\r\n> ")
            return False
        for line in said:
            self._modem.say(line)
        if is_last:
            self._end("OK")
        return True

    def _finish(self, name: str, act: Act) -> None:
        refusal = self._modem.faults.refuses.get(name)
        if refusal is not None:
            self._end(refusal)
            return
        try:
            for line in act():
                self._modem.say(line)
        except Refused as error:
            self._end(_refusal(error, self._modem.settings.verbose_errors))
        else:
            self._end("OK")

    def _end(self, final: str) -> None:
        if self._modem.faults.in_the_middle:
            self._modem.send(self._modem.faults.in_the_middle.popleft())
        self._modem.say(final)


def _request(match: re.Match[str]) -> Request:
    if match.re is _BASIC:
        text = match[1].upper() if not match[1].upper().startswith("D") else match[1]
        return Request(text[:2] if text[0] in "&\\" else text[0].upper(), Operation.RUN, text[1:].rstrip(";"))
    tail = match[2] or ""
    operation = {"": Operation.RUN, "?": Operation.READ, "=?": Operation.TEST}.get(tail, Operation.SET)
    return Request(match[1].upper(), operation, match[3] or "")


def _refusal(error: Refused, verbosity: int) -> str:
    if verbosity == 0 and error.kind == "CME":
        return "ERROR"
    return f"+{error.kind} ERROR: {error.words if verbosity > 1 else error.number}"
