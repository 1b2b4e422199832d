"""CodeCliff: say a message while walking along Gymnasium's cliff."""

import numpy.typing as npt
from gymnasium.spaces import Discrete, MultiBinary

from semcom.action_links import ActionLink

from .markov_coding import Receiver
from .registered_game import RegisteredGame, borrowed


class CodeCliff(RegisteredGame):
    """Gymnasium's `CliffWalking-v1`: from one end of a cliff to the other without falling.

    `unwrapped.P` holds the transition probabilities.

    ## Action Space
    `Discrete(4)`: 0 up, 1 right, 2 down, 3 left; with `is_slippery` each goes its way or to either side, equally
    likely.

    ## Observation Space
    `Dict(observation=Discrete(48), message=Discrete(32))`: 12 * row + column from the top left, and the message.

    ## Rewards
    -1 a step, -100 for a fall; `message_reward` at the end if the receiver's guess is right.

    ## Starting State
    The bottom left cell, with a message drawn by `prior`. A fall leads back to it.

    ## Episode End
    Terminates at the bottom right cell; truncates after `horizon` steps, 100 by default (Gymnasium has no limit).

    ## Version History
    * v0: first
    """

    def __init__(
        self,
        messages: int | Discrete | MultiBinary = 32,
        *,
        horizon: int = 100,
        is_slippery: bool = False,
        prior: npt.ArrayLike | None = None,
        receiver: Receiver | None = None,
        action_link: ActionLink | None = None,
        message_reward: float = 0.0,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(
            borrowed("CliffWalking-v1", horizon, render_mode, {"is_slippery": is_slippery}),
            messages,
            prior=prior,
            receiver=receiver,
            action_link=action_link,
            message_reward=message_reward,
        )
