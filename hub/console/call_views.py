"""Calls and recordings as browsers get to see them, like everything in `views`."""

from device.wire.vocabulary import SpeechMode
from hub.console.views import View
from hub.core.call_records import CallLeg, Listening, PartKind, Recording
from hub.core.call_view import CallState, CallView, PartState, PartView
from hub.ports import IceServer


class PartOut(View):
    """One party of a call. `name` is an operator, or whose number it is."""

    leg: str
    kind: PartKind
    state: PartState
    since_s: float
    name: str
    number: str
    is_browser: bool
    is_muted: bool
    volume: int

    @classmethod
    def of(cls, part: PartView) -> "PartOut":
        """Return a party as browsers see it."""
        return cls(
            leg=part.leg,
            kind=part.kind,
            state=part.state,
            since_s=part.since_s,
            name=part.name,
            number=part.number,
            is_browser=part.is_browser,
            is_muted=part.is_muted,
            volume=part.volume,
        )


class CallOut(View):
    """One call. `saying` is what is read to the unit now, empty where nothing."""

    conversation: int
    incident_id: int
    unit_id: str
    state: CallState
    since_s: float
    answered_s: float | None
    parts: tuple[PartOut, ...]
    mode: SpeechMode
    volume: int
    is_recorded: bool
    is_announcement: bool
    saying: str

    @classmethod
    def of(cls, call: CallView) -> "CallOut":
        """Return a call as browsers see it."""
        return cls(
            conversation=call.conversation,
            incident_id=call.incident_id,
            unit_id=call.unit_id,
            state=call.state,
            since_s=call.since_s,
            answered_s=call.answered_s,
            parts=tuple(map(PartOut.of, call.parts)),
            mode=call.mode,
            volume=call.volume,
            is_recorded=call.is_recorded,
            is_announcement=call.is_announcement,
            saying=call.saying,
        )


class IceServerOut(View):
    """Whom a browser asks for its ways to the centre, as `RTCPeerConnection` takes it."""

    urls: tuple[str, ...]
    username: str
    credential: str

    @classmethod
    def of(cls, server: IceServer) -> "IceServerOut":
        """Return a server as browsers take it."""
        return cls(urls=server.urls, username=server.username, credential=server.credential)


class ListeningOut(View):
    """Who has listened to a recording, and when."""

    operator: str
    at_s: float


class LegOut(View):
    """A leg of a call that was, with its times."""

    kind: PartKind
    name: str
    number: str
    is_incoming: bool
    began_s: float
    answered_s: float | None
    ended_s: float | None
    status: int
    is_silence: bool

    @classmethod
    def of(cls, leg: CallLeg) -> "LegOut":
        """Return a leg as browsers see it."""
        return cls(
            kind=leg.kind,
            name=leg.name,
            number=leg.number,
            is_incoming=leg.is_incoming,
            began_s=leg.began_s,
            answered_s=leg.answered_s,
            ended_s=leg.ended_s,
            status=leg.status,
            is_silence=leg.is_silence,
        )


class RecordingOut(View):
    """A recording; `seconds` is None while it goes on, `is_yours_to_hear` whether whoever asks may listen to it."""

    recording_id: str
    began_s: float
    keep_until_s: float
    seconds: float | None
    deleted_s: float | None
    is_yours_to_hear: bool
    listenings: tuple[ListeningOut, ...]

    @classmethod
    def of(cls, recording: Recording, listenings: list[Listening], may_hear: bool) -> "RecordingOut":
        """Return a recording as browsers see it."""
        return cls(
            recording_id=recording.recording_id,
            began_s=recording.began_s,
            keep_until_s=recording.keep_until_s,
            seconds=recording.seconds,
            deleted_s=recording.deleted_s,
            is_yours_to_hear=may_hear,
            listenings=tuple(ListeningOut(operator=one.operator, at_s=one.at_s) for one in listenings),
        )
