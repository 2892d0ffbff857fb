"""The recipe of our own `pjsua2`: PJSIP's Python module, built from source for the unit and the centre."""
