"""The recipe of our own pjsua2: what a build is known by, where its source comes from, and what it says when it cannot.

Nothing is built or downloaded here; apt only reads the example sources.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from images.pjsua2 import compiling, debian
from images.pjsua2.debian import Index
from images.pjsua2.recipe import (
    BUILDING,
    HERE,
    SOURCE,
    Architecture,
    RecipeError,
    Target,
    build_key,
    cache_folder,
    sha256_of,
    verify,
)

TARGET = Target(Architecture.AMD64, "bookworm", (3, 11))

ONE_LINE = """\
# deb http://commented.invalid/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://one.invalid/debian/ bookworm main
deb-src http://source.invalid/debian bookworm main
deb http://one.invalid/debian bookworm-updates main
"""
DEB822 = """\
Types: deb
URIs: http://two.invalid/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
Enabled: no
URIs: http://disabled.invalid/debian
Suites: bookworm
Components: main
"""


@pytest.fixture
def recipe_folder(tmp_path: Path) -> Path:
    """Return a copy of the files that decide what a build contains."""
    for name in BUILDING:
        (tmp_path / name).write_bytes((HERE / name).read_bytes())
    return tmp_path


def indexes_of(folder: Path, one_line: str = "", deb822: str = "") -> list[Index]:
    """Return what apt reads from example sources."""
    (folder / "parts").mkdir()
    (folder / "sources.list").write_text(one_line)
    (folder / "parts" / "example.sources").write_text(deb822)
    places = {"sourcelist": folder / "sources.list", "sourceparts": folder / "parts"}
    return debian.machine_indexes([f"-oDir::Etc::{kind}={place}" for kind, place in places.items()])


# --- what a build is known by -------------------------------------------------------------------------------------


def test_the_same_inputs_give_the_same_key(recipe_folder: Path) -> None:
    assert build_key(TARGET, folder=recipe_folder) == build_key(TARGET)


@pytest.mark.parametrize("name", BUILDING)
def test_every_file_of_the_recipe_changes_the_key(recipe_folder: Path, name: str) -> None:
    with (recipe_folder / name).open("a") as file:
        file.write("\n")
    assert build_key(TARGET, folder=recipe_folder) != build_key(TARGET)


@pytest.mark.parametrize(
    "other",
    [
        replace(TARGET, architecture=Architecture.ARM64),
        replace(TARGET, release="trixie"),
        replace(TARGET, python=(3, 13)),
    ],
)
def test_every_part_of_the_target_changes_the_key(other: Target) -> None:
    assert build_key(other) != build_key(TARGET)


def test_another_source_changes_the_key() -> None:
    assert build_key(TARGET, replace(SOURCE, sha256="0" * 64)) != build_key(TARGET)


def test_builds_are_kept_where_the_system_keeps_caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "poga" / "pjsua2"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "poga" / "pjsua2"


def test_a_wheel_names_the_machines_it_is_for() -> None:
    pi = replace(TARGET, architecture=Architecture.ARM64)
    assert pi.wheel == "pjsua2-2.17-cp311-cp311-linux_aarch64.whl"
    assert pi.extension == ".cpython-311-aarch64-linux-gnu.so"


# --- the source ---------------------------------------------------------------------------------------------------


def test_a_file_with_another_hash_is_refused_and_the_error_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / SOURCE.file
    file.write_bytes(b"something else")
    with pytest.raises(RecipeError) as refused:
        verify(file)
    said = str(refused.value)
    assert str(file) in said
    assert sha256_of(file) in said
    assert SOURCE.sha256 in said
    assert "remove it, then run this again" in said


def test_a_file_with_the_right_hash_is_taken_without_a_mirror(tmp_path: Path) -> None:
    file = tmp_path / "kept.tar.xz"
    file.write_bytes(b"the source")
    source = replace(SOURCE, file=file.name, sha256=sha256_of(file))
    assert debian.fetch_source(source, tmp_path, "bookworm", tmp_path / "apt") == file


def test_the_mirror_comes_from_the_machines_sources_in_the_one_line_format(tmp_path: Path) -> None:
    indexes = indexes_of(tmp_path, one_line=ONE_LINE)
    assert debian.mirrors(indexes, "bookworm") == ["http://one.invalid/debian"]


def test_the_mirror_comes_from_the_machines_sources_in_the_deb822_format(tmp_path: Path) -> None:
    indexes = indexes_of(tmp_path, deb822=DEB822)
    assert debian.mirrors(indexes, "bookworm") == ["http://two.invalid/debian"]


def test_both_formats_are_read_together(tmp_path: Path) -> None:
    indexes = indexes_of(tmp_path, one_line=ONE_LINE, deb822=DEB822)
    assert debian.mirrors(indexes, "bookworm") == ["http://one.invalid/debian", "http://two.invalid/debian"]


def test_debians_own_mirror_is_asked_before_one_that_borrows_the_suites_name() -> None:
    indexes = [
        Index("http://board.invalid/debian", "bookworm", "main"),
        Index("http://tool.invalid/linux", "bookworm", "stable"),
        Index("http://whole.invalid/debian", "bookworm", "main"),
        Index("http://whole.invalid/debian", "bookworm-updates", "main"),
    ]
    assert debian.mirrors(indexes, "bookworm") == ["http://whole.invalid/debian", "http://board.invalid/debian"]


def test_a_machine_without_a_mirror_of_its_release_is_told_to_add_one(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="no mirror for Debian's trixie main"):
        debian.mirrors(indexes_of(tmp_path, deb822=DEB822), "trixie")


def test_our_apt_writes_nothing_outside_its_folder(tmp_path: Path) -> None:
    options = debian.configuration(tmp_path / "apt", ["deb-src http://one.invalid/debian sid main"])
    settings = (tmp_path / "apt" / "apt.conf").read_text()
    assert str(tmp_path / "apt" / "apt.conf") in options
    for place in ("Dir::State", "Dir::State::status", "Dir::Cache", "Dir::Etc::sourcelist"):
        assert f'{place} "{tmp_path}/apt' in settings
    assert debian.machine_indexes(options) == []  # a source alone: no package of this machine is looked at


# --- the compiler -------------------------------------------------------------------------------------------------


def test_compiling_across_says_where_the_targets_libraries_are(tmp_path: Path) -> None:
    tools = compiling.across(replace(TARGET, architecture=Architecture.ARM64), tmp_path)
    assert tools.environment["CC"] == f"aarch64-linux-gnu-gcc --sysroot={tmp_path}"
    assert tools.python_headers == (tmp_path / "usr" / "include" / "python3.11",)


def test_both_ways_compile_with_cpp_17_and_without_asserts(tmp_path: Path) -> None:
    for tools in (compiling.native(TARGET), compiling.across(TARGET, tmp_path)):
        assert "-std=c++17" in tools.environment["CXXFLAGS"]
        assert "-DNDEBUG" in tools.environment["CFLAGS"]


def test_a_program_that_fails_is_named_with_its_last_words(tmp_path: Path) -> None:
    with (tmp_path / "build.log").open("w") as log:
        run = compiling.Shell(log, {})
        with pytest.raises(RecipeError, match=r"failed with status 3(.|\n)*no such codec"):
            run("sh", "-c", "echo no such codec; exit 3")
