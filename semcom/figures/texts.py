"""Texts of a figure as they were given: matplotlib takes names for markup, and hides some."""

import re

from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Text

FORMULA = r"\$(?=\S)[^$]*(?<=\S)\$(?!\d)"  # as in Markdown: "$5 and $6" is none
WITH_FORMULAS = re.compile(rf"[^$]*(?:{FORMULA}[^$]*)*")
KEPT = "\u200b"  # of no width; before the label of a curve that matplotlib would leave out of legends


def label_of(name: str) -> str:
    """The label by which a legend shows a curve of any name, also one that is empty or begins with "_"."""
    return name if name and not name.startswith("_") else KEPT + name


def show_as_given(figure: Figure) -> None:
    """Shows every text of a figure as it was given; what stands between `$` is mathematics where it can be."""
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        given = text.get_text()
        shown = given.removeprefix(KEPT).replace("\t", " ")  # fonts have no tabs
        if shown != given:
            text.set_text(shown)
        if "$" in shown:
            text.set_parse_math(all(map(_is_mathematics, shown.split("\n"))))


def _is_mathematics(line: str) -> bool:
    """Whether all of a line's dollars stand around formulas that matplotlib can set; also of a line without any."""
    if r"\$" in line or WITH_FORMULAS.fullmatch(line) is None:
        return False
    try:
        MathTextParser("path").parse(line)
    except (ValueError, RecursionError):
        return False
    return True
