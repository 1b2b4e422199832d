"""CodeFrozenLake: say a message while crossing Gymnasium's frozen lake."""

import numpy.typing as npt
from gymnasium.envs.toy_text.frozen_lake import MAPS
from gymnasium.spaces import Discrete, MultiBinary

from semcom.action_links import ActionLink
from semcom.errors import UserError, nearest

from .markov_coding import Receiver
from .registered_game import RegisteredGame, borrowed


class CodeFrozenLake(RegisteredGame):
    """Gymnasium's `FrozenLake-v1`: cross the ice to the goal, and slip on two moves of three.

    `unwrapped.P` holds the transition probabilities.

    ## Action Space
    `Discrete(4)`: 0 left, 1 down, 2 right, 3 up. On slippery ice each goes its way or to either side, equally likely.

    ## Observation Space
    `Dict(observation=Discrete(16), message=Discrete(32))`: 4 * row + column from the top left, and the message; 64
    cells with `map_name="8x8"`.

    ## Rewards
    1 for reaching the goal; `message_reward` at the end if the receiver's guess is right.

    ## Starting State
    The top left cell, with a message drawn by `prior`.

    ## Episode End
    Terminates at the goal and in a hole; truncates after `horizon` steps, 100 by default.

    ## Version History
    * v0: first
    """

    def __init__(
        self,
        messages: int | Discrete | MultiBinary = 32,
        *,
        horizon: int = 100,
        map_name: str = "4x4",
        is_slippery: bool = True,
        prior: npt.ArrayLike | None = None,
        receiver: Receiver | None = None,
        action_link: ActionLink | None = None,
        message_reward: float = 0.0,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(
            borrowed("FrozenLake-v1", horizon, render_mode, {"map_name": known(map_name), "is_slippery": is_slippery}),
            messages,
            prior=prior,
            receiver=receiver,
            action_link=action_link,
            message_reward=message_reward,
        )


def known(map_name: str) -> str:
    """The name of one of Gymnasium's maps; raises UserError for another."""
    if not isinstance(map_name, str) or map_name not in MAPS:
        raise UserError(f"map_name {map_name} is none of Gymnasium's; {nearest(str(map_name), MAPS)}")
    return map_name
