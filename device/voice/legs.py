"""All legs: they are placed, they arrive, they are watched, they end.

Rules: a leg is known by a name that is never used again. A leg in which nothing has been heard for some seconds is
ended: after a power cut at the other end, SIP alone would never tell.
"""

import logging
import secrets
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from device.voice.accounts import Account, Accounts
from device.voice.endpoint import Endpoint
from device.voice.invite import address_of, headers_of, host_of, is_header, protocol_of, target_of, user_of
from device.voice.leg import Leg
from device.voice.links import Links
from device.voice.lookups import Lookups
from device.voice.messages import (
    AnswerLeg,
    CommandFailed,
    EndedBy,
    EndLeg,
    EngineEvent,
    HoldLeg,
    LegArrived,
    LegEnded,
    PlaceCall,
    SendDigits,
)
from device.voice.pjsip import call_parameters, pj, said
from device.voice.pulse import Pulse
from device.voice.refusal import CommandRefusedError

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
FORBIDDEN = 403
SERVER_ERROR = 500
UNAVAILABLE = 503


class Legs:
    """The legs that live."""

    def __init__(
        self,
        pulse: Pulse,
        links: Links,
        lookups: Lookups,
        say: Callable[[EngineEvent], None],
        silence_limit_s: float,
    ) -> None:
        self.say = say
        self._pulse = pulse
        self._links = links
        self._silence_limit_s = silence_limit_s
        self._legs: dict[str, Leg] = {}
        self._lookups = lookups
        self._looked_up: dict[str, tuple[PlaceCall, Account, Any]] = {}
        self._names = (f"in-{secrets.token_hex(4)}-{number}" for number in count(1))
        self._look_again_s = 0.0

    def __len__(self) -> int:
        return len(self._legs) + len(self._looked_up)

    def media_of(self, name: str) -> Any:
        """Return a leg's sound as the bridge knows it, or None."""
        leg = self._legs.get(name)
        return leg.media if leg else None

    def place(self, command: PlaceCall, accounts: Accounts) -> None:
        """Call somebody, once the name of the host is found. Raises CommandRefusedError and pj.Error."""
        if command.leg in self._legs or command.leg in self._looked_up:
            raise CommandRefusedError("there is a leg of this name already")
        host = host_of(command.uri)
        if not host:
            raise CommandRefusedError("the address names no host: it has to be like sip:somebody@centre.example")
        account = accounts.for_call(_protocol(command.uri), command.srtp)
        wanted = call_parameters()
        for name, value in command.headers.items():
            wanted.txOption.headers.append(_header(name, value))
        if command.from_user:
            wanted.txOption.localUri = address_of(command.from_user, account.host)
        # What is looked up goes through another thread: nothing of PJSIP's may be in it.
        self._looked_up[command.leg] = (command, account, wanted)
        self._lookups.start(host, partial(self._call, command.leg))

    def look_up(self) -> None:
        """Go on with the calls whose hosts have been looked up."""
        self._lookups.look()

    def arrive(self, account: Account, endpoint: Endpoint, prm: Any) -> None:
        """Take in somebody who calls."""
        name = next(self._names)
        leg = self._legs[name] = Leg(name, self, account, prm.callId)
        if account.is_internal:
            leg.end(FORBIDDEN)
            return
        try:
            message, source = str(prm.rdata.wholeMsg), str(prm.rdata.srcAddress)
            headers = headers_of(message)
            caller = headers.get("From", headers.get("F", ""))
            self.say(
                LegArrived(
                    leg=name,
                    from_user=user_of(caller),
                    from_host=host_of(caller),
                    to_user=user_of(target_of(message)),
                    protocol=account.protocol,
                    source=source,
                    names=endpoint.names_at(source),
                    headers=headers,
                )
            )
            leg.is_known = True
        except Exception:
            leg.end(SERVER_ERROR)
            raise

    def answer(self, command: AnswerLeg) -> None:
        """Answer a leg that came in. Raises CommandRefusedError and pj.Error."""
        leg = self._leg(command.leg)
        if leg.is_ours or leg.is_answered:
            raise CommandRefusedError("only a leg that came in can be answered, and once")
        leg.answer(call_parameters(command.status))

    def end(self, command: EndLeg) -> None:
        """End a leg. Raises CommandRefusedError and pj.Error."""
        if command.leg in self._looked_up:
            del self._looked_up[command.leg]
            self.say(LegEnded(leg=command.leg, status=0, reason="withdrawn", by=EndedBy.US))
            return
        self._leg(command.leg).end(command.status)

    def end_all(self) -> None:
        """End every leg."""
        for leg in list(self._legs.values()):
            try:
                leg.end(UNAVAILABLE)
            except pj.Error as error:
                log.info("leg %s cannot be ended: %s", leg.name, said(error))
        for name in list(self._looked_up):
            self.end(EndLeg(leg=name))

    def hold(self, command: HoldLeg) -> None:
        """Hold a leg, or take it back, as soon as it can be. Raises CommandRefusedError."""
        leg = self._leg(command.leg)
        leg.is_hold_wanted = command.is_held
        leg.hold()

    def press(self, command: SendDigits) -> None:
        """Send digits. Raises CommandRefusedError and pj.Error."""
        leg = self._leg(command.leg)
        if not leg.is_answered:
            raise CommandRefusedError("keys can be sent once the leg is answered")
        leg.press(command.digits)

    def look(self, now_s: float) -> None:
        """Listen to the legs that nobody has been heard in, and from time to time to all."""
        looks_at_all = now_s >= self._look_again_s
        if looks_at_all:
            self._look_again_s = now_s + LOOK_EVERY_S
        for leg in list(self._legs.values()):
            if leg.is_answered and (looks_at_all or not leg.is_heard):
                self._look_at(leg, now_s)

    def renewed(self, leg: Leg) -> None:
        """Link a leg again."""
        media = leg.media
        if media is None:
            self._links.vanish(leg.name)
            return
        self._pulse.drain(media)
        self._links.appear(leg.name)

    def ended(self, leg: Leg) -> None:
        """Let go of a leg."""
        self._links.vanish(leg.name)
        self._legs.pop(leg.name, None)

    def _call(self, name: str, problem: str) -> None:
        if name not in self._looked_up:
            return  # it has been withdrawn
        command, account, wanted = self._looked_up.pop(name)
        if problem:
            self.say(CommandFailed(command=command.kind, subject=name, reason=problem))
            return
        leg = self._legs[name] = Leg(name, self, account)
        try:
            leg.makeCall(command.uri, wanted)
        except pj.Error as error:
            # Where PJSIP has said already that it has ended, that was the answer.
            if self._legs.pop(name, None):
                self.say(CommandFailed(command=command.kind, subject=name, reason=said(error)))

    def _look_at(self, leg: Leg, now_s: float) -> None:
        try:
            leg.hold()
            if leg.listen(now_s) > self._silence_limit_s:
                leg.ended_by = EndedBy.SILENCE
                leg.end(0)
        except pj.Error as error:
            log.debug("leg %s cannot be listened to: %s", leg.name, said(error))

    def _leg(self, name: str) -> Leg:
        try:
            return self._legs[name]
        except KeyError:
            raise CommandRefusedError("there is no such leg") from None


def _protocol(uri: str) -> Any:
    try:
        return protocol_of(uri)
    except ValueError as error:
        raise CommandRefusedError(f"the address is carried by nothing that is known: {error}") from None


def _header(name: str, value: str) -> Any:
    if not is_header(name, value):
        raise CommandRefusedError(f"{name!r} with {value!r} is no header")
    header = pj.SipHeader()
    header.hName, header.hValue = name, value
    return header
