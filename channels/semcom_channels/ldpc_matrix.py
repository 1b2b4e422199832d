"""The parity checks of a 5G LDPC code, in the order and the layout in which the layered decoder goes through them."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from semcom_channels import sionna_door
from semcom_channels.ldpc_rate_matching import Indices, RateMatching

Edge = tuple[int, int]  # column of the base graph, cyclic shift
ROWS = (16, 46)
"""Room for rows: codes that need as much share a program."""


class Room(NamedTuple):
    """The sizes of a decoder's arrays: codes of one base graph with about as many rows and the same Z share them."""

    lifting: int
    blocks: int
    information_blocks: int
    groups: tuple[tuple[int, int], ...]  # rows and degree of each


class Group(NamedTuple):
    """Rows of the base graph that are padded to one degree, so that one loop serves them all.

    A row is a layer of Z checks. Columns lie turned, as the row before has left them: `before` says where each check
    finds its bits during the iteration, `after` where it finds them when the iteration is over. Padding reads the
    block `blocks`, whose bits are sure, and writes to the block after that, which nobody reads.
    """

    rows: int  # that are in use
    columns: Indices  # [row, edge], which block an edge writes to
    before: Indices  # [row, edge, Z], into the blocks as one axis
    after: Indices  # [row, edge, Z]


class LiftedCode(NamedTuple):
    """What the decoder needs of a code: its room, groups of rows, and where bits come from and go to."""

    room: Room
    groups: tuple[Group, ...]
    sources: Indices  # [blocks * Z]: which bit heard is there; as `RateMatching.heard` says
    information: Indices  # [information_bits], into the blocks as one axis, after an iteration


@lru_cache(maxsize=64)
def lifted_code(matching: RateMatching) -> LiftedCode:
    """The part of the code's parity-check matrix on which the sent bits depend. [3GPP 38.212, 5.3.2 and 5.4.2]

    A parity column of which nothing is sent, after the last of which something is, is in no other row than its own,
    which then says nothing: both are left out. So are columns that are fillers by the rule for Z.
    """
    mother = matching.mother
    lifting, information_columns = mother.lifting, mother.information_columns
    base = sionna_door.ldpc_base_graph(mother)
    rows = -(-matching.reached // lifting) - information_columns
    known = range(mother.used_columns, information_columns)
    kept = np.delete(np.arange(base.shape[1]), known)
    base, used = base[:, kept], kept[kept < information_columns + rows]
    room = _room(base, lifting, information_columns - len(known), rows)
    checks = [[(column, int(s)) for column, s in enumerate(row) if s >= 0] for row in base[:rows]]
    groups, turns = _groups(checks, lifting, room)
    sources = np.full((room.blocks, room.lifting), matching.once + 1, np.int32)
    turned = (np.arange(lifting) + turns[: used.size, None]) % lifting
    heard = matching.heard().reshape(-1, lifting)[used]
    sources[: used.size, :lifting] = np.take_along_axis(heard, turned, axis=1)
    column, place = np.divmod(np.arange(matching.information_bits), lifting)
    information = column * room.lifting + (place - turns[column]) % lifting
    return LiftedCode(room, groups, sources.ravel(), information.astype(np.int32))


def _room(base: NDArray[np.int64], lifting: int, information_blocks: int, rows: int) -> Room:
    """Z to three significant bits and in whole eights, and the rows that ROWS makes of the code's."""
    step = max(1 << (lifting.bit_length() - 3) if lifting > 4 else 1, 8)
    most = min(min(count for count in ROWS if count >= rows), len(base))
    degrees = (base >= 0).sum(axis=1).tolist()
    tops = _degrees(degrees)
    counts = [sum(_padded(degree, tops) == top for degree in degrees[:most]) for top in tops]
    sizes = tuple(zip(counts, tops, strict=True))
    return Room(-(-lifting // step) * step, information_blocks + most, information_blocks, sizes)


def _groups(checks: Sequence[Sequence[Edge]], lifting: int, room: Room) -> tuple[tuple[Group, ...], NDArray[np.int64]]:
    """The rows in groups, and by how much each column is turned after an iteration."""
    tops = [top for _, top in room.groups]
    order = [[row for row in checks if _padded(len(row), tops) == top] for top in tops]
    after = np.zeros(room.blocks, np.int64)
    for column, shift in (edge for rows in order for row in rows for edge in row):
        after[column] = shift
    now, groups = after.copy(), []
    for rows, size in zip(order, room.groups, strict=True):
        columns = np.full(size, room.blocks + 1)
        found = np.full((2, *size, room.lifting), room.blocks * room.lifting)
        for index, row in enumerate(rows):
            for edge, (column, shift) in enumerate(row):
                columns[index, edge] = column
                for table, turn in enumerate((now[column], after[column])):
                    places = (np.arange(lifting) + shift - turn) % lifting
                    found[table, index, edge, :lifting] = column * room.lifting + places
                now[column] = shift
        groups.append(Group(len(rows), *(table.astype(np.int32) for table in (columns, *found))))
    return tuple(groups), after


def _padded(degree: int, tops: Sequence[int]) -> int:
    return min(top for top in tops if top >= degree)


def _degrees(degrees: Sequence[int]) -> tuple[int, ...]:
    """The few degrees, falling, to which rows are padded: one more is worth its compilation for a tenth less work."""
    largest, *smaller = sorted(set(degrees), reverse=True)

    def work(tops: Sequence[int]) -> int:
        return sum(_padded(degree, tops) for degree in degrees)

    chosen: tuple[int, ...] = (largest,)
    for count in range(1, len(smaller) + 1):
        best = min(((largest, *some) for some in combinations(smaller, count)), key=work)
        if work(best) > 0.9 * work(chosen):
            break
        chosen = best
    return chosen
