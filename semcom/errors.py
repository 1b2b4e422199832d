"""The two ways a run ends without its result, told apart by the exit code."""


class UserError(Exception):
    """The user can mend it: one line says what was given, what was expected and what to do (exit code 2)."""


class OutsideError(Exception):
    """Something outside failed: a disk, a worker (exit code 1)."""
