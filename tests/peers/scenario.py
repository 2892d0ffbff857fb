"""Scenarios for SIPp, put together from steps: what is received, what is said, how long nothing happens.

Rules: a word in [brackets] is SIPp's, or a key that whoever starts it gives: [media], a port for sound. A phone is
called, a unit calls; what a phone asks for in a call (`asks`) needs what it has noted of the INVITE (`INVITED`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scenario:
    """What one party does, in a sentence and step by step; what comes again is overlooked, unless it `counts_all`."""

    about: str
    steps: tuple[str, ...]
    counts_all: bool = False

    @property
    def xml(self) -> str:
        """Return it as SIPp reads it."""
        return "\n".join(('<?xml version="1.0" ?>', f'<scenario name="{self.about}">', *self.steps, "</scenario>\n"))


def scenario(about: str, *steps: str, counts_all: bool = False) -> Scenario:
    """Put a scenario together."""
    return Scenario(about, steps, counts_all)


# --- what is received ---


def hears(method: str) -> str:
    """Wait for a request."""
    return f'<recv request="{method}" />'


def hears_answer(status: int, *, is_certain: bool = True) -> str:
    """Wait for an answer; one that is not certain to come may be left out."""
    return f'<recv response="{status}" />' if is_certain else f'<recv response="{status}" optional="true" />'


INVITED = """\
<recv request="INVITE">
  <action>
    <ereg regexp=".*" search_in="hdr" header="From:" assign_to="caller" />
    <ereg regexp=".*" search_in="hdr" header="To:" assign_to="called" />
    <ereg regexp="&lt;([^&gt;]*)&gt;" search_in="hdr" header="Contact:" assign_to="contact,address" />
  </action>
</recv>
<Reference variables="caller,called,contact,address" />"""

PROVISIONAL = "\n".join(hears_answer(status, is_certain=False) for status in (100, 180, 183))


def waits(milliseconds: int) -> str:
    """Let time pass."""
    return f'<pause milliseconds="{milliseconds}" />'


# --- what is said ---


KEYS = "101 telephone-event/8000"


def sound(
    media: str = "[media]",
    *,
    direction: str = "sendrecv",
    version: int = 1,
    kinds: tuple[str, ...] = ("8 PCMA/8000", KEYS),
) -> str:
    """Describe sound at a port."""
    numbers = " ".join(kind.partition(" ")[0] for kind in kinds)
    maps = "\n".join(f"a=rtpmap:{kind}" for kind in kinds)
    return f"""\
v=0
o=odd 1 {version} IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio {media} RTP/AVP {numbers}
{maps}
a={direction}"""


NONSENSE = "v=banana\no=???\nm=audio none RTP/AVP\na=rtpmap:"
FILLER = "\n".join(f"X-Filler-{number}: {'abcdefghij' * 22}" for number in range(27))
"""With what else stands there, headers of seven thousand bytes."""
ALARM = "Poga-Alarm: [alarm]"
SDP = "application/sdp"


def answers(
    status: int,
    reason: str,
    body: str = "",
    *,
    headers: str = "",
    tag: str = "odd",
    to: str = "",
    last: bool = True,
) -> str:
    """Answer the last request, or (`to`) the one named by its method; a final answer is said until it is heard."""
    sequence = "[last_CSeq:]" if not to else f"CSeq: [last_cseq_number] {to}"
    lines = [
        f"SIP/2.0 {status} {reason}",
        "[last_Via:]",
        "[last_From:]",
        f"[last_To:];tag=[pid]{tag}" if tag else "[last_To:]",
        "[last_Call-ID:]",
        sequence,
        "Contact: <sip:odd@[local_ip]:[local_port]>",
        "Allow: INVITE, ACK, BYE, CANCEL, INFO, UPDATE, OPTIONS",
    ]
    return _send(lines, headers, body, is_repeated=last)


def agrees(to: str = "") -> str:
    """Answer a request that belongs to the call with 200; the tags stand already."""
    return answers(200, "OK", tag="", to=to, last=False)


def asks(method: str, number: int, body: str = "", kind: str = SDP) -> str:
    """Ask for something in a call that came in."""
    lines = [
        f"{method} [$address] SIP/2.0",
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
        "Max-Forwards: 70",
        "From:[$called];tag=[pid]odd",
        "To:[$caller]",
        "Call-ID: [call_id]",
        f"CSeq: {number} {method}",
        "Contact: <sip:odd@[local_ip]:[local_port]>",
    ]
    return _send(lines, "", body, kind, is_repeated=method != "ACK")


def calls(
    method: str,
    number: int,
    body: str = "",
    *,
    headers: str = "",
    branch: str = "[branch]",
    tag: str = "",
    last: bool = True,
) -> str:
    """Say something as the one who calls: in the call where `tag` is the other end's."""
    lines = [
        f"{method} sip:alarm@[remote_ip]:[remote_port] SIP/2.0",
        f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch={branch}",
        "Max-Forwards: 70",
        "From: <sip:[user]@[local_ip]:[local_port]>;tag=[pid]odd",
        f"To: <sip:alarm@[remote_ip]:[remote_port]>{tag}",
        "Call-ID: [call_id]",
        f"CSeq: {number} {method}",
        "Contact: <sip:[user]@[local_ip]:[local_port]>",
    ]
    return _send(lines, headers, body, is_repeated=last and method != "ACK")


THEIRS = "[peer_tag_param]"
"""The other end's tag: what follows belongs to the call."""


def _send(lines: list[str], headers: str, body: str, kind: str = SDP, *, is_repeated: bool) -> str:
    head = [*lines, *([headers] if headers else [])]
    head += [f"Content-Type: {kind}", "Content-Length: [len]", "", body] if body else ["Content-Length: 0"]
    repeats = ' retrans="500"' if is_repeated else ""
    return f"<send{repeats}><![CDATA[\n\n" + "\n".join(head) + "\n\n]]></send>"
