"""What curves look like."""

from typing import Any

COLOURS = (  # Okabe & Ito 2008, and three more
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"),
    *("#8B5A2B", "#999999", "#7B1FA2"),
)
MARKERS = "osD^vPX*"
LINES = ("-", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))  # of the runs; closed forms are dashed


def look_of(run: int, place: int) -> dict[str, Any]:
    """What a curve looks like: colour and marker say which one of its run it is, line and filling say which run."""
    colour = COLOURS[place % len(COLOURS)]
    return {
        "color": colour,
        "marker": MARKERS[place % len(MARKERS)],
        "linestyle": LINES[run % len(LINES)],
        "markerfacecolor": colour if run % 2 == 0 else "white",
    }
