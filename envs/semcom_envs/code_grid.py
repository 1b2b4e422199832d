"""CodeGrid: say a message by the way through four by four cells. [Sokota et al. 2022, arXiv 2107.08295]"""

import numpy.typing as npt
from gymnasium.spaces import Discrete, MultiBinary

from semcom.action_links import ActionLink

from .grid import Grid
from .markov_coding import Receiver
from .registered_game import RegisteredGame, limited

CELLS = ("S...", "....", "....", "...G")


class CodeGrid(RegisteredGame):
    """From a corner of 4 x 4 cells to the opposite one in eight steps, at least six of which the way takes.

    `gymnasium.make("semcom_envs:CodeGrid-v0", messages=32)`; `unwrapped.P` holds the transition probabilities.
    `gymnasium.make_vec` gives `CodeGridVector`, thousands of games in arrays.

    ## Action Space
    `Discrete(4)`: 0 left, 1 right, 2 up, 3 down. A move over the edge stays.

    ## Observation Space
    `Dict(observation=Discrete(16), message=Discrete(32))`: 4 * row + column from the top left, and the message.

    ## Rewards
    1 for reaching the goal; `message_reward` at the end if the receiver's guess is right.

    ## Starting State
    The top left cell, (1, 1) in the paper, with a message drawn by `prior`.

    ## Episode End
    Terminates at the bottom right cell, (4, 4); truncates after `horizon` steps, 8 by default.

    ## Version History
    * v0: first
    """

    def __init__(
        self,
        messages: int | Discrete | MultiBinary = 32,
        *,
        horizon: int = 8,
        prior: npt.ArrayLike | None = None,
        receiver: Receiver | None = None,
        action_link: ActionLink | None = None,
        message_reward: float = 0.0,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(
            limited(Grid(CELLS, render_mode=render_mode), horizon),
            messages,
            prior=prior,
            receiver=receiver,
            action_link=action_link,
            message_reward=message_reward,
        )
