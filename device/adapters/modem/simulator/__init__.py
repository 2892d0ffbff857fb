"""Mobile modems on pseudo-terminals and a network between them, faithful to 27.005 and 27.007, for tests and people.

    python -m device.adapters.modem.simulator --modems 2

Rules: one `MobileNetwork` has any number of `SimulatedModem`s, each at a path like those under /dev/serial/by-id. What
a modem is asked it answers as its model's manual says; what goes wrong is written by the test: signal, SIM, who answers
and how, garbage, silence, a reset in the middle of a command, unplugging. It was written beside the driver and could
share its mistakes: so others' programs (gammu, python-gsmmodem) talk to it in the tests, and the driver reads others'
records of real modems.

How it is built: `network` carries texts and calls; `modem` is one modem's state; `interpreter` reads the command line,
`handlers` answer it; `terminal` is the cable; `kinds` says how the makers differ; `pdu` is the network's side of texts.
"""

from device.adapters.modem.simulator.kinds import Kind
from device.adapters.modem.simulator.modem import SimulatedModem
from device.adapters.modem.simulator.network import Manner, MobileNetwork

__all__ = ["Kind", "Manner", "MobileNetwork", "SimulatedModem"]
