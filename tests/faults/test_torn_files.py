"""Files that are torn or broken while their program is dead: it starts all the same, tells of it, and takes presses.

Rules: a torn end is what a power cut leaves of a write nobody was told of: nothing may be lost by it. In a broken file
presses may go (they are at stake), but none that a backup holds; none may come twice, and the next one must arrive.
"""

import random
import time
from collections.abc import Callable
from pathlib import Path

from hub.adapters.store import Places
from hub.adapters.store.backups import back_up
from hub.core.records import Unit
from tests.faults.account import Press
from tests.faults.conftest import Settled
from tests.faults.harness import Harness
from tests.faults.home import Home
from tests.faults.wire import Fault

PRESSES = 3
KIBIBYTE = 1_024
Damage = Callable[[Path, random.Random], None]


def log_of(file: Path) -> Path:
    """Return where SQLite keeps a file's log."""
    return file.with_name(f"{file.name}-wal")


def tear_log(file: Path, chance: random.Random) -> None:
    """Leave the beginning of one more write at the end of the log."""
    with log_of(file).open("ab") as log:
        log.write(chance.randbytes(chance.randint(1, 6 * KIBIBYTE)))


def cut_log(file: Path, chance: random.Random) -> None:
    """Lose the end of the log."""
    log = log_of(file)
    with log.open("ab") as opened:
        opened.truncate(chance.randint(0, log.stat().st_size - 1))


def spoil_log(file: Path, chance: random.Random) -> None:
    """Write over a part of the log."""
    overwrite(log_of(file), chance)


def spoil_file(file: Path, chance: random.Random) -> None:
    """Write over a part of the file."""
    overwrite(file, chance)


def spoil_header(file: Path, chance: random.Random) -> None:
    """Write over the beginning of the file."""
    with file.open("r+b") as opened:
        opened.write(chance.randbytes(100))


def empty_file(file: Path, chance: random.Random) -> None:
    """Leave nothing of the file but its name."""
    file.write_bytes(b"")


def overwrite(file: Path, chance: random.Random) -> None:
    """Write over 2 KiB somewhere in a file."""
    with file.open("r+b") as opened:
        opened.seek(chance.randint(0, max(0, file.stat().st_size - 2 * KIBIBYTE)))
        opened.write(chance.randbytes(2 * KIBIBYTE))


BREAKS: tuple[Damage, ...] = (cut_log, spoil_log, spoil_file, spoil_header, empty_file)
PLAIN: tuple[Damage, ...] = (spoil_header, empty_file)
"""Nobody can overlook these: the backup takes the place. Of a log that ends early nobody knows that it was longer."""


def named(damage: Damage) -> str:
    """Return a damage's name for the report."""
    return damage.__name__.replace("_", " ")


def test_the_torn_end_of_a_log_loses_nothing(tmp_path: Path, chance: random.Random, settled: Settled) -> None:
    with Harness(tmp_path, [Unit("home-1"), Unit("home-2")], wired=True) as harness:
        heard, cut_off = harness.homes
        for _ in range(PRESSES):
            harness.press(heard)
            harness.rest()
        press_into_the_dark(harness, cut_off)
        harness.press(heard)
        harness.until(lambda: len(harness.alarms()) == 1, "the centre has the alarm, and nobody has closed it")
        for home in harness.homes:
            home.kill()
            tear_log(home.outbox, chance)
        harness.centre.kill()
        tear_log(Places(harness.centre.store).main, chance)
        harness.centre.start()
        for home in harness.homes:
            home.start()
        harness.wires[1].be(Fault.WHOLE)
        harness.rest()
        settled("torn ends of all logs", harness.tally())


def test_a_home_with_a_broken_file_goes_on(tmp_path: Path, chance: random.Random, settled: Settled) -> None:
    with Harness(tmp_path, wired=True) as harness:
        for damage in BREAKS:
            press_into_the_dark(harness, harness.home).is_at_stake = True
            harness.home.kill()
            damage(harness.home.outbox, chance)
            harness.home.start()
            harness.wires[0].be(Fault.WHOLE)
            harness.rest()
            harness.home.promised_s.clear()  # a broken log may bring back an alarm that was answered long ago
            assert harness.home.has_told("OutboxFailed") or damage not in PLAIN, f"{named(damage)}: not told"
            harness.press()
            harness.rest()
        settled(f"file at home broken, {len(BREAKS)} ways", harness.tally())


def test_a_centre_with_broken_files_goes_on(tmp_path: Path, chance: random.Random, settled: Settled) -> None:
    with Harness(tmp_path) as harness:
        for damage in BREAKS:
            back_up(Places(harness.centre.store), time.time())
            since_backup = harness.press()
            harness.rest()
            harness.centre.kill()
            break_store(harness, damage, chance, [since_backup] if damage in PLAIN else harness.presses)
            harness.centre.start()
            harness.sign_in()
            assert is_told(harness) or damage not in PLAIN, f"{named(damage)}: no operator is told"
            harness.press()
            harness.rest()
        settled(f"files of the centre broken, {len(BREAKS)} ways", harness.tally())


def test_an_alarm_that_the_centre_has_forgotten_comes_back_by_heartbeat(
    tmp_path: Path, chance: random.Random, settled: Settled
) -> None:
    with Harness(tmp_path, [Unit("home-1", heartbeat_s=5.0)]) as harness:
        back_up(Places(harness.centre.store), time.time())
        press = harness.press()
        harness.until(lambda: harness.home.look()["alarm"]["state"] == "received", "the home has its receipt")
        harness.centre.kill()
        break_store(harness, empty_file, chance, [press])
        harness.centre.start()
        harness.sign_in()
        harness.until(lambda: len(harness.alarms()) == 1, "the alarm stands at the centre again")
        harness.rest()
        settled("alarm forgotten by the centre", harness.tally())


def press_into_the_dark(harness: Harness, home: Home) -> Press:
    """Press in a home whose wire is dead, so that its file alone has the alarm."""
    harness.wires[harness.homes.index(home)].be(Fault.RESETTING)
    harness.until(lambda: not home.look()["path_is_open"], "the unit knows that its path is closed")
    return harness.press(home)


def break_store(harness: Harness, damage: Damage, chance: random.Random, at_stake: list[Press]) -> None:
    """Damage both files of a dead centre, with which these presses may go; their incidents' numbers are free again."""
    alarms = {press.name.alarm for press in at_stake if press.name is not None}
    harness.on_screen -= {
        case.incident_id for case in harness.centre.truth().cases if not alarms.isdisjoint(case.alarms)
    }
    for press in at_stake:
        press.is_at_stake = True
    places = Places(harness.centre.store)
    damage(places.main, chance)
    damage(places.heartbeats, chance)


def is_told(harness: Harness) -> bool:
    """Tell whether the centre's screens say that its main file was broken."""
    return any((each["kind"], each["subject"]) == ("centre", "store_file") for each in harness.operator.incidents())
