"""What is played, and who listens."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from semcom.action_links import ACTION_LINKS, ActionLink
from semcom.action_links.noiseless import NoiselessLink
from semcom.games.coders.coder import Coder
from semcom.games.environment import Setting
from semcom.games.policies import POLICIES, MaxEnt, Player, Policy
from semcom.learning import files_of
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

    def files(self) -> tuple[Path, ...]:
        """Those that decide the policy; raises UserError for missing ones."""
        return (*files_of(self.policy.pupils(self.setting)), *self.policy.files())

    def game(self, coder: Coder, link: ActionLink, rate_bits: float) -> Game:
        """The game, ready to be played, with an environment of its own.

        Raises UserError for an environment or a policy that cannot be, and for R < 0.
        """
        from semcom.coupling.masses import check_rate
        from semcom.games.game import Game

        written = tuple((path.resolve(), path.stat().st_mtime_ns) for path in self.files())
        player, passages = _prepared(self, written)
        sender = coder.sender(self.setting, player, check_rate(rate_bits))
        return Game(self.made(), sender, passages, link, self.discount, self.block_bits)


class Listener(Spec):
    """How actions reach the receiver, and whether the sender knows what came."""

    link: Annotated[ActionLink, ACTION_LINKS] = NoiselessLink()
    """What becomes of actions on the way."""
    feedback: bool = True
    """Whether the sender sees what the receiver sees; else the receiver replays each message that may be meant."""


@lru_cache(maxsize=8)
def _prepared(rules: Rules, files: tuple[tuple[Path, int], ...]) -> tuple[Player, np.ndarray | None]:
    """The player, and P(s' | s, a) where it is known; `files` are those that decide it, and when they were written."""
    from semcom.games.decision_process import of_environment, shows_state

    environment = rules.made()
    passages = of_environment(environment).transitions if shows_state(environment) else None
    return rules.policy.player(rules.setting), passages
