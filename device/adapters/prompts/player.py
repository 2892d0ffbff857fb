"""What the unit's voice asks of whoever makes its words heard.

Rules: `begin` and `probe` do not wait for the end; `wait` always comes back, however the sound card behaves.
"""

from dataclasses import dataclass
from typing import Protocol

from device.core.effects import Prompt
from device.prompts.words import Language


@dataclass(frozen=True, slots=True)
class Utterance:
    """A prompt with its words and its sound, in the language in which it can be said."""

    prompt: Prompt
    language: Language
    words: str
    wav: bytes
    duration_s: float


class Sound(Protocol):
    """Something that is being said."""

    def wait(self) -> bool:
        """Wait for its end, in bounded time; tell whether it was said to the end (False: cut). Raises AdapterError."""

    def cut(self) -> None:
        """End it now. Called from any thread."""


class Player(Protocol):
    """What makes an utterance heard."""

    def begin(self, utterance: Utterance) -> Sound:
        """Begin to say it. Raises AdapterError."""

    def probe(self) -> Sound:
        """Begin to say nothing, to find out whether something would be heard. Raises AdapterError."""
