"""Maximum entropy policies of games whose law is not known, learned by playing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from semcom.games.environment import Setting
from semcom.games.policies.policy import Player, Policy
from semcom.learning import Lesson, Pupil
from semcom_channels import Spec


class Training(Spec):
    """How weights are made: games are played in parallel, and each step of one is followed by one of Adam."""

    steps: Annotated[int, Field(ge=1)] = 10_000
    """Steps that each game has."""
    games: Annotated[int, Field(ge=1, le=100)] = 8
    """Games that are played in parallel."""
    batch: Annotated[int, Field(ge=1)] = 128
    """Transitions in a step of Adam, drawn from the memory with replacement."""
    memory: Annotated[int, Field(ge=1, le=10_000_000)] = 200_000
    """Transitions that are remembered; the oldest give way."""
    learning_rate: Annotated[float, Field(gt=0.0, le=1.0)] = 1e-3
    """The rate at the first step; it falls to a hundredth along half a cosine."""
    seed: Annotated[int, Field(ge=0)] = 1


class SoftQ(Policy):
    """pi(a | s) ~ exp(Q(s, a) / beta) with a network Q, learned by playing. [Haarnoja et al. 2017, arXiv 1702.08165]

    Q(s, a) is fitted to r + gamma V(s'), V(s) = beta ln sum_a exp(Q'(s, a) / beta), over transitions that are
    remembered, Q' being a slow copy of Q: the values of `max_ent` where states are many and their law is not known. A
    game that is cut off by its time limit has not ended: its values go on. The message is not looked at, but weights
    belong to all arguments of the environment, its messages too.
    """

    kind: Literal["soft_q"] = "soft_q"
    cites: ClassVar[tuple[str, ...]] = ("haarnoja2017", "schulman2017")
    log_beta: Annotated[float, Field(ge=-8.0, le=5.0)] = -1.0
    """Natural logarithm of the temperature beta, in the unit of rewards."""
    discount: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.99
    """gamma."""
    hidden: Annotated[tuple[Annotated[int, Field(ge=1, le=4096)], ...], Field(max_length=8)] = (64, 64)
    """Units of each hidden layer, rectified; none: Q is linear in what is observed."""
    training: Training = Training()

    def player(self, setting: Setting) -> Player:
        """By the trained network; raises UserError when there are no weights."""
        from semcom.games.network_player import NetworkPlayer
        from semcom.games.soft_q_network import shapes
        from semcom.learning.weights import load

        environment, pupil = setting.made(), SoftQPupil(setting=setting, policy=self)
        (path,) = pupil.files()
        return NetworkPlayer(environment, load(path, shapes(environment, self.hidden)), self.log_beta)

    def pupils(self, setting: Setting) -> tuple[Pupil, ...]:
        """Its network, as it is trained there."""
        return (SoftQPupil(setting=setting, policy=self),)


class SoftQPupil(Pupil):
    """A policy, and where it is learned."""

    kind: Literal["soft_q"] = "soft_q"
    setting: Setting
    policy: SoftQ

    @property
    def training_steps(self) -> int:
        """Those of its training."""
        return self.policy.training.steps

    def learn(self) -> Iterator[Lesson]:
        """Plays, remembers and learns."""
        from semcom.games.soft_q_training import train

        yield from train(self.setting, self.policy)
