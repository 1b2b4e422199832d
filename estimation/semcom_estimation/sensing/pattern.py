"""Which elements of a frame are known, and the regular grid that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from semcom_channels.layout import Layout
    from semcom_channels.ofdm_grid import OfdmGrid


class Steps(NamedTuple):
    """Equally spaced indices."""

    first: int
    step: int
    number: int


class Pattern(NamedTuple):
    """The known elements that sensing uses: a product of equally spaced symbols and subcarriers."""

    rows: np.ndarray
    """OFDM symbols of the frame, counted over its slots."""
    columns: np.ndarray
    """Places among the occupied subcarriers."""
    symbols: Steps
    """The rows."""
    subcarriers: Steps
    """The columns, counted from the lowest subcarrier of the grid."""

    def of(self, grids: np.ndarray) -> np.ndarray:
        """Of values `[..., symbol, subcarrier]` those that are used, `[..., used subcarrier, used symbol]`."""
        return np.asarray(np.swapaxes(grids[..., self.rows[:, None], self.columns], -1, -2))


def known_elements(layout: Layout, known: Literal["frame", "pilots"]) -> np.ndarray:
    """Where a receiver that knows the whole frame, or its pilots alone, knows what is sent: `[symbol, subcarrier]`.

    The frame ends with its last data: pilots of the last slot that come later are left out. ValueError for several
    streams, whose echoes no single element tells apart.
    """
    if layout.streams > 1:
        raise ValueError(f"{layout.streams} streams share each element; sensing by elements needs one stream")
    grid, each = layout.grid, len(layout.elements)
    here = np.zeros((layout.slots, layout.slot_shape[0] * layout.slot_shape[1]), bool)
    here[:, list(grid.pilot_places(0, 1))] = True
    if known == "frame":
        used = list(layout.elements[: layout.uses - each * (layout.slots - 1)])  # of the last slot
        here[:-1, list(layout.elements)] = True
        here[-1, used[-1] + 1 :] = False
        here[-1, used] = True
    return here.reshape(-1, layout.slot_shape[1])


def regular(known: np.ndarray, grid: OfdmGrid) -> Pattern:
    """The grid of the known elements `[symbol, subcarrier]`: the fullest symbols with all their known subcarriers.

    Symbols where some of those subcarriers are not known are left out, such as one that data fill half. ValueError
    when nothing is known, or when what is left is not equally spaced: then a target is no tone over it.
    """
    fullest = known[int(np.argmax(known.sum(axis=1)))]
    columns = np.flatnonzero(fullest)
    if not len(columns):
        raise ValueError("no element is known; sensing from pilots needs pilots.symbols")
    rows = np.flatnonzero(known[:, columns].all(axis=1))
    places = np.asarray(grid.occupied)[columns]
    return Pattern(rows, columns, _steps(rows, "symbols"), _steps(places, "subcarriers"))


def _steps(indices: np.ndarray, name: str) -> Steps:
    gaps = np.unique(np.diff(indices))
    if len(gaps) > 1:
        said = ", ".join(str(gap) for gap in gaps[:4])
        raise ValueError(
            f"the known {name} are {said} apart in turn; sensing needs equal steps, such as pilots.symbols at half and "
            "whole slots, no pause of the sender within a frame, and null_dc: false"
        )
    return Steps(int(indices[0]), int(gaps[0]) if len(gaps) else 1, len(indices))
