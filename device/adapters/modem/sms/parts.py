"""Long texts, put together again from their parts.

Rules: parts of one sender, series and total belong together; the same part again replaces the first. What lacks a part
for too long is given up by its owner, as it is. At most `MOST_SERIES` are kept, the oldest goes first.
"""

from dataclasses import dataclass, field

from device.adapters.modem.sms.pdu import IncomingText, Part

MOST_SERIES = 50


@dataclass(frozen=True, slots=True)
class JoinedText:
    """What there is of a long text, and where its parts lie."""

    sender: str
    text: str
    sent_at_s: float | None
    indexes: tuple[int, ...]


@dataclass(slots=True)
class _Series:
    began_s: float
    parts: dict[int, IncomingText] = field(default_factory=dict)
    indexes: list[int] = field(default_factory=list)


class Parts:
    """The long texts that are not whole yet."""

    def __init__(self) -> None:
        """Begin with none."""
        self._series: dict[tuple[str, int, int], _Series] = {}

    def add(self, message: IncomingText, part: Part, indexes: tuple[int, ...], mono_s: float) -> JoinedText | None:
        """Take a part; return the text when it is whole."""
        key = (message.sender, part.series, part.total)
        series = self._series.setdefault(key, _Series(mono_s))
        series.parts[part.number] = message
        series.indexes += [index for index in indexes if index not in series.indexes]
        if len(series.parts) == part.total:
            del self._series[key]
            return _joined(series)
        while len(self._series) > MOST_SERIES:
            del self._series[next(iter(self._series))]
        return None

    def older_than(self, mono_s: float) -> list[JoinedText]:
        """Return what has waited since before this moment, and wait no longer."""
        old = [key for key, series in self._series.items() if series.began_s < mono_s]
        return [_joined(self._series.pop(key)) for key in old]


def _joined(series: _Series) -> JoinedText:
    ordered = [series.parts[number] for number in sorted(series.parts)]
    text = "".join(message.text for message in ordered)
    return JoinedText(ordered[0].sender, text, ordered[0].sent_at_s, tuple(series.indexes))
