"""A world of cells drawn as text, with its transition probabilities."""

from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium.envs.toy_text.utils import categorical_sample
from gymnasium.spaces import Discrete

from semcom.errors import UserError

Outcome = tuple[float, int, float, bool]  # probability, next state, reward, terminated
Model = dict[int, dict[int, list[Outcome]]]

MOVES = ((0, -1), (0, 1), (-1, 0), (1, 0))  # left, right, up, down: rows and columns
SIDES = ((2, 3), (2, 3), (0, 1), (0, 1))  # the moves across each
REWARDS = {"G": 1.0, "T": -1.0}
COLOURS = {"S": (225, 225, 225), ".": (245, 245, 245), "#": (70, 70, 70), "G": (90, 170, 90), "T": (200, 80, 80)}
AGENT = (60, 90, 190)
PIXELS = 16  # of a cell's side


class Grid(gymnasium.Env[np.int64, np.int64]):
    """Cells of a map: `S` start, `G` goal (+1), `T` trap (-1), `#` wall, `.` free.

    A move goes across with probability `noise` to either side. A move into a wall or over the edge stays.
    `P[state][action]` lists what may follow, as in Gymnasium's toy-text environments; goal, trap and walls lead to
    themselves.

    ## Action Space
    `Discrete(4)`: 0 left, 1 right, 2 up, 3 down.

    ## Observation Space
    `Discrete(rows * columns)`: row * columns + column, from the top left.

    ## Rewards
    +1 for reaching the goal, -1 for the trap.

    ## Starting State
    The cell `S`.

    ## Episode End
    Terminates at the goal and at the trap; it has no horizon.

    ## Version History
    * v0: first
    """

    metadata = {"render_modes": ["ansi", "rgb_array"], "render_fps": 4}  # noqa: RUF012 Gymnasium's attribute of the class

    def __init__(
        self, cells: Sequence[str], *, noise: float = 0.0, discount: float = 1.0, render_mode: str | None = None
    ) -> None:
        _check(cells, noise, discount)
        self.cells, self.noise, self.discount, self.render_mode = tuple(cells), noise, discount, render_mode
        self.rows, self.columns = len(cells), len(cells[0])
        self.action_space = Discrete(len(MOVES))
        self.observation_space = Discrete(self.rows * self.columns)
        self.P = model_of(self.cells, noise)
        self.initial_state_distrib = np.array([float(cell == "S") for cell in "".join(cells)])
        self.s = int(np.argmax(self.initial_state_distrib))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.int64, dict[str, Any]]:
        """Goes to the start."""
        super().reset(seed=seed)
        self.s = int(np.argmax(self.initial_state_distrib))
        return np.int64(self.s), {}

    def step(self, action: np.int64) -> tuple[np.int64, float, bool, bool, dict[str, Any]]:
        """Moves."""
        outcomes = self.P[self.s][int(action)]
        chosen = categorical_sample([outcome[0] for outcome in outcomes], self.np_random)
        _, self.s, reward, terminated = outcomes[chosen]
        return np.int64(self.s), reward, terminated, False, {}

    def render(self) -> Any:
        """The map with `A` where the agent is, as text or as an array [row, column, colour]."""
        if self.render_mode == "ansi":
            return self._text()
        return self._picture() if self.render_mode == "rgb_array" else None

    def _text(self) -> str:
        flat = "".join(self.cells)
        marked = f"{flat[: self.s]}A{flat[self.s + 1 :]}"
        return "\n".join(marked[i : i + self.columns] for i in range(0, len(marked), self.columns)) + "\n"

    def _picture(self) -> npt.NDArray[np.uint8]:
        colours = np.array([[COLOURS[cell] for cell in row] for row in self.cells], dtype=np.uint8)
        colours[divmod(self.s, self.columns)] = AGENT
        return colours.repeat(PIXELS, axis=0).repeat(PIXELS, axis=1)


def _check(cells: Sequence[str], noise: float, discount: float) -> None:
    widths = {len(row) for row in cells}
    if len(widths) != 1 or widths == {0}:
        raise UserError(f"cells have rows of {sorted(widths)} letters; expected rows of one length")
    flat = "".join(cells)
    unknown = sorted(set(flat) - set(COLOURS))
    if unknown:
        raise UserError(f"cells have {unknown[0]!r}; expected {' '.join(COLOURS)}")
    if flat.count("S") != 1:
        raise UserError(f"cells have {flat.count('S')} starts S; expected one")
    if not 0.0 <= noise <= 0.5:
        raise UserError(f"noise is {noise:g}; expected 0 to 0.5, the probability of either side")
    if not 0.0 <= discount <= 1.0:
        raise UserError(f"discount is {discount:g}; expected 0 to 1")


def model_of(cells: Sequence[str], noise: float) -> Model:
    """What may follow each action in each state."""
    columns = len(cells[0])
    return {
        row * columns + column: {action: outcomes(cells, row, column, action, noise) for action in range(len(MOVES))}
        for row in range(len(cells))
        for column in range(columns)
    }


def outcomes(cells: Sequence[str], row: int, column: int, action: int, noise: float) -> list[Outcome]:
    """What may follow an action in a cell."""
    columns = len(cells[0])
    if cells[row][column] in "GT#":
        return [(1.0, row * columns + column, 0.0, True)]
    moves = [(1.0 - 2.0 * noise, action), *((noise, side) for side in SIDES[action])] if noise else [(1.0, action)]
    found = []
    for probability, move in moves:
        there = landing(cells, row, column, move)
        cell = cells[there[0]][there[1]]
        found.append((probability, there[0] * columns + there[1], REWARDS.get(cell, 0.0), cell in REWARDS))
    return found


def landing(cells: Sequence[str], row: int, column: int, move: int) -> tuple[int, int]:
    """The cell that a move leads to: the same one when a wall or the edge is in the way."""
    down, right = row + MOVES[move][0], column + MOVES[move][1]
    inside = 0 <= down < len(cells) and 0 <= right < len(cells[0])
    return (down, right) if inside and cells[down][right] != "#" else (row, column)
