"""A modem's bytes cut into lines and prompts, the same ones however the bytes arrive.

Rules: a line ends with CR or LF, empty ones are nothing. A prompt is a `>` at a line's beginning, with the space after
it; it ends itself. Noise before a line (what a port sends while its modem starts) and control characters are dropped.
A line longer than `LONGEST_LINE` is no line of a modem: it is dropped and counted.
"""

from enum import Enum

LONGEST_LINE = 4_096
"""The longest that is expected is a list of all operators in reach, at a border, some 2,000."""

CR, LF = 0x0D, 0x0A
_PROMPT, _SPACE, _TAB, _DELETE = ord(">"), ord(" "), ord("\t"), 0x7F
_PRINTABLE = range(_SPACE, _DELETE)


class Prompt(Enum):
    """The modem waits for a text."""

    SHOWN = ">"


class LineSplitter:
    """Bytes in, lines and prompts out."""

    def __init__(self) -> None:
        """Begin at the beginning of a line."""
        self.dropped = 0
        self._line = bytearray()
        self._is_too_long = False
        self._is_after_prompt = False

    def feed(self, data: bytes) -> list[str | Prompt]:
        """Take what has arrived; return what is complete by now."""
        tokens: list[str | Prompt] = []
        for byte in data:
            is_after_prompt, self._is_after_prompt = self._is_after_prompt, False
            if byte in (CR, LF):
                self._end(tokens)
            elif byte == _PROMPT and not self._line and not self._is_too_long:
                self._is_after_prompt = True
                tokens.append(Prompt.SHOWN)
            elif not (is_after_prompt and byte == _SPACE):
                self._take(byte)
        return tokens

    def _take(self, byte: int) -> None:
        is_noise = byte not in _PRINTABLE if not self._line else (byte < _SPACE and byte != _TAB) or byte == _DELETE
        if is_noise or self._is_too_long:
            return
        self._line.append(byte)
        if len(self._line) > LONGEST_LINE:
            self._line.clear()
            self._is_too_long = True
            self.dropped += 1

    def _end(self, tokens: list[str | Prompt]) -> None:
        text = self._line.decode(errors="replace").strip()
        self._line.clear()
        self._is_too_long = False
        if text:
            tokens.append(text)
