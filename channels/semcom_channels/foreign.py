"""Files that others made: whatever a library does with one that is damaged, the user reads one line."""

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

LETTERS = 200  # of what a library says


@contextmanager
def foreign(complaint: Callable[[str], Exception]) -> Iterator[None]:
    """Makes `complaint(why)` of any failure of a library that reads a foreign file; what else it says is not shown.

    Libraries raise errors of whatever class at damaged bytes: no list of classes is ever whole. `why` is one line of
    plain text. What `complaint` made is let through.
    """
    kind = type(complaint(""))
    logged = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except kind:
        raise
    except Exception as error:
        raise complaint(in_a_line(str(error)) or type(error).__name__) from error
    finally:
        logging.disable(logged)


def in_a_line(text: str) -> str:
    """The first line of a text, without what no terminal shows."""
    first = next((line for line in text.splitlines() if line.strip()), "").strip()
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in first[:LETTERS])


def listed(names: Sequence[str], most: int = 8) -> str:
    """The first names in words, each on one line."""
    shown = [in_a_line(name) for name in names[:most]]
    return ", ".join([*shown, f"and {len(names) - most} more"] if len(names) > most else shown) or "none"
