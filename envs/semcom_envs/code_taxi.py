"""CodeTaxi: say a message while driving Gymnasium's taxi."""

import numpy.typing as npt
from gymnasium.spaces import Discrete, MultiBinary

from semcom.action_links import ActionLink

from .markov_coding import Receiver
from .registered_game import RegisteredGame, borrowed


class CodeTaxi(RegisteredGame):
    """Gymnasium's `Taxi-v4`: fetch a passenger and drop them where they want to go.

    `unwrapped.P` holds the transition probabilities.

    ## Action Space
    `Discrete(6)`: 0 down, 1 up, 2 right, 3 left, 4 pick up, 5 drop off; with `is_rainy` a drive may slip to a side.

    ## Observation Space
    `Dict(observation=Discrete(500), message=Discrete(32))`: the state as Gymnasium numbers it, and the message.

    ## Rewards
    -1 a step, -10 for a wrong pick up or drop off, 20 for the right drop off; `message_reward` at the end if the
    receiver's guess is right.

    ## Starting State
    Any of Gymnasium's 300 states, equally likely, with a message drawn by `prior`.

    ## Episode End
    Terminates at the right drop off; truncates after `horizon` steps, 200 by default.

    ## Version History
    * v0: first
    """

    def __init__(
        self,
        messages: int | Discrete | MultiBinary = 32,
        *,
        horizon: int = 200,
        is_rainy: bool = False,
        prior: npt.ArrayLike | None = None,
        receiver: Receiver | None = None,
        action_link: ActionLink | None = None,
        message_reward: float = 0.0,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(
            borrowed("Taxi-v4", horizon, render_mode, {"is_rainy": is_rainy}),
            messages,
            prior=prior,
            receiver=receiver,
            action_link=action_link,
            message_reward=message_reward,
        )
