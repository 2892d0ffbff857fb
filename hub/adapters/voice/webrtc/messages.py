"""What the centre and its WebRTC process say to each other: one JSON object a line, settings first."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Discriminator, Field, TypeAdapter

from device.voice.messages import Model

LONGEST_SDP = 65_536
MOST_BROWSERS = 64


class Ice(Model):
    """A STUN or TURN server."""

    urls: tuple[str, ...] = Field(min_length=1)
    username: str = ""
    credential: str = Field(default="", repr=False)


class Settings(Model):
    """How browsers are reached. `silence_limit_s`: a browser that sends nothing for so long is gone."""

    ice: tuple[Ice, ...] = ()
    silence_limit_s: float = Field(default=3.0, gt=0)
    connect_within_s: float = Field(default=10.0, gt=0)


class TakeOffer(Model):
    """Answer a browser's offer; its sound goes to and comes from the engine's socket at `engine`."""

    kind: Literal["take_offer"] = "take_offer"
    leg: str
    offer: str = Field(max_length=LONGEST_SDP, repr=False)
    engine: Path


class EndBrowser(Model):
    """Close a browser's connection; nothing more is said of it."""

    kind: Literal["end_browser"] = "end_browser"
    leg: str


Command = TakeOffer | EndBrowser


class Started(Model):
    """It runs."""

    kind: Literal["started"] = "started"
    version: str


class Alive(Model):
    """Said every second."""

    kind: Literal["alive"] = "alive"
    browsers: int


class OfferAnswered(Model):
    """What to give back to the browser."""

    kind: Literal["offer_answered"] = "offer_answered"
    leg: str
    answer: str = Field(repr=False)


class OfferRefused(Model):
    """The offer cannot be answered; the leg does not stand."""

    kind: Literal["offer_refused"] = "offer_refused"
    leg: str
    reason: str


class BrowserConnected(Model):
    """Keys are agreed; sound can flow."""

    kind: Literal["browser_connected"] = "browser_connected"
    leg: str


class BrowserHeard(Model):
    """The first sound came."""

    kind: Literal["browser_heard"] = "browser_heard"
    leg: str


class BrowserGone(Model):
    """The connection is over, its name is dead. `is_silence`: it just stopped sending."""

    kind: Literal["browser_gone"] = "browser_gone"
    leg: str
    reason: str
    is_silence: bool = False


Event = Started | Alive | OfferAnswered | OfferRefused | BrowserConnected | BrowserHeard | BrowserGone

COMMANDS: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Discriminator("kind")])
EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Discriminator("kind")])
