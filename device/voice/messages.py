"""What a program and its voice engine say to each other: one JSON object a line.

Rules: a leg is a call with one other party, a point is anything else the bridge can link (a file being played, a
socket, a recording, the room). Whoever makes one names it, and no name is ever used again. Links are data: the whole
set that is wanted, applied again whenever a leg's sound changes. Sound is 16 kHz, mono, 16 bit, 20 ms a frame.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, TypeAdapter

CLOCK_HZ = 16_000
FRAME_S = 0.02
FRAME_BYTES = int(CLOCK_HZ * FRAME_S) * 2
ROOM = "room"
"""The point that is the sound device: as a source the microphone, as a sink the loudspeaker."""


class Model(BaseModel):
    """Immutable and exact: both ends are the same version."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


# --- settings: the first line of all ---


class Protocol(StrEnum):
    """What carries SIP."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class Srtp(StrEnum):
    """Whether sound is encrypted."""

    OFF = "off"
    OPTIONAL = "optional"
    MANDATORY = "mandatory"


class Transport(Model):
    """Where the engine listens, and from where it calls. TLS takes part only with those that `ca_file` vouches for.

    `srtp` is for this transport what it is in the settings for all. Mandatory is possible over TLS alone: keys that are
    sent in the clear are none.
    """

    protocol: Protocol
    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65_535)
    cert_file: Path | None = None
    key_file: Path | None = None
    ca_file: Path | None = None
    srtp: Srtp | None = None


class SoundKind(StrEnum):
    """What the room is."""

    NONE = "none"
    CARD = "card"
    SOCKET = "socket"


class Sound(Model):
    """The room's sound: a card by (part of) its ALSA name, or a socket as in `OpenSocket`."""

    kind: SoundKind = SoundKind.NONE
    name: str = ""
    socket: Path | None = None
    has_own_echo_canceller: bool = False


class Settings(Model):
    """How an engine is set up. `user` is who it is in SIP (the unit's id, or the centre).

    `log_file` is for looking for a fault: PJSIP's own log is written beside it, and grows as long as the engine runs.
    """

    user: str
    transports: tuple[Transport, ...] = Field(min_length=1)
    sound: Sound = Sound()
    srtp: Srtp = Srtp.OPTIONAL
    media_host: str = "127.0.0.1"
    rtp_port: int = Field(default=0, ge=0, le=65_535)
    codecs: tuple[str, ...] = ("opus", "G722", "PCMA", "PCMU")
    most_legs: int = Field(default=256, ge=1, le=256)
    silence_limit_s: float = Field(default=3.0, gt=0)
    log_file: Path | None = None


# --- commands ---


class Link(Model):
    """`sink` hears `source`. `gain` 1 is as it comes, 0 is silence."""

    source: str
    sink: str
    gain: float = Field(default=1.0, ge=0, le=8)


class PlaceCall(Model):
    """Open a leg by calling `uri`. `headers` go with the INVITE. Timers are the caller's business: `EndLeg` cancels."""

    kind: Literal["place_call"] = "place_call"
    leg: str
    uri: str
    headers: dict[str, str] = Field(default_factory=dict)
    from_user: str = ""
    srtp: Srtp | None = None


class AnswerLeg(Model):
    """Answer a leg that came in: 180, 183 or 200."""

    kind: Literal["answer_leg"] = "answer_leg"
    leg: str
    status: int = Field(default=200, ge=180, le=200)


class EndLeg(Model):
    """Hang up, cancel or refuse a leg; `status` is the refusal's."""

    kind: Literal["end_leg"] = "end_leg"
    leg: str
    status: int = Field(default=603, ge=400, le=699)


class HoldLeg(Model):
    """Put the other party on hold, or take it back."""

    kind: Literal["hold_leg"] = "hold_leg"
    leg: str
    is_held: bool


class SendDigits(Model):
    """Press keys for the other party, by RFC 4733, by SIP INFO where it knows no other way."""

    kind: Literal["send_digits"] = "send_digits"
    leg: str
    digits: str = Field(pattern=r"^[0-9A-D*#]{1,32}$")


class SetLinks(Model):
    """Let exactly these be linked from now on. What does not exist yet is linked as soon as it does."""

    kind: Literal["set_links"] = "set_links"
    links: tuple[Link, ...] = ()


class PlayFiles(Model):
    """Make a point that plays WAV files one after the other, then says `PlayEnded`; repeated until closed, if told.

    It begins when somebody hears it. Files are mono or stereo, 16 bit, at 8 to 48 kHz; those of one rate have no gap.
    """

    kind: Literal["play_files"] = "play_files"
    point: str
    files: tuple[Path, ...] = Field(min_length=1, max_length=64)
    repeats: bool = False


class OpenSocket(Model):
    """Make a point of a UNIX datagram socket bound at `path`: a datagram is a frame (640 bytes), each way.

    Frames go to whoever sent the last one. What comes too fast is dropped, what does not come is silence.
    """

    kind: Literal["open_socket"] = "open_socket"
    point: str
    path: Path


class RecordFile(Model):
    """Make a point that writes what it hears to a WAV file, until it is closed; 0.1 s later the file is whole."""

    kind: Literal["record_file"] = "record_file"
    point: str
    path: Path


class ClosePoint(Model):
    """End a point, whatever it is."""

    kind: Literal["close_point"] = "close_point"
    point: str


class WatchLevels(Model):
    """Say `LevelsRead` of these legs and points every `every_s`; none: never."""

    kind: Literal["watch_levels"] = "watch_levels"
    names: tuple[str, ...] = ()
    every_s: float = Field(default=0.1, ge=0.05, le=10)


class SetSound(Model):
    """Use another sound device for the room."""

    kind: Literal["set_sound"] = "set_sound"
    sound: Sound


class End(Model):
    """Hang up everything and end."""

    kind: Literal["end"] = "end"


EngineCommand = (
    PlaceCall
    | AnswerLeg
    | EndLeg
    | HoldLeg
    | SendDigits
    | SetLinks
    | PlayFiles
    | OpenSocket
    | RecordFile
    | ClosePoint
    | WatchLevels
    | SetSound
    | End
)


# --- events ---


class EngineStarted(Model):
    """It runs. `addresses` are where its transports listen, in the order of the settings."""

    kind: Literal["engine_started"] = "engine_started"
    version: str
    is_own_build: bool
    most_legs: int
    codecs: tuple[str, ...]
    has_sound_cards: bool
    tls: str = ""
    addresses: tuple[str, ...]


class EngineAlive(Model):
    """Said every second by the thread that owns PJSIP; a client that misses it kills the engine."""

    kind: Literal["engine_alive"] = "engine_alive"
    legs: int


class LegArrived(Model):
    """Somebody calls. `names` are those of its certificate, where it came by TLS; nothing else of it is proven.

    `source` is where it came from, `127.0.0.1:5060`. The names of `headers` are written `Poga-Alarm`, `Call-Id`.
    """

    kind: Literal["leg_arrived"] = "leg_arrived"
    leg: str
    from_user: str
    from_host: str
    to_user: str
    protocol: Protocol
    source: str
    names: tuple[str, ...] = ()
    headers: dict[str, str] = Field(default_factory=dict)


class LegProgressed(Model):
    """A provisional answer came: 100 is heard from the next hop, 180 rings, 183 has sound already."""

    kind: Literal["leg_progressed"] = "leg_progressed"
    leg: str
    status: int


class LegAnswered(Model):
    """The leg stands, by signalling."""

    kind: Literal["leg_answered"] = "leg_answered"
    leg: str
    codec: str = ""
    is_encrypted: bool = False


class LegHeard(Model):
    """The first sound came from the other party."""

    kind: Literal["leg_heard"] = "leg_heard"
    leg: str


class LegHeld(Model):
    """The other party has put us on hold, or has taken us back."""

    kind: Literal["leg_held"] = "leg_held"
    leg: str
    is_held: bool


class EndedBy(StrEnum):
    """Who ended a leg."""

    US = "us"
    THEM = "them"
    SILENCE = "silence"


class LegEnded(Model):
    """A leg is over, its name is dead. `status` is the last SIP status: 486 busy, 603 declined, 0 none."""

    kind: Literal["leg_ended"] = "leg_ended"
    leg: str
    status: int
    reason: str
    by: EndedBy


class DigitHeard(Model):
    """The other party pressed a key."""

    kind: Literal["digit_heard"] = "digit_heard"
    leg: str
    digit: str


class PlayEnded(Model):
    """A player is through, its point is closed. `is_complete`: every file was played to its end.

    Said of every player, once: also of one that was closed before its end, and of one that could not begin.
    """

    kind: Literal["play_ended"] = "play_ended"
    point: str
    is_complete: bool
    reason: str = ""


class SoundLost(Model):
    """The room's sound device does not work; it is looked for until it does."""

    kind: Literal["sound_lost"] = "sound_lost"
    reason: str


class SoundFound(Model):
    """The room's sound device works (again)."""

    kind: Literal["sound_found"] = "sound_found"
    name: str


class LevelsRead(Model):
    """How loud each is, 0 to 1: what it says, what it hears."""

    kind: Literal["levels_read"] = "levels_read"
    levels: dict[str, tuple[float, float]]


class CommandFailed(Model):
    """A command about `subject` (a leg or a point) could not be done; a leg that was to be opened is not."""

    kind: Literal["command_failed"] = "command_failed"
    command: str
    subject: str
    reason: str


class EngineLost(Model):
    """Said by the client itself: the engine has ended or hangs, all legs and points are gone; it is started again.

    An engine that has to end by itself says it as its last word, for the reason.
    """

    kind: Literal["engine_lost"] = "engine_lost"
    reason: str


EngineEvent = (
    EngineStarted
    | EngineAlive
    | LegArrived
    | LegProgressed
    | LegAnswered
    | LegHeard
    | LegHeld
    | LegEnded
    | DigitHeard
    | PlayEnded
    | SoundLost
    | SoundFound
    | LevelsRead
    | CommandFailed
    | EngineLost
)

COMMANDS: TypeAdapter[EngineCommand] = TypeAdapter(Annotated[EngineCommand, Discriminator("kind")])
EVENTS: TypeAdapter[EngineEvent] = TypeAdapter(Annotated[EngineEvent, Discriminator("kind")])
