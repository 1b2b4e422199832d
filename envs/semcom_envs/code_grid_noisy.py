"""CodeGridNoisy: eight by eight cells where moves may slip. [Ebrahimi et al. 2024, arXiv 2410.21666]"""

import numpy.typing as npt
from gymnasium.spaces import Discrete, MultiBinary

from semcom.action_links import ActionLink

from .grid import Grid
from .markov_coding import Receiver
from .registered_game import RegisteredGame, limited

CELLS = (
    ".......G",
    ".#.....T",
    "..#.....",
    "...#....",
    "....#...",
    "....S#..",
    "......#.",
    ".......#",
)
NOISE, DISCOUNT = 0.1, 0.95


class CodeGridNoisy(RegisteredGame):
    """Around a diagonal wall to a goal beside a trap, where one move in five slips to a side.

    The paper gives goal (0, -1), trap (1, -1), walls (1, 1) to (7, 7) and start (5, 4). Read as (row, column) from the
    top left, an index of -1 being the last, the start is below the wall and the goal above it, and the one passage is
    the corner (0, 0): at least 16 moves. Read as (column, row) it is the same game mirrored at the wall.

    `unwrapped.P` holds the transition probabilities, `unwrapped.discount` is 0.95. The paper has no horizon.

    ## Action Space
    `Discrete(4)`: 0 left, 1 right, 2 up, 3 down, each with probability 0.8 and to either side of it with 0.1. A move
    into the wall or over the edge stays.

    ## Observation Space
    `Dict(observation=Discrete(64), message=Discrete(512))`: 8 * row + column from the top left, and the message.

    ## Rewards
    1 for reaching the goal, -1 for the trap; `message_reward` at the end if the receiver's guess is right.

    ## Starting State
    The cell (5, 4), with a message drawn by `prior`.

    ## Episode End
    Terminates at goal and trap; truncates after `horizon` steps, 100 by default.

    ## Version History
    * v0: first
    """

    def __init__(
        self,
        messages: int | Discrete | MultiBinary = 512,
        *,
        horizon: int = 100,
        prior: npt.ArrayLike | None = None,
        receiver: Receiver | None = None,
        action_link: ActionLink | None = None,
        message_reward: float = 0.0,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(
            limited(Grid(CELLS, noise=NOISE, discount=DISCOUNT, render_mode=render_mode), horizon),
            messages,
            prior=prior,
            receiver=receiver,
            action_link=action_link,
            message_reward=message_reward,
        )
