"""A centre that can be called: a real voice engine that answers whoever calls, says a tone and hears."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from device.voice.messages import AnswerLeg, LegArrived
from tests.device.voice.party import Mouth, Party, parties

CENTRE_HZ = 1_000


class CalledCentre:
    """Answers with its mouth open."""

    def __init__(self, party: Party, folder: Path) -> None:
        self.party = party
        self.mouth: Mouth = party.open_mouth("mouth", folder / "mouth", CENTRE_HZ)
        self._answered = 0

    @property
    def uri(self) -> str:
        return self.party.uri

    def answer(self) -> LegArrived:
        """Answer the next call, when it comes."""
        self._answered += 1
        arrived = self.party.wait(LegArrived, self._answered)
        self.party.link((arrived.leg, "mouth"), ("mouth", arrived.leg))
        self.party.tell(AnswerLeg(leg=arrived.leg))
        return arrived


@contextmanager
def called_centre(folder: Path) -> Iterator[CalledCentre]:
    """Run one, with its socket in a short `folder`."""
    with parties(Party("alarm")) as (party,):
        yield CalledCentre(party, folder)
