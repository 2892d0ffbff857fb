"""Only differences reach the bridge, and whoever appears gets all its links."""

from hypothesis import given
from hypothesis import strategies as st

from device.voice.links import Links
from device.voice.messages import Link

NAMES = ("leg", "room", "words", "tape")


class FakeBridge:
    """A bridge that insists on being used rightly."""

    def __init__(self) -> None:
        self.there: set[str] = set()
        self.linked: dict[tuple[str, str], float] = {}
        self.calls = 0

    def connect(self, source: str, sink: str, gain: float) -> bool:
        assert (source, sink) not in self.linked, "it is linked already: the gain would stay as it was"
        assert {source, sink} <= self.there
        self.linked[source, sink] = gain
        self.calls += 1
        return True

    def disconnect(self, source: str, sink: str) -> None:
        del self.linked[source, sink]
        self.calls += 1

    def appear(self, name: str) -> None:
        self.vanish(name)
        self.there.add(name)

    def vanish(self, name: str) -> None:
        self.there.discard(name)
        self.linked = {pair: gain for pair, gain in self.linked.items() if name not in pair}


names = st.sampled_from(NAMES)
links = st.lists(st.builds(Link, source=names, sink=names, gain=st.sampled_from([0.0, 0.5, 1.0])), max_size=6)
steps = st.one_of(
    st.tuples(st.just("want"), links),
    st.tuples(st.sampled_from(["appear", "vanish", "withdraw"]), names),
)


@given(st.lists(steps, max_size=30))
def test_whatever_happens_what_is_wanted_and_can_be_is_linked(history: list[tuple[str, object]]) -> None:
    bridge = FakeBridge()
    kept = Links(bridge)
    wanted: dict[tuple[str, str], float] = {}
    there: set[str] = set()
    for step, what in history:
        if step == "want":
            assert isinstance(what, list)
            wanted = {(link.source, link.sink): link.gain for link in what if link.gain}
            kept.want(what)
        else:
            assert isinstance(what, str)
            if step != "withdraw":
                getattr(bridge, step)(what)
            getattr(kept, step)(what)
            there = there | {what} if step == "appear" else there - {what}
        assert bridge.linked == {pair: gain for pair, gain in wanted.items() if there.issuperset(pair)}


def test_what_is_wanted_again_is_left_alone() -> None:
    bridge = FakeBridge()
    kept = Links(bridge)
    for name in ("leg", "room"):
        bridge.appear(name)
        kept.appear(name)
    both = [Link(source="leg", sink="room"), Link(source="room", sink="leg")]
    kept.want(both)
    calls = bridge.calls
    kept.want(list(reversed(both)))
    assert bridge.calls == calls == 2
