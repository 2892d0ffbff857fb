"""What the READMEs take from the code: state diagrams and tables. `python -m tests.readme` writes them anew.

Each stands between `<!-- from the code: NAME -->` and `<!-- end -->`; a test holds that they are up to date.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from device import config as unit_config
from device.core import alarm, call_table
from device.core.indication import TABLE
from device.prompts import words as spoken
from device.prompts.words import Language
from hub import config as centre_config
from hub.core import incidents
from hub.core.effects import Problem

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"(<!-- from the code: (?P<name>[a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def words_of(name: str) -> str:
    """Return a class name as words: `PressedAgain` is `pressed again`."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()


def diagram(transitions: Mapping[Any, Mapping[type, object]], first: str) -> str:
    """Return a table of transitions as a Mermaid diagram; what changes no state is told as a loop."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for state, row in transitions.items():
        for signal, answer in row.items():
            if isinstance(answer, tuple):
                arrows.setdefault((str(state), str(answer[0])), []).append(words_of(signal.__name__))
    lines = [f"    {source} --> {target}: {', '.join(signals)}" for (source, target), signals in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *lines, "```"])


def changes(transitions: Mapping[Any, Mapping[type, object]]) -> str:
    """Return a table of transitions as a table of what leads where: for one with too many arrows to draw."""
    lines = ["| in state | goes to |", "| --- | --- |"]
    for state, row in transitions.items():
        ways: dict[str, list[str]] = {}
        for signal, answer in row.items():
            if isinstance(answer, tuple) and answer[0] is not state:
                ways.setdefault(str(answer[0]), []).append(words_of(signal.__name__))
        told = (f"*{target}* on {' or '.join(signals)}" for target, signals in ways.items())
        lines.append(f"| {state} | {'; '.join(told)} |")
    return "\n".join(lines)


def refusals() -> str:
    """Return what operators may not do, by state."""
    lines = ["| in state | refused | because |", "| --- | --- | --- |"]
    for state, row in incidents.TRANSITIONS.items():
        for signal, answer in row.items():
            if isinstance(answer, Problem):
                lines.append(f"| {state} | {words_of(signal.__name__)} | {answer.replace('_', ' ')} |")
    return "\n".join(lines)


def indications() -> str:
    """Return the table of what the client sees and hears, the most important condition first."""
    words = spoken.load()
    lines = ["| condition | light | words (English) | again after |", "| --- | --- | --- | --- |"]
    for condition, row in TABLE.items():
        said = words[Language.EN, row.prompt] if row.prompt else ""
        again = f"{row.repeat_s:g} s" if row.repeat_s else ""
        lines.append(f"| {condition.replace('_', ' ')} | {row.light.replace('_', ' ')} | {said} | {again} |")
    return "\n".join(lines)


def unit_settings() -> str:
    """Return the table of a unit's settings."""
    lines = ["| setting | default | allowed | what it is for |", "| --- | --- | --- | --- |"]
    for row in unit_config.describe():
        unit = f" {row.unit}" if row.unit else ""
        default = f"`{row.default}`{unit}" if row.default else ""
        what = row.what if row.data == "plain" else f"{row.what} {row.data.capitalize()}."
        lines.append(f"| `{row.key}` | {default} | {row.allowed}{unit} | {what} |")
    return "\n".join(lines)


BLOCKS: dict[str, dict[str, Callable[[], str]]] = {
    "device/README.md": {
        "alarm states": lambda: diagram(alarm.TRANSITIONS, alarm.State.NORMAL),
        "call states": lambda: changes(call_table.TRANSITIONS),
        "indications": indications,
        "settings": unit_settings,
    },
    "hub/README.md": {
        "incident states": lambda: diagram(incidents.TRANSITIONS, "raised"),
        "refusals": refusals,
        "settings": centre_config.as_markdown,
    },
}


def renewed(text: str, blocks: Mapping[str, Callable[[], str]]) -> str:
    """Return a README's text with every block made anew. Raises KeyError for one that nobody makes."""
    return _BLOCK.sub(lambda match: f"{match[1]}{blocks[match['name']]()}\n{match[3]}", text)


def names_in(text: str) -> set[str]:
    """Return the blocks that a README has."""
    return {match["name"] for match in _BLOCK.finditer(text)}


def main() -> None:
    """Write every README anew."""
    for name, blocks in BLOCKS.items():
        path = ROOT / name
        path.write_text(renewed(path.read_text(encoding="utf-8"), blocks), encoding="utf-8")


if __name__ == "__main__":
    main()
