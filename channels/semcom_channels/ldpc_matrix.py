"""The parity checks of a 5G LDPC code, in the order and the layout in which the layered decoder goes through them."""

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from semcom_channels import sionna_door

Indices = NDArray[np.int32]
CORE_ROWS = 4
"""Rows of both base graphs that bind the first parity columns; each later row ends in a parity bit of its own."""


class Group(NamedTuple):
    """Rows of the base graph that are padded to one degree, so that one loop serves them all.

    A row is a layer of Z checks. Columns lie turned, as the row before has left them: `before` says where each check
    finds its bits during the iteration, `after` where it finds them when the iteration is over. Padding reads the
    block `columns`, whose bits are sure, and writes to the block after that, which nobody reads.
    """

    columns: Indices  # [row, edge], which block an edge writes to
    before: Indices  # [row, edge, Z], into the blocks as one axis
    after: Indices  # [row, edge, Z]


class LiftedCode(NamedTuple):
    """What the decoder needs of a code: Z, blocks, groups of rows, and where bits come from and go to."""

    lifting: int
    blocks: int  # columns of the base graph that are in use
    groups: tuple[Group, ...]
    sources: (
        Indices  # [blocks, Z]: the index of the received bit there, or `coded_bits` unsent, or one more for known 0
    )
    information: Indices  # [information_bits], into the blocks as one axis, after an iteration


@cache
def lifted_code(information_bits: int, coded_bits: int, bits_per_symbol: int) -> LiftedCode:
    """The part of the code's parity-check matrix on which the coded bits depend. [3GPP 38.212, 5.3.2 and 5.4.2.1]

    The word is information, then fillers (known zeros, not sent), then parity. The first two columns are never sent,
    and a word is sent from there on until coded_bits are out. A parity column of which nothing is sent is in no other
    row than its own, which then says nothing: both are left out. So are columns of nothing but fillers.
    """
    base, lifting, information_columns = sionna_door.ldpc_base_graph(information_bits, coded_bits, bits_per_symbol)
    fillers = information_columns * lifting - information_bits
    reached = -(-(2 * lifting + coded_bits + fillers) // lifting)
    rows = max(reached - information_columns, CORE_ROWS)
    known = range(information_columns - fillers // lifting, information_columns)
    kept = [column for column in range(information_columns + rows) if column not in known]
    checks = [[(at, int(s)) for at, s in enumerate(row[kept]) if s >= 0] for row in base[:rows]]
    groups, turns = _groups(checks, len(kept), lifting)
    where = np.full((information_columns + rows) * lifting, coded_bits, np.int32)
    sent = np.delete(np.arange(where.size), slice(information_bits, information_bits + fillers))[2 * lifting :]
    order = np.arange(coded_bits).reshape(-1, bits_per_symbol).T.ravel()  # a symbol's bits lie far apart [5.4.2.2]
    where[sent[:coded_bits]] = order[: sent.size]
    where[information_bits : information_bits + fillers] = coded_bits + 1
    turned = (np.arange(lifting) + turns[:, None]) % lifting
    sources = np.take_along_axis(where.reshape(-1, lifting)[kept], turned, axis=1)
    bits = np.arange(information_bits)
    column, place = bits // lifting, bits % lifting
    information = column * lifting + (place - turns[column]) % lifting
    return LiftedCode(lifting, len(kept), groups, sources.astype(np.int32), information.astype(np.int32))


def _groups(
    checks: Sequence[Sequence[tuple[int, int]]], blocks: int, lifting: int
) -> tuple[tuple[Group, ...], NDArray[np.int64]]:
    """The rows in groups, and by how much each column is turned after an iteration."""
    degrees = _degrees([len(row) for row in checks])
    order = [[row for row in checks if min(d for d in degrees if d >= len(row)) == degree] for degree in degrees]
    turns = np.zeros(blocks, np.int64)
    for column, shift in (edge for rows in order for row in rows for edge in row):
        turns[column] = shift
    now, after, groups = turns.copy(), turns, []
    steps = np.arange(lifting)
    for degree, rows in zip(degrees, order, strict=True):
        columns = np.full((len(rows), degree), blocks + 1)
        found = np.full((2, len(rows), degree, lifting), blocks * lifting)
        for index, row in enumerate(rows):
            for edge, (column, shift) in enumerate(row):
                columns[index, edge] = column
                found[:, index, edge] = column * lifting
                found[0, index, edge] += (steps + shift - now[column]) % lifting
                found[1, index, edge] += (steps + shift - after[column]) % lifting
                now[column] = shift
        groups.append(Group(*(table.astype(np.int32) for table in (columns, *found))))
    return tuple(groups), after


def _degrees(degrees: Sequence[int]) -> tuple[int, ...]:
    """The few degrees, falling, to which rows are padded: one more is worth its compilation for a tenth less work."""
    largest, *smaller = sorted(set(degrees), reverse=True)

    def work(choice: tuple[int, ...]) -> int:
        return sum(min(top for top in choice if top >= degree) for degree in degrees)

    chosen: tuple[int, ...] = (largest,)
    for count in range(1, len(smaller) + 1):
        best = min(((largest, *some) for some in combinations(smaller, count)), key=work)
        if work(best) > 0.9 * work(chosen):
            break
        chosen = best
    return chosen
