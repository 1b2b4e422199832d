"""A sender that learns to win and to be understood, and a receiver that knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from semcom.games.coders.coder import Coder
from semcom_channels import Spec

if TYPE_CHECKING:
    from semcom.games.environment import Setting
    from semcom.games.policies.policy import Player
    from semcom.games.reinforce.pupil import ReinforcePupil
    from semcom.games.sender import Sender


class PolicyGradient(Spec):
    """How the sender's law is learned: Adam with a cosine schedule, over simulated games."""

    bit_worth: Annotated[float, Field(ge=0.0)] = 0.1
    """What a bit that the receiver learns counts, in the unit of rewards."""
    entropy_worth: Annotated[float, Field(ge=0.0)] = 0.1
    """What a bit of the law's own entropy counts at first; it falls with the learning rate.

    It keeps ways open until messages have parted.
    """
    steps: Annotated[int, Field(ge=1)] = 3_000
    batch: Annotated[int, Field(ge=1, le=1_000_000)] = 1024
    """Games in each step."""
    learning_rate: Annotated[float, Field(gt=0.0, le=1.0)] = 0.05
    """The rate at the first step; it falls to a hundredth along half a cosine."""
    seed: Annotated[int, Field(ge=0)] = 1


class ReinforceBayes(Coder):
    """A law pi(a | step, state, message) learned by policy gradient, and a receiver that knows it, by Bayes' rule.

    It makes E[return] + worth x I(message; game) great; the rules' policy is not asked, nor is there a rate limit: T is
    the action. It is learned for a receiver that sees all actions. [Sokota et al. 2022, RL + PR; Williams 1992]
    """

    kind: Literal["reinforce_bayes"] = "reinforce_bayes"
    cites: ClassVar[tuple[str, ...]] = ("sokota2022", "williams1992")
    keeps_rate: ClassVar[bool] = False
    horizon: Annotated[int, Field(ge=1, le=10_000)] = 8
    """Steps of a game in training; the law of the last one stands for all later ones."""
    discount: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0
    """gamma of the return that is learned for."""
    training: PolicyGradient = PolicyGradient()

    def pupils(self, setting: Setting) -> tuple[ReinforcePupil, ...]:
        """The law there."""
        from semcom.games.reinforce.pupil import ReinforcePupil

        return (ReinforcePupil(setting=setting, coder=self),)

    def sender(self, setting: Setting, player: Player, rate_bits: float) -> Sender:
        """It plays by the learned law; raises UserError when there is none, or none can be."""
        from semcom.games.law_sender import LawSender
        from semcom.games.reinforce.law import laws_of

        (pupil,) = self.pupils(setting)
        return LawSender(laws_of(pupil.logits()))
