"""What is measured of an episode."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Literal

from semcom.quantity import Quantity
from semcom_channels import Family

if TYPE_CHECKING:
    from semcom.games.episode import Episode
    from semcom.games.game import Game


class GameMetric(Quantity):
    """A number for each episode: a "rate" counts successes, a "mean" averages."""

    @abstractmethod
    def value(self, episode: Episode, game: Game) -> float:
        """Of the episode."""


class MessageAccuracy(GameMetric):
    """The share of episodes in which the likeliest message is the one that was meant."""

    kind: Literal["message_accuracy"] = "message_accuracy"
    counts = "rate"
    label = "Accuracy of the message"

    def value(self, episode: Episode, game: Game) -> float:
        """One or nought."""
        return float(episode.belief.guess() == episode.message)


class Reward(GameMetric):
    """The sum of an episode's rewards."""

    kind: Literal["reward"] = "reward"
    label = "Return, not discounted"

    def value(self, episode: Episode, game: Game) -> float:
        """The sum."""
        return sum(episode.rewards)


class DiscountedReward(GameMetric):
    """The sum of gamma^t r_t."""

    kind: Literal["discounted_reward"] = "discounted_reward"
    label = "Return, discounted"

    def value(self, episode: Episode, game: Game) -> float:
        """The sum."""
        return sum(game.discount**step * reward for step, reward in enumerate(episode.rewards))


class TrueBelief(GameMetric):
    """The receiver's probability of the message that was meant."""

    kind: Literal["true_belief"] = "true_belief"
    label = "Belief in the true message"

    def value(self, episode: Episode, game: Game) -> float:
        """At the end."""
        return episode.belief.of(episode.message)


class BitsLearnt(GameMetric):
    """H(M) - H(M | what was seen): the mean is I(M; Z)."""

    kind: Literal["bits_learnt"] = "bits_learnt"
    label = "Learnt of the message (bit)"

    def value(self, episode: Episode, game: Game) -> float:
        """At the end."""
        return game.prior.entropy_bits - episode.belief.entropy_bits


class ConverseBits(GameMetric):
    """Sum over steps of min(R, H(action)): I(M; Z) is at most its mean, and at most H(M).

    A sender that keeps no limit has no R. The action's entropy is that of the policy, or of what a sender's own law is
    on average over what is believed.
    """

    kind: Literal["converse_bits"] = "converse_bits"
    label = "Converse before min with H(M) (bit)"

    def value(self, episode: Episode, game: Game) -> float:
        """The sum."""
        return sum(min(game.sender.most_bits, bits) for bits in episode.policies_bits)


class UsedRate(GameMetric):
    """H(T), averaged over an episode's steps."""

    kind: Literal["used_rate"] = "used_rate"
    label = "Rate used (bit/step)"
    better = "low"

    def value(self, episode: Episode, game: Game) -> float:
        """The mean."""
        return sum(episode.rates_bits) / len(episode.rates_bits)


class Steps(GameMetric):
    """How many steps an episode has."""

    kind: Literal["steps"] = "steps"
    better = "low"
    label = "Steps"

    def value(self, episode: Episode, game: Game) -> float:
        """The count."""
        return float(len(episode.rewards))


KINDS = (MessageAccuracy, Reward, DiscountedReward, TrueBelief, BitsLearnt, ConverseBits, UsedRate, Steps)
GAME_METRICS = Family("semcom.game_metrics", KINDS)
