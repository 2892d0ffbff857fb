"""G.711 A-law, after the standard's segments: 13 bits in 8."""

from collections.abc import Iterable

_TOGGLED = 0x55
_SIGN = 0x80


def _decode(byte: int) -> int:
    toggled = byte ^ _TOGGLED
    segment, step = (toggled & 0x70) >> 4, toggled & 0x0F
    size = (step << 4) + 8 if segment == 0 else ((step << 4) + 0x108) << (segment - 1)
    return size if toggled & _SIGN else -size


def _encode(sample: int) -> int:
    size = min(abs(sample), 32_635)
    segment = max(0, size.bit_length() - 8)
    step = size >> 4 if segment == 0 else (size >> (segment + 3)) & 0x0F
    return ((_SIGN if sample >= 0 else 0) | segment << 4 | step & 0x0F) ^ _TOGGLED


DECODED = tuple(_decode(byte) for byte in range(256))
"""The sample of every byte."""
_ENCODED = bytes(_encode(sample) for sample in range(-32_768, 32_768))


def encode(samples: Iterable[int]) -> bytes:
    """Return samples of 16 bits as bytes of A-law."""
    return bytes(_ENCODED[sample + 32_768] for sample in samples)
