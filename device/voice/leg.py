"""One call with one other party, as PJSIP knows it.

Rules: PJSIP gives a call's number to another call as soon as it has ended. So the last reference to a leg goes while
PJSIP says that it has ended, and nothing of it is touched after. A call's sound is fetched anew each time.
"""

# mypy: allow-subclassing-any

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from device.voice.messages import (
    DigitHeard,
    EndedBy,
    EngineEvent,
    LegAnswered,
    LegEnded,
    LegHeard,
    LegHeld,
    LegProgressed,
)
from device.voice.pjsip import call_parameters, guarded, pj, said

log = logging.getLogger(__name__)

RINGING = range(100, 200)
ENCRYPTED = "SRTP status: Active"
"""In what PJSIP tells of a call: with encryption that was optional, its transport's name does not say it."""


class Exchange(Protocol):
    """Who keeps legs."""

    say: Callable[[EngineEvent], None]

    def renewed(self, leg: "Leg") -> None:
        """Know that the leg's sound is another now."""

    def ended(self, leg: "Leg") -> None:
        """Let go of the leg."""


class Leg(pj.Call):
    """A call, under a name that is never used again."""

    def __init__(self, name: str, exchange: Exchange, account: Any, number: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(account, number)
        self.name = name
        self.is_ours = number == pj.PJSUA_INVALID_ID
        self.is_known = self.is_ours
        self.is_answered = False
        self.is_heard = False
        self.is_hold_wanted = False
        self.must_sound = False
        self.ended_by = EndedBy.THEM
        self.heard_s = 0.0
        self._account = account  # PJSIP keeps none
        self._exchange = exchange
        self._packets = 0
        self._last_progress = 0
        self._is_held = False
        self._is_holding = False

    @property
    def media(self) -> Any:
        """Return its sound as the bridge knows it, or None."""
        with suppress(pj.Error):
            return self.getAudioMedia(-1)
        return None

    def end(self, status: int) -> None:
        """Hang up, cancel or refuse. It is over when this returns. Raises pj.Error."""
        if self.ended_by is EndedBy.THEM:
            self.ended_by = EndedBy.US
        is_refused = not (self.is_ours or self.is_answered)
        self.hangup(call_parameters(status if is_refused else 0))

    def listen(self, now_s: float) -> float:
        """See whether packets come; return for how long none has come that should. Raises pj.Error."""
        if not self.hasMedia():
            return 0.0
        packets = self.getStreamStat(0).rtcp.rxStat.pkt
        if packets != self._packets or not self.must_sound or not self.heard_s:
            self.heard_s = now_s
        if packets and not self.is_heard:
            self.is_heard = True
            self._exchange.say(LegHeard(leg=self.name))
        self._packets = packets
        return now_s - self.heard_s

    def hold(self) -> None:
        """Offer what is wanted, where it is not so and nothing else is being negotiated."""
        if self.is_hold_wanted is self._is_holding or not self.is_answered:
            return
        wanted = call_parameters()
        try:
            if self.is_hold_wanted:
                self.setHold(wanted)
            else:
                wanted.opt.flag = pj.PJSUA_CALL_UNHOLD
                self.reinvite(wanted)
        except pj.Error as error:
            log.info("leg %s cannot be held or taken back yet: %s", self.name, said(error))
            return
        self._is_holding = self.is_hold_wanted

    def press(self, digits: str) -> None:
        """Send digits, in the sound's stream if the other party knows that. Raises pj.Error."""
        try:
            self.dialDtmf(digits)
        except pj.Error:
            for digit in digits:
                message = pj.CallSendDtmfParam()
                message.method = pj.PJSUA_DTMF_METHOD_SIP_INFO
                message.digits = digit
                self.sendDtmf(message)

    @guarded
    def onCallState(self, prm: Any) -> None:  # noqa: N802 - PJSIP's name
        """Say when it is answered, and when it has ended."""
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_CONFIRMED and not self.is_answered:
            self.is_answered = True
            self._exchange.say(self._answered())
            self._exchange.renewed(self)
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            status, reason = int(info.lastStatusCode), str(info.lastReason)
            self._exchange.ended(self)
            if self.is_known:
                self._exchange.say(LegEnded(leg=self.name, status=status, reason=reason, by=self.ended_by))

    @guarded
    def onCallTsxState(self, prm: Any) -> None:  # noqa: N802 - PJSIP's name
        """Say what comes before an answer. A 100 is no state of a call, and is heard here alone."""
        if self.is_answered or not self.is_ours or prm.e.type != pj.PJSIP_EVENT_TSX_STATE:
            return
        transaction = prm.e.body.tsxState.tsx
        status = int(transaction.statusCode)
        is_progress = transaction.method == "INVITE" and transaction.state == pj.PJSIP_TSX_STATE_PROCEEDING
        if is_progress and status in RINGING and status != self._last_progress:
            self._last_progress = status
            self._exchange.say(LegProgressed(leg=self.name, status=status))

    @guarded
    def onCallMediaState(self, prm: Any) -> None:  # noqa: N802 - PJSIP's name
        """Have it linked again, and say whether we are on hold."""
        info = self.getInfo()  # kept, because its list of media dies with it
        status, direction = _sound_of(info)
        self.must_sound = status == pj.PJSUA_CALL_MEDIA_ACTIVE and bool(direction & pj.PJMEDIA_DIR_DECODING)
        self.heard_s = 0.0
        is_held = status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD
        if is_held is not self._is_held:
            self._is_held = is_held
            self._exchange.say(LegHeld(leg=self.name, is_held=is_held))
        self._exchange.renewed(self)

    @guarded
    def onDtmfDigit(self, prm: Any) -> None:  # noqa: N802 - PJSIP's name
        """Say a key, however it came."""
        self._exchange.say(DigitHeard(leg=self.name, digit=str(prm.digit).upper()))

    @guarded
    def onCallTransferRequest(self, prm: Any) -> None:  # noqa: N802 - PJSIP's name
        """Refuse to call somebody because the other party says so: PJSIP would do it."""
        prm.statusCode = pj.PJSIP_SC_DECLINE

    @guarded
    def onCallReplaceRequest(self, prm: Any) -> None:  # noqa: N802 - PJSIP's name
        """Refuse to let another call take this one's place: PJSIP would do it."""
        prm.statusCode = pj.PJSIP_SC_DECLINE

    def _answered(self) -> LegAnswered:
        codec, is_encrypted = "", False
        try:
            codec = str(self.getStreamInfo(0).codecName)
            is_encrypted = ENCRYPTED in self.dump(True, "")
        except pj.Error as error:
            log.warning("leg %s was answered without sound: %s", self.name, said(error))
        return LegAnswered(leg=self.name, codec=codec, is_encrypted=is_encrypted)


def _sound_of(info: Any) -> tuple[int, int]:
    for media in info.media:
        if media.type == pj.PJMEDIA_TYPE_AUDIO:
            return int(media.status), int(media.dir)
    return int(pj.PJSUA_CALL_MEDIA_NONE), 0
