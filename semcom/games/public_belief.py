"""What both ends of a coding game hold."""

from typing import Any

import numpy as np

from semcom.coupling import Bottleneck
from semcom.errors import UserError
from semcom.games.game import Game


class PublicBelief:
    """The belief that sender and receiver share while the sender knows what the receiver sees.

    It is a `receiver` for the environments of `semcom_envs`; a sender holds one of its own, acts by `act` and lets it
    `observe` what the receiver does.

        environment.set_wrapper_attr("receiver", PublicBelief(game))
        sender = PublicBelief(game)
        sender.reset(observation["observation"])
        action = sender.act(observation["message"], rng)
    """

    def __init__(self, game: Game) -> None:
        self.game = game
        self.belief = game.prior
        self._chain: Bottleneck | None = None
        self._step, self._state, self._has_begun = 0, None, False

    def reset(self, observation: Any) -> np.ndarray:
        """Knows the messages' prior alone: `probabilities` at the start of an episode."""
        self.belief, self._chain = self.game.prior, None
        self._step, self._state, self._has_begun = 0, observation, True
        return self.probabilities()

    @property
    def chain(self) -> Bottleneck:
        """The sender's chain block - T - action of this step."""
        if not self._has_begun:
            raise UserError("act or observe comes before reset; reset with the first observation")
        if self._chain is None:
            block = self.belief.blocks[self.belief.open_block]
            self._chain = self.game.sender.chain(block, self._step, self._state)
        return self._chain

    def act(self, message: Any, rng: np.random.Generator) -> int:
        """The action that says this message, counted from 0; raises UserError for a message that there is not."""
        space = self.game.environment.observation_space["message"]
        if not space.contains(message):
            raise UserError(f"message is {message}; expected one of {space}")
        return self.chain.draw(self.game.blocks(message)[self.belief.open_block], rng)

    def observe(self, observation: Any, likelihood_of_actions: np.ndarray, next_observation: Any) -> np.ndarray:
        """`probabilities` after a step, by what was heard of the action `[action]` and where it led.

        Raises UserError for likelihoods of another number of actions.
        """
        if np.shape(likelihood_of_actions) != (self.game.sender.actions,):
            raise UserError(
                f"likelihood_of_actions has shape {np.shape(likelihood_of_actions)}; "
                f"expected ({self.game.sender.actions},), one for each action"
            )
        self.hear(observation, likelihood_of_actions, next_observation)
        return self.probabilities()

    def hear(self, observation: Any, likelihood_of_actions: np.ndarray, next_observation: Any) -> None:
        """What `observe` does, for who does not ask for probabilities."""
        seen = likelihood_of_actions * self.game.passage(observation, next_observation)
        self.belief, self._chain = self.belief.after(self.belief.open_block, self.chain, seen), None
        self._step, self._state = self._step + 1, next_observation

    def probabilities(self) -> np.ndarray:
        """Of each message `[message]`, or that each bit is one, in the shape of the message."""
        return self.game.probabilities(self.belief)
