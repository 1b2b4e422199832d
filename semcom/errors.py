"""The two ways a run ends without its result, told apart by the exit code."""

import difflib
from collections.abc import Iterable

MOST_LETTERS = 60  # of a value that is shown


class UserError(Exception):
    """The user can mend it: one line says what was given, what was expected and what to do (exit code 2)."""


class OutsideError(Exception):
    """Something outside failed: a disk, a worker (exit code 1)."""


def brief(given: object) -> str:
    """A value as messages show it: as Python writes it, cut where it is long."""
    text = repr(given)
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 3] + "..."


def nearest(given: str, known: Iterable[str]) -> str:
    """Words that name the nearest known name, if any is near, and all that are known."""
    names = sorted(known)
    close = difflib.get_close_matches(given, names, n=1)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"{hint}known: {', '.join(names)}"
