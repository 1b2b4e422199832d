"""Tables of plain text that fit the terminal: whole words, aligned numbers, as many columns as there is room for."""

import shutil
import textwrap
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import combining, east_asian_width

GAP = "  "
HEADER_LINES = 4  # over which a name of several words may be spread before its column grows wider
MOST_WIDTH = 80  # characters, where neither a terminal nor COLUMNS says how many there are


class Cell(NamedTuple):
    """A number and what follows it."""

    value: str
    """Columns are aligned at its decimal point."""
    rest: str = ""
    """Such as ± half an interval."""


def width() -> int:
    """Characters in a line: COLUMNS, or the terminal's, or 80."""
    return shutil.get_terminal_size((MOST_WIDTH, 24)).columns


def wrapped(text: str, room: int | None = None) -> str:
    """A text in lines of at most the terminal's width; no word is broken."""
    return "\n".join(_lines(text, width() if room is None else room))


def text_table(corner: str, names: Sequence[str], header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Rows of cells `[name][column]` under a header, in blocks of columns that fit the terminal's width.

    A single column that is wider than the terminal is not cut.
    """
    columns = [_column(head, [row[place] for row in rows]) for place, head in enumerate(header)]
    room = max(width() - len(GAP) - max(_wide(column) for column in columns), width() // 3)
    first = _names(corner, names, room)
    blocks: list[list[list[str]]] = []
    for column in columns:
        taken = _wide(first) + sum(len(GAP) + _wide(kept) for kept in blocks[-1]) if blocks else width()
        if taken + len(GAP) + _wide(column) > width():
            blocks.append([])
        blocks[-1].append(column)
    return "\n\n".join(_joined([first, *block], len(rows)) for block in blocks)


def _names(corner: str, names: Sequence[str], room: int) -> list[str]:
    """The first column: its header, and for each row what it is called, in lines that belong together."""
    wide = min(max(_room(name) for name in names), room)
    tall = ["\n".join(_lines(name, wide)) for name in names]
    across = max(max(_room(line) for name in tall for line in name.split("\n")), _fitting(corner, 1))
    return ["\n".join(_lines(corner, across)), *tall]


def _column(head: str, cells: Sequence[Cell]) -> list[str]:
    """A header and its cells, aligned at the decimal point and after the number."""
    before = max(_point(cell.value) for cell in cells)
    values = [" " * (before - _point(cell.value)) + cell.value for cell in cells]
    long = max(map(len, values))
    rests = max(len(cell.rest) for cell in cells)
    shown = [f"{value:{long}}{cell.rest:{rests}}" for value, cell in zip(values, cells, strict=True)]
    across = _fitting(head, max(map(len, shown)))
    return ["\n".join(f"{line:>{across}}" for line in _lines(head, across)), *(f"{text:>{across}}" for text in shown)]


def _fitting(head: str, least: int) -> int:
    """The least width from `least` on at which a header takes few lines and no word of it is broken."""
    across = max(least, *(_room(word) for word in head.split() or [""]))
    while len(_lines(head, across)) > HEADER_LINES:
        across += 1
    return across


def _lines(text: str, across: int) -> list[str]:
    """Whole words in lines; a word that is wider stands alone."""
    return textwrap.wrap(text, max(across, 1), break_long_words=False, break_on_hyphens=False) or [""]


def _room(text: str) -> int:
    """Characters that a text takes on a terminal: wide ones of East Asia count twice, combining ones not at all."""
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def _point(value: str) -> int:
    """Characters before the decimal point."""
    whole = value.partition("e")[0].partition(".")[0]
    return len(whole)


def _wide(column: Sequence[str]) -> int:
    return max(_room(line) for text in column for line in text.split("\n"))


def _joined(columns: Sequence[Sequence[str]], rows: int) -> str:
    """Columns side by side, the header at the foot of its lines, a rule below it."""
    widths = [_wide(column) for column in columns]
    lines = [*_row([column[0] for column in columns], widths, foot=True)]
    lines.append("─" * (sum(widths) + len(GAP) * (len(columns) - 1)))
    for place in range(rows):
        lines += _row([column[place + 1] for column in columns], widths, foot=False)
    return "\n".join(line.rstrip() for line in lines)


def _row(texts: Sequence[str], widths: Sequence[int], foot: bool) -> list[str]:
    """The lines of one row: names of several lines keep theirs, what is shorter stands at the foot or at the top."""
    parts = [text.split("\n") for text in texts]
    tall = max(map(len, parts))
    padded = [[""] * (tall - len(part)) + part if foot else part + [""] * (tall - len(part)) for part in parts]
    columns = [[_padded(line, wide) for line in part] for part, wide in zip(padded, widths, strict=True)]
    return [GAP.join(line) for line in zip(*columns, strict=True)]


def _padded(text: str, wide: int) -> str:
    return text + " " * (wide - _room(text))
