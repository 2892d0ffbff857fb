"""A mobile modem: texts in and out, voice calls, its SIM and its network; SIM7600, SIM800, EC25, or plain 27.007.

How it is used:

    modem = Modem(ModemSettings(port="/dev/serial/by-id/usb-...-if02-port0", pin="0000", callers=("+371 2000 0001",)))
    modem.start(report)                       # report(event) is called in the modem's thread: enqueue and return
    ticket = modem.send_text("+371 2000 0001", "...")   # then TextTaken and TextDelivered, or TextFailed, by ticket
    call = modem.dial(("+371 2000 0001", "+371 2000 0002"))   # then CallDialled ... CallAnswered or CallEnded, by call
    modem.send_tones("1"); modem.hang_up()
    modem.forget(received.key)                # when a TextReceived is stored: only then it is deleted from the SIM
    modem.stop()

Rules:
- Nothing that is asked blocks; every answer is an event (`events`). What cannot be done now is refused at once.
- No emergency service can be called or written to (`phone_number`): the centre does that, in the client's name.
- `TextTaken` and `TextDelivered` are the network's words, never the centre's receipt. A caller's number can be forged.
- A wrong PIN is never tried twice, and the SIM's last try is never used (`sim`).
- `Modem(power_cycle=...)` is what cuts the modem's power, if the unit can: the last resort after two silent minutes.
- A port is opened for one program alone; ModemManager must leave it alone (`ID_MM_DEVICE_IGNORE=1` by udev).

How it is built, from the wire inwards: `at` and `sms` are pure; `port` reads and asks; `profiles` say how the makers
differ; `sim`, `network`, `texts` and `calls` each mind one thing; `driver` says what comes next; `modem` is the thread
and the door. `simulator` is a network of modems to try it all on.
"""

from device.adapters.modem.at.answers import FoundOperator, Operator, Reachable, Signal
from device.adapters.modem.events import (
    AttemptEnded,
    CallAlerted,
    CallAnswered,
    CallDialled,
    CallEnd,
    CallEnded,
    CallIgnored,
    Identity,
    ModemEvent,
    ModemFound,
    ModemLost,
    ModemReady,
    NetworkChanged,
    NetworkTimeHeard,
    OperatorsFound,
    PinRefusal,
    PowerWeak,
    SignalMeasured,
    SimChanged,
    StorageFilled,
    TextDelivered,
    TextFailed,
    TextReceived,
    TextTaken,
    ToneReceived,
)
from device.adapters.modem.modem import Modem
from device.adapters.modem.phone_number import ForbiddenNumberError, checked_number
from device.adapters.modem.settings import ModemSettings

__all__ = [
    "AttemptEnded",
    "CallAlerted",
    "CallAnswered",
    "CallDialled",
    "CallEnd",
    "CallEnded",
    "CallIgnored",
    "ForbiddenNumberError",
    "FoundOperator",
    "Identity",
    "Modem",
    "ModemEvent",
    "ModemFound",
    "ModemLost",
    "ModemReady",
    "ModemSettings",
    "NetworkChanged",
    "NetworkTimeHeard",
    "Operator",
    "OperatorsFound",
    "PinRefusal",
    "PowerWeak",
    "Reachable",
    "Signal",
    "SignalMeasured",
    "SimChanged",
    "StorageFilled",
    "TextDelivered",
    "TextFailed",
    "TextReceived",
    "TextTaken",
    "ToneReceived",
    "checked_number",
]
