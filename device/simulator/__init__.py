"""The virtual home: the unit's real program on pins that nobody wired, a wire that can be cut, and a page to press on.

`home` puts the program together with `pins`, `radio` and `line`; `seen` gathers what somebody would see who watches the
unit; `page` shows it and takes the presses; `program` runs it all. Nothing of the unit knows that it is being played.
"""
