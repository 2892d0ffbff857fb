"""Simulated modems for people: prints where they are, and does what is typed.

Rules: numbers are invented, +371 2000 0001 and on; whoever else is called answers as was said.
"""

import argparse
import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from device.adapters.modem.simulator import Kind, Manner, MobileNetwork, SimulatedModem

HELP = """\
  sms N FROM TEXT      a text comes in on modem N
  call N FROM          somebody calls modem N
  key N KEY            the other side presses a key
  answer | hang-up N   the other side of N's call answers, or ends it
  signal N LEVEL       0 to 31, as AT+CSQ counts
  register N STATE     1 home, 2 searching, 3 denied, 5 roaming
  sim N out|in         take the SIM out, put it in
  unplug N | plug N | restart N
  silent N on|off      takes everything and says nothing
  garble N             a handful of noise
  manner NUMBER answers|busy|rings|unreachable
  texts                every text that was sent
  help | quit"""
MANNERS = {
    "answers": Manner.ANSWERS,
    "busy": Manner.BUSY,
    "rings": Manner.LETS_RING,
    "unreachable": Manner.UNREACHABLE,
}
NOISE = bytes(range(128, 160)) + b"\r\nRIN\r\n+CRE"


class Console:
    """What is typed, done to the modems."""

    def __init__(self, network: MobileNetwork, modems: list[SimulatedModem], tell: Callable[[str], None]) -> None:
        """Take the modems, which are counted from 1."""
        self._network = network
        self._modems = modems
        self._tell = tell

    def do(self, line: str) -> bool:
        """Do one line; return whether another one may follow."""
        try:
            words = shlex.split(line)
            if words[:1] == ["quit"]:
                return False
            if words:
                self._act(words[0], words[1:])
        except (ValueError, IndexError, KeyError, AssertionError) as error:
            self._tell(f"not understood ({error}); help lists what can be typed")
        return True

    def _act(self, verb: str, words: list[str]) -> None:
        if verb == "help":
            self._tell(HELP)
        elif verb == "texts":
            for sender, recipient, text in self._network.texts:
                self._tell(f"{sender} -> {recipient}: {text}")
        elif verb == "manner":
            self._network.manners[words[0]] = MANNERS[words[1]]
        else:
            modem = self._modems[int(words[0]) - 1]
            if not (self._act_on_call(modem, verb, words[1:]) or self._act_on_modem(modem, verb, words[1:])):
                raise ValueError(f"no such word: {verb}")

    def _act_on_call(self, modem: SimulatedModem, verb: str, words: list[str]) -> bool:
        if verb == "sms":
            self._network.text_from_outside(words[0], modem.number, " ".join(words[1:]))
        elif verb == "call":
            self._network.call_from_outside(words[0], modem.number)
        elif verb in ("key", "answer", "hang-up"):
            call = self._network.call_of(modem)
            if call is None:
                raise ValueError("there is no call")
            if verb == "key":
                self._network.press(call, words[0], by=None)
            elif verb == "answer":
                self._network.answer(call)
            else:
                self._network.end(call)
        else:
            return False
        return True

    def _act_on_modem(self, modem: SimulatedModem, verb: str, words: list[str]) -> bool:
        if verb == "signal":
            modem.level = int(words[0])
        elif verb == "register":
            modem.register(int(words[0]))
        elif verb == "sim":
            {"out": modem.remove_sim, "in": modem.insert_sim}[words[0]]()
        elif verb == "silent":
            modem.faults.is_silent = {"on": True, "off": False}[words[0]]
        elif verb == "garble":
            modem.garble(NOISE)
        elif verb in ("unplug", "plug", "restart"):
            {"unplug": modem.unplug, "plug": modem.plug, "restart": modem.restart}[verb]()
        else:
            return False
        return True


def main() -> None:
    """Simulate modems until told to quit."""
    parser = argparse.ArgumentParser(prog="python -m device.adapters.modem.simulator", description=__doc__)
    parser.add_argument("--modems", type=int, default=1, help="how many (default %(default)s)")
    parser.add_argument("--kind", choices=[kind.name.lower() for kind in Kind], default="sim7600")
    parser.add_argument("--pin", default="", help="the SIM's PIN; none if empty")
    parser.add_argument("--folder", type=Path, help="where the ports appear; default: a new one")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="poga-modems-"))
    network = MobileNetwork()
    modems = [
        SimulatedModem(
            network, folder / f"modem-{place}", f"+3712000{place:04d}", Kind[options.kind.upper()], pin=options.pin
        )
        for place in range(1, options.modems + 1)
    ]
    console = Console(network, modems, _say)
    for modem in modems:
        modem.plug()
        _say(f"{modem.number} at {modem.path}")
    _say(HELP)
    for line in sys.stdin:
        if not console.do(line):
            break
    for modem in modems:
        modem.unplug()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
