"""What every coder is: it says which action says what."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from semcom_channels import Part

if TYPE_CHECKING:
    from semcom.games.environment import Setting
    from semcom.games.policies.policy import Player
    from semcom.games.sender import Sender
    from semcom.learning import Pupil


class Coder(Part):
    """Gives the sender of a game, whose actions tell of the message."""

    keeps_rate: ClassVar[bool] = True
    """Whether H(T) of each step is at most the rate."""

    @abstractmethod
    def sender(self, setting: Setting, player: Player, rate_bits: float) -> Sender:
        """The sender in an environment whose policy is the player's; the rate may be infinite.

        Raises UserError for an environment in which it cannot play.
        """

    def pupils(self, setting: Setting) -> tuple[Pupil, ...]:
        """What has to be trained there before it can play."""
        return ()
