"""Lines out of a stream of bytes."""

LONGEST = 1 << 20


class LineTooLongError(Exception):
    """A line without an end: the other side does not speak this protocol."""


class Lines:
    """Gathers bytes until they are lines."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, more: bytes) -> list[bytes]:
        """Return the lines that are complete now, without their ends. Raises LineTooLongError."""
        *complete, self._rest = (self._rest + more).split(b"\n")
        if len(self._rest) > LONGEST:
            raise LineTooLongError(f"{len(self._rest)} bytes without an end of line")
        return complete
