"""The centre's core in any history of calls: nobody is left waiting, and no leg behind, whatever befalls it."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from device.wire import messages as wire
from device.wire.vocabulary import SpeechMode
from hub.core import events as ev
from hub.core.call_records import Browser, CallList, CallOrder, Member, MemberKind, Organisation, Phone
from hub.core.records import Operator, Record
from hub.core.speech_acts import (
    Add,
    Announce,
    AnnounceLive,
    CallBack,
    Drop,
    HangUp,
    Hold,
    Mute,
    SetMode,
    SetVolume,
    SpeechAct,
    Transfer,
)
from tests.hub.test_core import INCIDENT_IDS, KEYS, OPERATORS, UNIT_IDS, AnyHistory

SPEECH_ACTS: st.SearchStrategy[SpeechAct] = st.sampled_from(
    (
        *(HangUp(), Mute(is_on=True), SetMode(SpeechMode.LISTEN), SetVolume(3), Hold(is_on=True), Hold(is_on=False)),
        *(Transfer(Browser("boris")), Transfer(Phone("1")), Add(Phone("2")), CallBack(), AnnounceLive()),
        *(Announce("words", "lv"), Drop("life-1")),
    )
)
DESK, DUTY = Operator("anna", "", phone="3", phone_is_sure=True), Member(MemberKind.PHONE, "duty", "4")
CALL_RULES: tuple[tuple[Record, ...], ...] = (
    (CallList(1, "day", (Member(MemberKind.OPERATOR, "boris"), DUTY), order=CallOrder.ROTATING, ring_s=10),),
    (CallList(1, "day", is_active=False), CallList(2, "last", (DUTY,), is_escalation=True)),
    (DESK, Organisation(records_calls=True)),
    (Operator("anna", ""), Organisation(records_calls=False)),
)


class AnyCalls(AnyHistory):
    """One life of a centre that has a voice."""

    @initialize(operators=st.sets(OPERATORS))
    def start(self, operators: set[str]) -> None:
        super().start(operators)
        self.shift.voice.start()

    @rule()
    def wait_for_hours(self) -> None:
        """Wait for long, as far as calls are concerned."""
        self.shift.wait(300.0)

    @rule(unit_id=UNIT_IDS, alarm=st.none() | KEYS, is_ordered=st.booleans())
    def call(self, unit_id: str, alarm: wire.MessageKey | None, is_ordered: bool) -> None:
        orders = [order.order for order in self.shift.orders.values()]
        ordered = [order.call_id for order in orders if isinstance(order, wire.PlaceCall)]
        self.shift.voice.call(unit_id, alarm, ordered[-1] if is_ordered and ordered else "")

    @rule(number=st.integers(0, 9))
    def answer(self, number: int) -> None:
        ringing = [leg for leg, one in self.shift.voice.legs.items() if not one.is_answered]
        if ringing:
            self.shift.voice.answer(ringing[number % len(ringing)])

    @rule(number=st.integers(0, 9), status=st.sampled_from((0, 200, 486, 480)), is_silence=st.booleans())
    def end_leg(self, number: int, status: int, is_silence: bool) -> None:
        legs = list(self.shift.voice.legs)
        if legs:
            self.shift.voice.end(legs[number % len(legs)], status, is_silence)

    @rule(number=st.integers(0, 9), pressed=st.sampled_from("0134789"))
    def press_key(self, number: int, pressed: str) -> None:
        legs = list(self.shift.voice.legs)
        if legs:
            self.shift.voice.press(legs[number % len(legs)], pressed)

    @rule(is_complete=st.booleans())
    def finish_saying(self, is_complete: bool) -> None:
        self.shift.voice.finish_saying(is_complete)

    @rule()
    def lose_voice(self) -> None:
        self.shift.voice.lose()
        self.shift.voice.start()

    @rule(incident_id=INCIDENT_IDS, act=SPEECH_ACTS, operator=OPERATORS)
    def ask_of_a_call(self, incident_id: int, act: SpeechAct, operator: str) -> None:
        self.shift.speech(incident_id, act, operator)

    @rule(records=st.sampled_from(CALL_RULES))
    def edit_call_rules(self, records: tuple[Record, ...]) -> None:
        self.shift.happen(ev.RecordsEdited("request", records))

    @invariant()
    def no_leg_is_left_behind(self) -> None:
        in_calls = {leg for call in self.shift.centre._calls._calls.values() for leg in call.parties}
        assert in_calls == set(self.shift.voice.legs), "a leg stands that belongs to no call, or the other way round"
        assert set(self.shift.voice.recordings) <= {told._recording for told in self.shift.centre._calls._told.values()}

    @invariant()
    def a_client_who_calls_about_an_alarm_is_spoken_with_or_looked_for(self) -> None:
        for call in self.shift.centre._calls._calls.values():
            is_looked_after = call.keepers or call.routing.is_running or call.telling.has_to_announce
            if call.is_alarm and call.unit is not None and not call.is_announcement:
                assert is_looked_after, "a client waits, and nobody is looked for"
            if call.is_only_announced and call.hears_unit:
                assert is_looked_after or call.telling.text, "a unit was called for nothing"


TestAnyCalls = AnyCalls.TestCase
TestAnyCalls.settings = settings(max_examples=40, stateful_step_count=40)
