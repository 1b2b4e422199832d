"""What is played, and who listens."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from semcom.action_links import ACTION_LINKS, ActionLink
from semcom.action_links.noiseless import NoiselessLink
from semcom.games.coders.coder import Coder
from semcom.games.environment import Setting
from semcom.games.policies import POLICIES, MaxEnt, Player, Policy
from semcom_channels import Spec

if TYPE_CHECKING:
    import numpy as np

    from semcom.games.game import Game


class Rules(Setting):
    """An environment whose observation holds the message, and the policy by which it is played."""

    policy: Annotated[Policy, POLICIES] = MaxEnt()
    """How it is played, whatever is said."""
    discount: Annotated[float, Field(gt=0.0, le=1.0)] = 0.95
    """gamma of discounted returns."""
    block_bits: Annotated[int, Field(ge=1, le=16)] = 8
    """Bits that are coupled together, of a message of many bits."""
    most_steps: Annotated[int, Field(ge=1)] = 1000
    """Steps after which an episode is over in any case."""

    @property
    def setting(self) -> Setting:
        """The environment alone."""
        return Setting(environment=self.environment, arguments=self.arguments)

    def game(self, coder: Coder, link: ActionLink, rate_bits: float) -> Game:
        """The game, ready to be played; raises UserError for an environment or a policy that cannot be."""
        from semcom.games.game import Game

        environment, player, passages = _prepared(self)
        sender = coder.sender(self.setting, player, rate_bits)
        return Game(environment, sender, passages, link, self.discount, self.block_bits)


class Listener(Spec):
    """How actions reach the receiver, and whether the sender knows what came."""

    link: Annotated[ActionLink, ACTION_LINKS] = NoiselessLink()
    """What becomes of actions on the way."""
    feedback: bool = True
    """Whether the sender sees what the receiver sees; else the receiver replays each message that may be meant."""


@lru_cache(maxsize=8)
def _prepared(rules: Rules) -> tuple[Any, Player, np.ndarray | None]:
    from semcom.games.decision_process import of_environment

    environment = rules.made()
    known = getattr(environment.unwrapped, "P", None) is not None
    passages = of_environment(environment).transitions if known else None
    return environment, rules.policy.player(rules.setting), passages
