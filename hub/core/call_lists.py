"""Which call lists hold for a waiting call: the stages of its way.

Rules: a list holds by organisation, by the client's language and by the hour. First come the lists, then every operator
on shift at once, then the lists of the escalation. A rotating list begins with another member each time it is used, so
that the load is even.
"""

from dataclasses import dataclass

from hub.core import timings
from hub.core.call_records import MOST_MEMBERS, AfterCycle, CallList, CallOrder, Hours, Member
from hub.core.moment import Moment

MINUTES_OF_A_DAY = 1440
_DAY_S = 86_400
_FIRST_OF_JANUARY_1970 = 3  # a Thursday


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the way: the members of a list, one after the other; without a list, everybody on shift at once."""

    name: str = ""
    members: tuple[Member, ...] = ()
    ring_s: float = timings.EVERYBODY_RINGS_S
    after: AfterCycle = AfterCycle.GO_ON

    @property
    def is_everybody(self) -> bool:
        """Tell whether it rings everybody on shift."""
        return not self.name


class CallLists:
    """The call lists of the centre."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lists: dict[int, CallList] = {}
        self._uses: dict[int, int] = {}

    def take(self, call_list: CallList) -> None:
        """Take a new or changed list."""
        self._lists[call_list.list_id] = call_list

    def stages(self, organisation: str, language: str, now: Moment) -> tuple[Stage, ...]:
        """Return the way of a call that begins, or begins again, now."""
        holding = [one for one in self._lists.values() if _holds(one, organisation, language, now)]
        holding.sort(key=lambda one: (one.place, one.list_id))
        first = [self._stage(one) for one in holding if not one.is_escalation]
        last = [self._stage(one) for one in holding if one.is_escalation]
        return (*first, Stage(), *last)

    def _stage(self, call_list: CallList) -> Stage:
        members = call_list.members[:MOST_MEMBERS]
        if call_list.order is CallOrder.ROTATING and members:
            uses = self._uses.get(call_list.list_id, 0)
            self._uses[call_list.list_id] = uses + 1
            first = uses % len(members)
            members = members[first:] + members[:first]
        return Stage(call_list.name or str(call_list.list_id), members, float(call_list.ring_s), call_list.after)


def _holds(call_list: CallList, organisation: str, language: str, now: Moment) -> bool:
    return (
        call_list.is_active
        and call_list.organisation == organisation
        and (not call_list.languages or language in call_list.languages)
        and (not call_list.hours or any(is_within(hours, now) for hours in call_list.hours))
    )


def is_within(hours: Hours, now: Moment) -> bool:
    """Tell whether it is now between the beginning and the end."""
    days, seconds = divmod(int(now.wall_s + now.utc_offset_s), _DAY_S)
    today, minute = (days + _FIRST_OF_JANUARY_1970) % 7, seconds // 60
    if hours.from_minute < hours.to_minute:
        return today in hours.days and hours.from_minute <= minute < hours.to_minute
    began_today = today in hours.days and minute >= hours.from_minute
    began_yesterday = (today - 1) % 7 in hours.days and minute < hours.to_minute
    return began_today or began_yesterday
