"""The `pjsua2` that is installed, whichever it is, and how to be called back by it.

Rules: what speaks to PJSIP takes it from here, in the engine's process only. Our own build is a module of its own; the
one of the package index is a package, and has room for four legs, no sound card, no Opus and no TLS 1.3. An exception
that leaves a callback is lost, and keeps alive what it has seen: none leaves.
"""

import importlib
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from device.voice.messages import Protocol, Srtp

log = logging.getLogger(__name__)

P = ParamSpec("P")


def _load() -> tuple[Any, bool]:
    found = importlib.import_module("pjsua2")
    if hasattr(found, "Endpoint"):
        return found, not hasattr(found, "__path__")
    return importlib.import_module("pjsua2.pjsua2"), False


pj, IS_OWN_BUILD = _load()

MOST_LEGS = 256 if IS_OWN_BUILD else 4
HAS_SOUND_CARDS = IS_OWN_BUILD
TRANSPORTS = {
    Protocol.UDP: pj.PJSIP_TRANSPORT_UDP,
    Protocol.TCP: pj.PJSIP_TRANSPORT_TCP,
    Protocol.TLS: pj.PJSIP_TRANSPORT_TLS,
}
# Not said, TLS is 1.2 alone.
TLS = pj.PJ_SSL_SOCK_PROTO_TLS1_2 | (pj.PJ_SSL_SOCK_PROTO_TLS1_3 if IS_OWN_BUILD else 0)
SRTP = {
    Srtp.OFF: pj.PJMEDIA_SRTP_DISABLED,
    Srtp.OPTIONAL: pj.PJMEDIA_SRTP_OPTIONAL,
    Srtp.MANDATORY: pj.PJMEDIA_SRTP_MANDATORY,
}


def said(error: Any) -> str:
    """Return what a pj.Error says, in a line."""
    return f"{error.reason} ({error.title})" if error.title else str(error.reason)


def guarded(callback: Callable[P, None]) -> Callable[P, None]:
    """Let nothing leave a callback, and log what would have."""

    @wraps(callback)
    def guard(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except pj.Error as error:
            log.error("%s: %s", callback.__qualname__, said(error))
        except Exception as error:  # noqa: BLE001 - the library would swallow it
            log.error("%s: %r", callback.__qualname__, error)

    return guard


def call_parameters(status: int = 0) -> Any:
    """Return the parameters of a call with sound alone. Text streams would stand still 0.3 s at each hanging up."""
    wanted = pj.CallOpParam(True)
    wanted.opt.audioCount, wanted.opt.videoCount = 1, 0
    if hasattr(wanted.opt, "textCount"):
        wanted.opt.textCount = 0
    if status:
        wanted.statusCode = status
    return wanted
