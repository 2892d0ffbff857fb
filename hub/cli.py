"""`poga-hub`: run the centre, show it, look after it.

Rules: every command says in plain words what it did, or what is wrong and what to do; it exits with 0 only if all is
well.
"""

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hub import config
from hub.ports import AdapterError

if TYPE_CHECKING:
    from hub import app

OK, TROUBLE = 0, 1
READY_LOOK_S = 0.2


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
        sys.stdout.flush()
    except BrokenPipeError:
        return _nobody_reads()
    except (config.ConfigError, AdapterError, ValueError, OSError) as error:
        print(f"poga-hub: {error}", file=sys.stderr)
        return TROUBLE
    except ModuleNotFoundError as error:
        print(f"poga-hub: the centre needs {error.name}: install poga[hub]", file=sys.stderr)
        return TROUBLE
    return code


def _nobody_reads() -> int:
    """Fall silent where the reader has had enough, as `head` has; what Python still writes at its end goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return TROUBLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="poga-hub", description="The alarm receiving centre.")
    parser.add_argument("--config", type=Path, help=f"settings (default: {config.DEFAULT_PATH}, where it is there)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="run the centre")
    run.set_defaults(command=_run)

    demo = commands.add_parser("demo", help="show a centre and a virtual home; nothing is kept")
    demo.add_argument("--once", action="store_true", help="play the story without a person: press, accept, close")
    demo.add_argument("--json", action="store_true", help="with --once: print the ladder of truth as JSON")
    demo.add_argument("--units", type=_from(1, 20), default=1, help="virtual homes, 1 to 20")
    demo.add_argument("--language", default="en", choices=("en", "lv", "fi", "sv", "ru", "et"))
    demo.add_argument("--no-browser", action="store_true", help="do not open the browser")
    demo.set_defaults(command=_demo)

    doctor = commands.add_parser("doctor", help="say in words what is well and what is not")
    doctor.set_defaults(command=_doctor)

    show = commands.add_parser("show-config", help="show every setting")
    show.add_argument("--markdown", action="store_true", help="the table of the README")
    show.set_defaults(command=_show_config)

    add = commands.add_parser("add-unit", help="let a unit connect; prints what its settings need")
    add.add_argument("unit_id")
    add.add_argument("--name", default="", help="what operators read until the register says more")
    add.set_defaults(command=_add_unit)

    restore = commands.add_parser("restore", help="put a backup in the store's place, while the centre is stopped")
    restore.add_argument("backup", type=Path, nargs="?", help="the newest, if left out")
    restore.set_defaults(command=_restore)
    return parser


def _settings(options: argparse.Namespace) -> config.Settings:
    if options.config is not None:
        return config.load(options.config)
    return config.load(config.DEFAULT_PATH) if config.DEFAULT_PATH.exists() else config.Settings()


def _run(options: argparse.Namespace) -> int:
    from hub import app

    settings = _settings(options)
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)-8s %(name)s: %(message)s")
    program = app.build(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: program.stop())
    threading.Thread(target=_announce, args=(program,), daemon=True).start()
    program.run()
    return OK


def _announce(program: "app.Program") -> None:
    """Say where the console is, and how the first administrator gets in, once the centre is ready."""
    while not program.is_ready:
        time.sleep(READY_LOOK_S)
    url = program.console.url
    print(f"The centre is ready. Console: {url}", flush=True)
    if program.console.first_code is not None:
        print(f"It has no operator yet. Open {url}/first and enter this code, good once:", flush=True)
        print(f"\n    {program.console.first_code}\n", flush=True)


def _demo(options: argparse.Namespace) -> int:
    from hub import demo

    choice = demo.Choice(
        units=options.units,
        language=options.language,
        opens_browser=not options.no_browser and bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")),
    )
    if options.once:
        return demo.play_once(choice, as_json=options.json)
    return demo.stay(choice)


def _doctor(options: argparse.Namespace) -> int:
    from hub import doctor

    return doctor.report(doctor.examine(_settings(options)), print)


def _show_config(options: argparse.Namespace) -> int:
    if options.markdown:
        print(config.as_markdown())
        return OK
    for key, value in config.shown(_settings(options)):
        print(f"{key} = {value}")
    return OK


def _add_unit(options: argparse.Namespace) -> int:
    from hub import app
    from hub.adapters.enrolled import enrol

    settings = _settings(options)
    broker = settings.broker
    if not broker.is_embedded:
        raise config.ConfigError("units are let in by the broker in [broker], which is not the centre's: add it there")
    _as_owner_of(settings.data_dir)
    unit = enrol(app.units_folder(settings), options.unit_id, options.name)
    print(f"{unit.unit_id} may connect to the running centre from now on. For its device.toml, in [[centres]]:\n")
    print(f'host = "{broker.host}"\nport = {broker.port}\npassword = "{unit.password}"')
    if broker.certificate is None:
        print("tls = false")
    else:
        print(f'ca_file = "/etc/poga/centre-ca.pem"  # there, who vouches for {broker.certificate}')
    return OK


def _restore(options: argparse.Namespace) -> int:
    from hub import app
    from hub.adapters.store import Places, list_backups, restore

    settings = _settings(options)
    _as_owner_of(settings.data_dir)
    folder = settings.data_dir / app.STORE
    backups = list_backups(Places(folder))
    backup = options.backup or (backups[0].path if backups else None)
    if backup is None:
        print(f"poga-hub: {folder} has no backup; a running centre makes one every hour", file=sys.stderr)
        return TROUBLE
    aside = restore(folder, backup, time.time())
    print(f"{backup} is in place." + (f" What was there is now {aside}." if aside else ""))
    return OK


def _as_owner_of(folder: Path) -> None:
    """Refuse to leave files of root where the centre runs as somebody else: it could not read them."""
    if os.geteuid() == 0 and folder.is_dir() and folder.stat().st_uid != 0:
        raise PermissionError(
            f"{folder} is not root's, and what root leaves there the centre could not read; "
            f"give the command as its owner: sudo -u {folder.owner()} poga-hub ..."
        )


def _from(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{value} is not from {least} to {most}")
        return value

    return number
