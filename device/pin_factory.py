"""gpiozero's pin factory, for every door that opens a pin and was given none.

Rules: named, for gpiozero would guess, and on a board it cannot use it would guess something that works nowhere.
"""

import os

from gpiozero import Device, Factory

from device.ports import PermanentAdapterError


def named_factory() -> Factory:
    """Return the factory that GPIOZERO_PIN_FACTORY names, lgpio if unset. Raises PermanentAdapterError."""
    name = os.environ.setdefault("GPIOZERO_PIN_FACTORY", "lgpio")
    try:
        Device.ensure_pin_factory()
    except Exception as error:  # each factory fails in its own way: no library, no chip, no right to open it
        raise PermanentAdapterError(
            f"the pin factory {name!r} cannot be opened: {error}; install poga[device] on a Raspberry Pi, let the "
            "program's user into the group gpio, or name another in GPIOZERO_PIN_FACTORY"
        ) from error
    return Device.pin_factory
