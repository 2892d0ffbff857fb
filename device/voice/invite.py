"""What a SIP message and its addresses say.

Rules: pure, and bears whatever a stranger sends. Names of headers come as `Call-Id`, however they were written; a
header that came several times is one, its values parted by commas.
"""

import re
from urllib.parse import quote, unquote

from device.voice.messages import Protocol

_ADDRESS = re.compile(r"\bsips?:(?:(?P<user>[^@<>;?\s]*)@)?(?P<host>\[[^\]\s]+\]|[^:;<>?,\s]+)", re.IGNORECASE)
_TRANSPORT = re.compile(r";\s*transport\s*=\s*(\w+)", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9.!%*_+`'~-]{1,64}")
LONGEST_VALUE = 1024


def headers_of(message: str) -> dict[str, str]:
    """Return the headers of a message."""
    head = message.replace("\r\n", "\n").split("\n\n", 1)[0]
    lines = re.sub(r"\n[ \t]+", " ", head).split("\n")[1:]
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name = "-".join(part.capitalize() for part in name.strip().split("-"))
        if colon and name:
            before = headers.get(name)
            headers[name] = f"{before}, {value.strip()}" if before else value.strip()
    return headers


def user_of(address: str) -> str:
    """Return who an address is: `anna` of `"Anna" <sip:anna@example.org>`; empty where it says nobody."""
    found = _ADDRESS.search(address)
    return unquote((found["user"] or "").split(":")[0]) if found else ""


def host_of(address: str) -> str:
    """Return where an address is, without the port."""
    found = _ADDRESS.search(address)
    return found["host"] if found else ""


def target_of(message: str) -> str:
    """Return whom a request is for."""
    words = message.split("\n", 1)[0].split()
    return words[1] if len(words) > 1 else ""


def protocol_of(address: str) -> Protocol:
    """Return what carries a call to an address. Raises ValueError."""
    if address.lower().lstrip("<").startswith("sips:"):
        return Protocol.TLS
    named = _TRANSPORT.search(address)
    return Protocol(named[1].lower()) if named else Protocol.UDP


def address_of(user: str, host: str) -> str:
    """Return the address of somebody, with what SIP does not allow in a name written as it wants."""
    return f"<sip:{quote(user, safe='-_.!~*()&=+$,')}@{host}>"


def is_header(name: str, value: str) -> bool:
    """Tell whether this can be a header, and not two."""
    return bool(_TOKEN.fullmatch(name)) and value.isprintable() and len(value) <= LONGEST_VALUE
