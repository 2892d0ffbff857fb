"""A centre on a busy evening: something of everything that a page can show. All of it is invented."""

from dataclasses import dataclass

from hub.core import events as ev
from hub.core.records import Outcome
from tests.console_centre import Centre
from tests.waiting import until

OPERATOR = "mara"
NOTE = "She is on the kitchen floor. The neighbour is on her way."


@dataclass(frozen=True, slots=True)
class Evening:
    """What can be looked at: the unit of a home, and one incident of each kind."""

    unit_id: str
    raised: int
    mine: int
    others: int
    stranger: int
    closed: int


def fill(centre: Centre) -> Evening:
    """Let an evening happen."""
    centre.add_operator(OPERATOR, "administrator")
    centre.add_operator("juris")
    anna = centre.add_home(
        1, "Anna Izdomāta", "Izdomu iela 1, dzīvoklis 1, Pasakas", key="Invented neighbour, door 0",
        notes="Hears badly on the left.", place_notes="The yard gate sticks.",
    )  # fmt: skip
    eino = centre.add_home(2, "Eino Keksitty", "Satukatu 2 B, Taruala", language="fi")
    astrid = centre.add_home(3, "Astrid Påhittad", "Sagovägen 3, Diktby", language="sv")
    vera = centre.add_home(4, "Вера Вымышленная", "Сказочная ул. 4, кв. 4, Небылицы", language="ru")
    centre.beat(anna)
    centre.beat(eino, faults=("mains_lost", "trigger_held:bathroom"), mains=False)
    centre.beat(astrid, ago_s=86_400.0)
    centre.garble(
        vera,
        b'{"v": 1, "se\xff',
    )
    over = centre.press(vera, "bedroom").incident_id
    act(centre, over, ev.Act.ACCEPT)
    act(centre, over, ev.Act.CLOSE, text="Asked for the time.", outcome=Outcome.FALSE_ALARM)
    mine = centre.press(eino, "bathroom").incident_id
    act(centre, mine, ev.Act.ACCEPT)
    act(centre, mine, ev.Act.NOTE, text=NOTE)
    others = centre.press(astrid, "hall").incident_id
    act(centre, others, ev.Act.ACCEPT, by="juris")
    centre.break_mains(astrid)
    centre.stick(eino, "bathroom")
    stranger = centre.press("unit-nobody-knows").incident_id
    raised = centre.press(anna, age_s=900.0).incident_id
    return Evening(anna, raised, mine, others, stranger, over)


def act(
    centre: Centre, incident_id: int, what: ev.Act, text: str = "", outcome: Outcome | None = None, by: str = OPERATOR
) -> None:
    """Do something with an incident as an operator does, and wait until it is kept."""
    before = len(centre.reader.timeline(incident_id))
    centre.runtime.report(ev.OperatorActed("", by, incident_id, what, text, outcome))
    until(lambda: len(centre.reader.timeline(incident_id)) > before, f"{what} is on the timeline")
