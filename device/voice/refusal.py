"""Why a command cannot be done, in words for whoever gave it."""


class CommandRefusedError(Exception):
    """What is wrong with a command, and what to do about it."""


class EngineFailedError(Exception):
    """Why there can be no engine at all, and what to do about it."""
