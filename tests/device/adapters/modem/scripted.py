"""A modem without a port: answers what a test says, and keeps what it was asked."""

from collections.abc import Callable

from device.adapters.modem.at.codes import CallCause
from device.adapters.modem.at.commands import Command
from device.adapters.modem.at.dialogue import Outcome, Reply
from device.ports import TransientAdapterError

OK = Reply((), Outcome.OK)


def lines(*said: str) -> Reply:
    return Reply(said, Outcome.OK)


def refused(number: int, outcome: Outcome = Outcome.EQUIPMENT_ERROR) -> Reply:
    return Reply((), outcome, str(number))


def no_call(cause: CallCause) -> Reply:
    return Reply((), Outcome.NO_CALL, cause=cause)


class ScriptedModem:
    """Answers by the beginning of the command; OK to everything else."""

    def __init__(self) -> None:
        self.answers: dict[str, Reply | Callable[[Command], Reply]] = {}
        self.asked: list[str] = []
        self.is_silent = False
        self.now_s = 1_000.0

    def ask(self, command: Command) -> Reply:
        self.asked.append(command.text)
        if self.is_silent:
            raise TransientAdapterError("no reply")
        beginnings = [beginning for beginning in self.answers if command.text.startswith(beginning)]
        answer = self.answers[max(beginnings, key=len)] if beginnings else OK
        return answer if isinstance(answer, Reply) else answer(command)

    def clock(self) -> float:
        return self.now_s
