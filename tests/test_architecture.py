"""The shape of the code, held by tests: what may import what, how files are called and how long they grow.

Rules: an exception stands in a list here with its reason, and leaves the list when the reason is gone. Which
layer may import which is said in pyproject.toml, for import-linter.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("device", "hub")
FILE_LINES = 300
FUNCTION_LINES = 40

# A module says what it is about. These say nothing.
EMPTY_NAMES = {
    *("base", "common", "helper", "helpers", "lib", "manager", "managers", "misc", "service", "services"),
    *("shared", "stuff", "tools", "util", "utils"),
}

# Each library of the outside world stands behind its one door.
DOORS = {
    "aiortc": ("hub.adapters.voice",),
    "av": ("hub.adapters.voice",),
    "cryptography": ("hub.adapters.voice",),
    "fastapi": ("hub.console", "device.simulator"),
    "gpiozero": ("device.adapters", "device.pin_factory", "device.simulator"),
    "jinja2": ("hub.console", "device.simulator"),
    "lgpio": ("device.adapters",),
    "paho": ("device.adapters.broker", "hub.adapters.broker"),
    "phonenumbers": ("hub.adapters.voice",),
    "pjsua2": ("device.voice",),
    "serial": ("device.adapters.modem",),
    "sqlite3": ("device.adapters.outbox", "hub.adapters.store"),
    "sqlite_utils": ("device.adapters.outbox", "hub.adapters.store"),
    "starlette": ("hub.console", "device.simulator"),
}

# File -> why it is longer than 300 lines.
LONG_FILES: dict[str, str] = {
    "device/voice/messages.py": "all that a program and its voice engine can say to each other",
    "device/core/events.py": "everything that can happen to a unit at one glance",
    "device/wire/messages.py": "every message of the wire at one glance",
}

# File::function -> why it is longer than 40 lines.
LONG_FUNCTIONS: dict[str, str] = {
    "device/core/unit.py::_decide": "one case a kind of event, and nothing else",
    "tests/bench/peers/node_red.py::_flows": "one flow of Node-RED, as its editor would export it",
}


@cache
def sources() -> tuple[Path, ...]:
    """Every Python file of the project, tests included."""
    return tuple(sorted(path for top in (*PACKAGES, "tests") for path in (ROOT / top).rglob("*.py")))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    return name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports_of(path: Path) -> Iterator[str]:
    """Every module that the file imports, at its top or inside a function."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def functions_of(path: Path) -> Iterator[tuple[str, int]]:
    """Every function of the file with its number of lines, from `def` to the end."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def is_within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def test_the_layers_hold() -> None:
    """Ask import-linter, so that its contracts are kept wherever the tests are run."""
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_library_stands_behind_its_door() -> None:
    strays = [
        f"{name_of(path)} imports {imported}"
        for path in sources()
        for imported in imports_of(path)
        if (door := DOORS.get(imported.split(".")[0])) is not None
        and is_within(module_of(path), PACKAGES)
        and not is_within(module_of(path), door)
    ]
    assert not strays


def test_a_name_says_what_a_module_is_about() -> None:
    empty = [name_of(path) for path in sources() if EMPTY_NAMES & {*path.relative_to(ROOT).parts, path.stem}]
    assert not empty


def test_every_module_says_what_it_is() -> None:
    silent = [name_of(path) for path in sources() if ast.get_docstring(tree_of(path)) is None]
    assert not silent


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
    left = [
        f"{name_of(path)}:{number}"
        for path in sources()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if later.search(line)
    ]
    assert not left


def test_a_long_file_has_a_reason() -> None:
    lines = {name_of(path): len(path.read_text().splitlines()) for path in sources()}
    long = {name: count for name, count in lines.items() if count > FILE_LINES}
    assert not _without_reason(long, LONG_FILES)


def test_a_long_function_has_a_reason() -> None:
    long = {
        f"{name_of(path)}::{name}": count
        for path in sources()
        for name, count in functions_of(path)
        if count > FUNCTION_LINES
    }
    assert not _without_reason(long, LONG_FUNCTIONS)


@pytest.mark.parametrize("package", PACKAGES)
def test_tests_mirror_the_package(package: str) -> None:
    """A test module stands where the module it tests stands, so that both are found from either."""
    modules = {module_of(path) for path in sources() if is_within(module_of(path), (package,))}
    astray = [
        name_of(path)
        for path in (ROOT / "tests" / package).rglob("test_*.py")
        if ".".join((*path.parent.relative_to(ROOT / "tests").parts, path.stem.removeprefix("test_"))) not in modules
    ]
    assert not astray


def _without_reason(long: dict[str, int], reasons: dict[str, str]) -> list[str]:
    """What is too long without a reason, and what has a reason without being too long."""
    return [f"{name}: {count} lines" for name, count in long.items() if name not in reasons] + [
        f"{name}: not too long any more, take it off the list" for name in reasons if name not in long
    ]
