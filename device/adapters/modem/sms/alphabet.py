"""The GSM 7-bit default alphabet with its extension (3GPP TS 23.038, 6.2.1), and how septets are packed.

Rules: an escape that nothing known follows is a space, as the standard says. National tables are not used: what the
default alphabet cannot write goes out as UCS2.
"""

ESCAPE = 0x1B
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_SEPTETS: dict[str, tuple[int, ...]] = {
    **{character: (code,) for code, character in enumerate(_BASIC) if code != ESCAPE},
    **{character: (ESCAPE, code) for code, character in _EXTENSION.items()},
}


def septets_of(text: str) -> list[tuple[int, ...]] | None:
    """Return each character's one or two septets, None where the alphabet lacks one."""
    found = [_SEPTETS.get(character) for character in text]
    known = [septets for septets in found if septets is not None]
    return known if len(known) == len(found) else None


def text_of(septets: list[int]) -> str:
    """Return what the septets say."""
    text = ""
    is_escaped = False
    for septet in septets:
        if is_escaped:
            text += _EXTENSION.get(septet, " ")
            is_escaped = False
        elif septet == ESCAPE:
            is_escaped = True
        else:
            text += _BASIC[septet & 0x7F]
    return text


def packed(septets: list[int], fill_bits: int = 0) -> bytes:
    """Return the septets as octets, after so many bits of filling (behind a header)."""
    bits = 0
    for place, septet in enumerate(septets):
        bits |= septet << (7 * place + fill_bits)
    return bits.to_bytes((7 * len(septets) + fill_bits + 7) // 8, "little")


def unpacked(octets: bytes, count: int, fill_bits: int = 0) -> list[int]:
    """Return `count` septets, fewer where the octets end before."""
    bits = int.from_bytes(octets, "little") >> fill_bits
    available = max(0, (8 * len(octets) - fill_bits) // 7)
    return [bits >> (7 * place) & 0x7F for place in range(min(count, available))]
