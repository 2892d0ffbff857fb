"""A phone that knows SIP's letters and nothing else: it does what a test wants, right or wrong."""

import re
import socket
from itertools import count
from typing import Self

from device.voice.invite import headers_of

OFFER = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio {port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
)
GENEROUS_S = 30.0


class OddPhone:
    """One phone with one call, on loopback, without sound: it knows PCMA and no keys in the sound's stream."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(GENEROUS_S)
        self._sound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sound.bind(("127.0.0.1", 0))
        self._numbers = count(1)
        self._seen: list[str] = []
        self._invite = ""
        self.port = self._socket.getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *how: object) -> None:
        self._socket.close()
        self._sound.close()

    @property
    def uri(self) -> str:
        return f"sip:odd@127.0.0.1:{self.port}"

    def wait(self, start: str) -> str:
        """Return the next message that begins so."""
        while True:
            for message in self._seen:
                if message.startswith(start):
                    self._seen.remove(message)
                    return message
            self._seen.append(self._socket.recv(65_536).decode())

    def answer(self, request: str, status: int, body: str = "") -> None:
        """Answer a request; 200 to an INVITE has an offer's answer."""
        headers = headers_of(request)
        if status == 200 and request.startswith("INVITE"):
            body = self._offer()
        lines = [
            f"SIP/2.0 {status} Odd",
            *(f"{name}: {headers[name]}" for name in ("Via", "From", "Call-Id", "Cseq")),
            f"To: {headers['To']}{'' if 'tag=' in headers['To'] else ';tag=odd'}",
            f"Contact: <{self.uri}>",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        self._send("\r\n".join([*lines, "", body]), headers["Via"])
        if request.startswith("INVITE"):
            self._invite = request

    def ask(self, method: str, headers: str = "", body: str = "") -> str:
        """Send a request within the call that came in, and return its final answer."""
        theirs = headers_of(self._invite)
        number = next(self._numbers)
        contact = re.search(r"<(.*?)>", theirs["Contact"])
        assert contact
        lines = [
            f"{method} {contact[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bKodd{number};rport",
            "Max-Forwards: 70",
            f"From: {theirs['To']};tag=odd",
            f"To: {theirs['From']}",
            f"Call-ID: {theirs['Call-Id']}",
            f"CSeq: {number} {method}",
            f"Contact: <{self.uri}>",
            *([headers] if headers else []),
            f"Content-Length: {len(body)}",
        ]
        self._send("\r\n".join([*lines, "", body]), theirs["Via"])
        return self.wait("SIP/2.0 ")

    def speak(self, request: str, packets: int) -> None:
        """Send some sound to where a request wants it."""
        port = re.search(r"m=audio (\d+)", request)
        assert port
        for number in range(packets):
            head = b"\x80\x08" + number.to_bytes(2, "big") + (160 * number).to_bytes(4, "big") + b"oddp"
            self._sound.sendto(head + b"\xd5" * 160, ("127.0.0.1", int(port[1])))

    def _offer(self) -> str:
        return OFFER.format(port=self._sound.getsockname()[1])

    def _send(self, message: str, via: str) -> None:
        host_and_port = re.search(r"UDP ([\d.]+):(\d+)", via)
        assert host_and_port
        self._socket.sendto(message.encode(), (host_and_port[1], int(host_and_port[2])))
