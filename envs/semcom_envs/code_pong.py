"""CodePong: say a picture while playing Atari's Pong. [Sokota et al. 2022, arXiv 2107.08295]"""

from typing import Any

import gymnasium
import numpy.typing as npt
from gymnasium.spaces import Discrete, MultiBinary

from semcom.action_links import ActionLink
from semcom.errors import UserError

from .markov_coding import Receiver
from .registered_game import RegisteredGame, borrowed

PICTURE = MultiBinary(22 * 22)


class CodePong(RegisteredGame):
    """`ALE/Pong-v5` with a binary picture of 22 x 22 as the message. It needs the extra `atari`.

    ## Action Space
    `Discrete(6)`: 0 nothing, 1 fire, 2 right, 3 left, 4 right and fire, 5 left and fire.

    ## Observation Space
    `Dict(observation=Box(0, 255, (210, 160, 3), uint8), message=MultiBinary(484))`: the screen, and the picture row by
    row. With `obs_type="ram"` the 128 bytes of the console's memory, with "grayscale" a grey screen.

    ## Rewards
    1 for a point, -1 for one of the opponent; `message_reward` at the end if the receiver's guess is right in every
    bit.

    ## Starting State
    A new game, with a picture of fair bits or by `prior`, the probability that each is one.

    ## Episode End
    Terminates when one side has 21 points; truncates after `horizon` steps of four frames, 27000 by default.

    ## Version History
    * v0: first
    """

    def __init__(
        self,
        messages: int | Discrete | MultiBinary = PICTURE,
        *,
        horizon: int = 27000,
        obs_type: str = "rgb",
        prior: npt.ArrayLike | None = None,
        receiver: Receiver | None = None,
        action_link: ActionLink | None = None,
        message_reward: float = 0.0,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(
            pong(horizon, render_mode, obs_type),
            messages,
            prior=prior,
            receiver=receiver,
            action_link=action_link,
            message_reward=message_reward,
        )


def pong(horizon: int, render_mode: str | None, obs_type: str) -> gymnasium.Env[Any, Any]:
    """Atari's Pong, if the emulator is there."""
    try:
        import ale_py
    except ImportError:
        raise UserError("CodePong-v0 needs the extra atari: pip install 'semcom[atari]'") from None
    gymnasium.register_envs(ale_py)
    return borrowed("ALE/Pong-v5", horizon, render_mode, {"obs_type": obs_type})
