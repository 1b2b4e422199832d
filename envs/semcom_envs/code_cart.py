"""CodeCart: say a picture while balancing Gymnasium's pole. [Sokota et al. 2022, arXiv 2107.08295]"""

import numpy.typing as npt
from gymnasium.spaces import Discrete, MultiBinary

from semcom.action_links import ActionLink

from .markov_coding import Receiver
from .registered_game import RegisteredGame, borrowed

PICTURE = MultiBinary(16 * 16)


class CodeCart(RegisteredGame):
    """Gymnasium's `CartPole-v1` with a binary picture of 16 x 16 as the message: one of 2^256.

    ## Action Space
    `Discrete(2)`: 0 pushes the cart to the left, 1 to the right.

    ## Observation Space
    `Dict(observation=Box((4,), float32), message=MultiBinary(256))`: position, speed, angle and angular speed of cart
    and pole, and the picture, row by row.

    ## Rewards
    1 a step; `message_reward` at the end if the receiver's guess is right in every bit.

    ## Starting State
    Each number uniform in [-0.05, 0.05], with a picture of fair bits or by `prior`, the probability that each is one.

    ## Episode End
    Terminates when the pole leans by more than 12 degrees or the cart leaves; truncates after `horizon` steps, 500 by
    default.

    ## Version History
    * v0: first
    """

    def __init__(
        self,
        messages: int | Discrete | MultiBinary = PICTURE,
        *,
        horizon: int = 500,
        prior: npt.ArrayLike | None = None,
        receiver: Receiver | None = None,
        action_link: ActionLink | None = None,
        message_reward: float = 0.0,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(
            borrowed("CartPole-v1", horizon, render_mode),
            messages,
            prior=prior,
            receiver=receiver,
            action_link=action_link,
            message_reward=message_reward,
        )
