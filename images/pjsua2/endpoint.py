"""One endpoint of the `pjsua2` that is installed, used as PJSIP wants to be used.

Rules: one thread creates it, makes every call and takes every event; whoever has a call keeps it until it has ended and
lets go of it then; the end is in order, because what outlives the library takes the process down with it.
"""

# mypy: allow-subclassing-any

import gc
import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

pj: Any = importlib.import_module("pjsua2")

GENEROUS_S = 60.0
"""A build for another architecture is checked in emulation, on a machine that may be busy."""
MOST_LEGS = 4096
"""More than any build has room for: PJSIP takes as many as it was built for, without a word."""


class EndpointError(Exception):
    """What was waited for in vain."""


@dataclass(slots=True)
class Phone:
    """An endpoint on loopback with an account, and the calls that live."""

    endpoint: Any
    account: Any = None
    legs: list[Any] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    answers: bool = False

    def until(self, condition: Callable[[], bool], what: str, within_s: float = GENEROUS_S) -> None:
        """Take events until `condition` holds. Raises EndpointError where it never does."""
        deadline = time.monotonic() + within_s
        while not condition():
            if time.monotonic() > deadline:
                raise EndpointError(f"waited {within_s:.0f} s in vain: {what}")
            self.endpoint.libHandleEvents(20)

    def listen(self, kind: int, folder: Path | None = None) -> int:
        """Open a transport on loopback, TLS with the certificate in `folder`, and return its port."""
        config = pj.TransportConfig()
        config.boundAddress = config.publicAddress = "127.0.0.1"
        if folder:
            config.tlsConfig.certFile = config.tlsConfig.CaListFile = str(folder / "certificate.pem")
            config.tlsConfig.privKeyFile = str(folder / "key.pem")
            config.tlsConfig.verifyServer = True
            # Not said, it would be 1.2 alone.
            config.tlsConfig.proto = pj.PJ_SSL_SOCK_PROTO_TLS1_2 | pj.PJ_SSL_SOCK_PROTO_TLS1_3
        transport = self.endpoint.transportCreate(kind, config)
        return int(self.endpoint.transportGetInfo(transport).localName.rsplit(":", 1)[1])

    def enter(self, name: str, srtp: bool) -> None:
        """Take part as `name`; with `srtp`, without it no call is made or taken."""
        config = pj.AccountConfig()
        config.idUri = f"sip:{name}@127.0.0.1"
        config.mediaConfig.transportConfig.port = 0
        config.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
        config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_MANDATORY if srtp else pj.PJMEDIA_SRTP_DISABLED
        config.mediaConfig.srtpSecureSignaling = int(srtp)
        self.account = _Account(self)
        self.account.create(config)

    def call(self, uri: str) -> Any:
        """Call somebody and return the leg. Raises pj.Error."""
        leg = _Leg(self)
        leg.makeCall(uri, parameters())
        self.legs.append(leg)
        return leg


class _Account(pj.Account):
    def __init__(self, phone: Phone) -> None:
        super().__init__()
        self.phone = phone

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802 - PJSIP's name
        leg = _Leg(self.phone, self, prm.callId)
        self.phone.legs.append(leg)
        leg.answer(parameters(pj.PJSIP_SC_OK if self.phone.answers else pj.PJSIP_SC_RINGING))

    def onInstantMessage(self, prm: Any) -> None:  # noqa: N802 - PJSIP's name
        self.phone.messages.append(prm.msgBody)


class _Leg(pj.Call):
    def __init__(self, phone: Phone, account: Any = None, number: int = -1) -> None:
        super().__init__(account or phone.account, number)
        self.phone = phone
        self.is_heard = False

    def onCallState(self, prm: Any) -> None:  # noqa: N802 - PJSIP's names
        if self.getInfo().state == pj.PJSIP_INV_STATE_DISCONNECTED:
            # Its number is given to another call next: it must not be touched any more.
            self.phone.legs.remove(self)

    def onCallMediaState(self, prm: Any) -> None:  # noqa: N802 - PJSIP's names
        info = self.getInfo()  # kept, because its list of media dies with it
        self.is_heard = any(media.status == pj.PJSUA_CALL_MEDIA_ACTIVE for media in info.media)


def parameters(status: int = 0) -> Any:
    """Return the settings of a call with sound alone, which an answer needs too."""
    wanted = pj.CallOpParam(True)
    wanted.opt.audioCount = 1
    wanted.opt.videoCount = wanted.opt.textCount = 0
    if status:
        wanted.statusCode = status
    return wanted


@contextmanager
def phone(log: Path) -> Iterator[Phone]:
    """Open an endpoint without a sound device, logging to a file, and close it in order."""
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.maxCalls = MOST_LEGS
    config.medConfig.noVad = True
    config.logConfig.filename = str(log)
    config.logConfig.level = 5
    config.logConfig.consoleLevel = 0
    endpoint.libInit(config)
    endpoint.audDevManager().setNullDev()
    endpoint.libStart()
    opened = Phone(endpoint)
    try:
        yield opened
    finally:
        _close(opened)


def _close(opened: Phone) -> None:
    opened.endpoint.hangupAllCalls()
    deadline = time.monotonic() + GENEROUS_S
    while opened.legs and time.monotonic() < deadline:
        opened.endpoint.libHandleEvents(20)
    opened.legs.clear()
    if opened.account:
        opened.account.shutdown()
        opened.account = None
    gc.collect()
    opened.endpoint.libDestroy()
