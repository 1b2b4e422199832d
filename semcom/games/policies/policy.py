"""What every policy is: the law of actions in each state, which no message changes."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Protocol

from semcom_channels import Part

if TYPE_CHECKING:
    from semcom.coupling import Masses
    from semcom.games.environment import Setting
    from semcom.learning import Pupil


class Player(Protocol):
    """A policy in an environment."""

    actions: int
    """How many there are."""

    def law(self, step: int, observation: Any) -> Masses:
        """The law of the action, `[action]` int64 masses that sum to 2^50: the same numbers each time it is asked."""


class Policy(Part):
    """Gives the law of actions in each state of an environment."""

    @abstractmethod
    def player(self, setting: Setting) -> Player:
        """The policy there; raises UserError for an environment that it cannot play."""

    def pupils(self, setting: Setting) -> tuple[Pupil, ...]:
        """What has to be trained there before it can play."""
        return ()
