"""A centre on a busy evening: something of everything that a page can show. All of it is invented."""

import time
from dataclasses import dataclass

from device.wire.vocabulary import SpeechMode
from hub.core import events as ev
from hub.core.call_records import (
    Announcement,
    CallLeg,
    CallList,
    CallOrder,
    Hours,
    Listening,
    Member,
    MemberKind,
    PartKind,
    Recording,
)
from hub.core.call_view import CallState, CallView, PartState, PartView
from hub.core.effects import ShowCall
from hub.core.records import Outcome
from tests.console_centre import Centre
from tests.waiting import until

OPERATOR = "mara"
NEIGHBOUR, NEIGHBOURS_NUMBER = "Invented neighbour", "+37120000099"
ANNOUNCED = "Only a test."
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
    write_about_calls(centre, over)
    if centre.voice is not None:
        centre.console.perform(ShowCall(call_of(mine, eino)))
        until(lambda: bool(centre.console._parts and centre.console._parts.live.snapshot().calls), "the call is shown")
    return Evening(anna, raised, mine, others, stranger, over)


def act(
    centre: Centre, incident_id: int, what: ev.Act, text: str = "", outcome: Outcome | None = None, by: str = OPERATOR
) -> None:
    """Do something with an incident as an operator does, and wait until it is kept."""
    before = len(centre.reader.timeline(incident_id))
    centre.runtime.report(ev.OperatorActed("", by, incident_id, what, text, outcome))
    until(lambda: len(centre.reader.timeline(incident_id)) > before, f"{what} is on the timeline")


def write_about_calls(centre: Centre, incident_id: int) -> None:
    """Write down whom to ring, what can be announced, and what became of the calls of an incident."""
    now_s = time.time()
    centre.keep(
        CallList(
            1,
            "Evenings",
            (
                Member(MemberKind.OPERATOR, OPERATOR),
                Member(MemberKind.PHONE, NEIGHBOUR, NEIGHBOURS_NUMBER, is_sure=True),
            ),
            order=CallOrder.ROTATING,
            languages=("lv", "fi"),
            hours=(Hours((0, 1, 2, 3, 4), 17 * 60, 23 * 60),),
        ),
        CallList(2, "Last of all", (Member(MemberKind.PHONE, NEIGHBOUR, NEIGHBOURS_NUMBER),), is_escalation=True),
        Announcement("Fire test", "en", ANNOUNCED),
        CallLeg("leg-1", incident_id, PartKind.UNIT, now_s - 90, answered_s=now_s - 90, ended_s=now_s - 20, status=200),
        CallLeg("leg-2", incident_id, PartKind.PHONE, now_s - 60, NEIGHBOUR, ended_s=now_s - 40, status=486),
        Recording("recording-1", incident_id, now_s - 80, now_s + 86_400, file="recording-1", seconds=60.0),
        Listening("recording-1", OPERATOR, now_s - 5),
    )
    until(lambda: bool(centre.reader.recordings(incident_id)), "the calls are written down")


def call_of(incident_id: int, unit_id: str) -> CallView:
    """Return a call with everything in it: the operator speaks by telephone, and has rung somebody else."""
    now_s = time.time()
    parts = (
        PartView("in-1", PartKind.UNIT, PartState.SPEAKING, now_s - 30, unit_id),
        PartView("out-1", PartKind.OPERATOR, PartState.SPEAKING, now_s - 20, OPERATOR, is_muted=True),
        PartView("out-2", PartKind.PHONE, PartState.RINGING, now_s - 5, NEIGHBOUR, NEIGHBOURS_NUMBER),
    )
    return CallView(
        9, incident_id, unit_id, CallState.SPEAKING, now_s - 30, now_s - 20, parts,
        mode=SpeechMode.LISTEN, volume=7, is_recorded=True, saying=ANNOUNCED,
    )  # fmt: skip
