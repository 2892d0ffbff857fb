"""The line to the core: every question gets its own answer, or none in time."""

import asyncio

import pytest

from hub.console.core_line import CoreLine, NoReplyError
from hub.core import events as ev
from hub.core.effects import Problem, Reply
from hub.core.records import Outcome


def test_each_question_gets_its_own_answer() -> None:
    async def check() -> None:
        asked: list[ev.Event] = []
        line = CoreLine(30.0)
        line.open(asked.append)
        first = asyncio.create_task(line.act("Elza", 7, ev.Act.CLOSE, "well", Outcome.HELPED))
        second = asyncio.create_task(line.act("Juris", 7, ev.Act.ACCEPT))
        await asyncio.sleep(0)
        one, two = asked
        assert isinstance(one, ev.OperatorActed)
        assert isinstance(two, ev.OperatorActed)
        assert one == ev.OperatorActed(one.request_id, "Elza", 7, ev.Act.CLOSE, "well", Outcome.HELPED)
        line.answered(Reply(two.request_id, Problem.TAKEN, "Elza"))
        line.answered(Reply(one.request_id))
        assert (await first).problem is None
        assert (await second).owner == "Elza"

    asyncio.run(check())


def test_no_answer_in_time_is_an_error_and_a_late_one_is_dropped() -> None:
    async def check() -> None:
        asked: list[ev.Event] = []
        line = CoreLine(0.01)
        line.open(asked.append)
        with pytest.raises(NoReplyError, match=r"within 0\.01 s"):
            await line.edit()
        assert isinstance(asked[0], ev.RecordsEdited)
        line.answered(Reply(asked[0].request_id))
        line.answered(Reply("nobody asked this"))

    asyncio.run(check())
