"""`poga-device`: run the unit, play one on a laptop, look back at what it decided, look at how it is.

Rules: exit code 0 where all is well, 1 where something is not, 2 where the settings or the arguments cannot be used.
What a command needs is loaded when the command is given: a unit that runs has no web server in its memory.
"""

import argparse
import faulthandler
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from device.adapters.lifetime import AlreadyRunningError
from device.config import DEFAULT_PATH, ConfigError, LogLevel, describe, read_settings, show
from device.process import live_thriftily, log_to_stderr, stopped_by_signals
from device.prompts.words import Language
from device.setting import in_any_entry

WELL, NOT_WELL, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked for; return the exit code."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        code = command(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        return _nobody_reads()
    except ConfigError as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    except AlreadyRunningError as error:
        print(error, file=sys.stderr)
        return NOT_WELL


def _nobody_reads() -> int:
    """Fall silent where the reader has had enough, as `head` has; what Python still writes at its end goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return NOT_WELL


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="poga-device", description="The local unit of a personal-alarm system.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command, text in (
        ("run", _run, "run the unit until it is told to stop"),
        ("doctor", _doctor, "say whether the unit is well and what to do where it is not (at most 10 s)"),
        ("show-config", _show_config, "show every setting with its value; secrets are not shown"),
    ):
        parsed = commands.add_parser(name, help=text, description=text)
        parsed.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE", help=f"default {DEFAULT_PATH}")
        parsed.set_defaults(command=command)
    replay = commands.add_parser("replay", help="decide again what a journal tells, step by step")
    replay.add_argument("file", type=Path, help="a file of the unit's journal")
    replay.set_defaults(command=_replay)
    _add_simulate(commands.add_parser("simulate", help="play a home on this machine, with a page to press on"))
    _add_modem(
        commands.add_parser("modem", help="try a mobile modem in its place: SIM, network, signal, a text, a call")
    )
    return parser


def _add_modem(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", help="of the modem; default: the first under /dev/serial/by-id that answers")
    parser.add_argument("--pin-file", type=Path, metavar="FILE", help="a file with nothing but the SIM's PIN")
    parser.add_argument(
        "--watch", type=float, default=0.0, metavar="SECONDS", help="measure the signal again and again"
    )
    parser.add_argument("--scan", action="store_true", help="list the operators in reach; takes up to three minutes")
    parser.add_argument("--text", default="", metavar="NUMBER", help="send a test text there")
    parser.add_argument("--call", default="", metavar="NUMBER", help="call there, and hang up soon after the answer")
    parser.set_defaults(command=_modem)


def _add_simulate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=0, help="of the page; default: any free one")
    parser.add_argument("--unit-id", default="poga-virtual-1", help="default %(default)s")
    parser.add_argument("--centre", default="127.0.0.1:1883", metavar="HOST:PORT", help="default %(default)s")
    parser.add_argument("--username", help="who the unit is to the broker; default: its unit id")
    parser.add_argument("--password-file", type=Path, metavar="FILE", help="a file with nothing but the password")
    parser.add_argument(
        "--call",
        action="append",
        default=[],
        metavar="URI",
        help="whom the unit speaks with, in this order; none: nobody",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="default: a folder that is removed at the end")
    parser.add_argument("--language", choices=[*Language], default=Language.EN, help="default %(default)s")
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="write port and pid there as JSON when ready")
    parser.add_argument("--log-level", type=LogLevel, choices=[*LogLevel], default=LogLevel.WARNING)
    parser.set_defaults(command=_simulate)


def _run(options: argparse.Namespace) -> int:
    from device import app

    settings = read_settings(options.config)
    log_to_stderr(settings.log_level)
    faulthandler.enable()  # the watchdog's SIGABRT then tells what every thread was doing
    program = app.build(settings)
    live_thriftily()
    with stopped_by_signals(program.stop):
        program.run()
    return WELL


def _doctor(options: argparse.Namespace) -> int:
    from device import doctor

    folder = read_settings(options.config).data_dir
    if os.geteuid() == 0 and folder.is_dir() and folder.stat().st_uid != 0:
        print(f"{folder} is not root's, and what root leaves there the unit could not use.", file=sys.stderr)
        print(f"Give the command as its owner: sudo -u {folder.owner()} poga-device doctor", file=sys.stderr)
        return UNUSABLE
    logging.disable()  # the findings say it
    findings = doctor.examine(options.config)
    for finding in findings:
        print(finding)
    faults = sum(finding.verdict is doctor.Verdict.FAULT for finding in findings)
    print("\nThe unit is well." if faults == 0 else f"\nThe unit is not well: {faults} to be mended.")
    return WELL if faults == 0 else NOT_WELL


def _show_config(options: argparse.Namespace) -> int:
    rows = {row.key: row for row in describe()}
    for key, value in show(read_settings(options.config)):
        print(f"{f'{key} = {value}':<48} # {rows[in_any_entry(key)].what}")
    return WELL


def _replay(options: argparse.Namespace) -> int:
    from device.journal import JournalError, read_journal, replay

    try:
        history = read_journal(options.file)
    except JournalError as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    print(f"{len(history.entries)} events of software {history.software}, written because: {history.reason}")
    if history.lost:
        print(f"{history.lost} events after the first are lost, so what follows may differ from what was done")
    for step in replay(history):
        print(f"{step.entry.moment.mono_s:12.3f}  {step.state:<9}  {step.entry.event}")
        for effect in step.effects:
            print(f"{'':25}-> {effect}")
    return WELL


def _modem(options: argparse.Namespace) -> int:
    from device.adapters.modem.search import SERIAL_PORTS, find_port
    from device.adapters.modem.settings import ModemSettings
    from device.adapters.modem.survey import Survey, Wishes

    pin = tried_pins = None
    if options.pin_file is not None:
        try:
            pin = options.pin_file.read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            print(f"{options.pin_file} cannot be read: {error}", file=sys.stderr)
            return UNUSABLE
        tried_pins = options.pin_file.with_suffix(".tried")
    port = options.port or find_port()
    if port is None:
        print(f"No modem answers under {SERIAL_PORTS}: plug it in, or name its port with --port.", file=sys.stderr)
        return NOT_WELL
    logging.disable()  # the lines say it
    settings = ModemSettings(port, pin, tried_pins=tried_pins)
    wishes = Wishes(options.watch, options.scan, options.text, options.call)
    is_well = Survey(settings, lambda line: print(line, flush=True)).run(wishes)
    print("\nThe modem is well." if is_well else "\nThe modem is not well.")
    return WELL if is_well else NOT_WELL


def _simulate(options: argparse.Namespace) -> int:
    try:
        from device.simulator import program
    except ModuleNotFoundError as error:
        print(f"the virtual home needs {error.name}: install poga[simulator]", file=sys.stderr)
        return UNUSABLE
    log_to_stderr(options.log_level)
    return program.main(options, lambda text: print(text, flush=True))
