"""Any environment with discrete actions as a Markov coding game. [Sokota et al. 2022, arXiv 2107.08295]"""

import copy
import math
from typing import Any, Protocol, SupportsFloat

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium.spaces import Dict, Discrete, MultiBinary
from gymnasium.utils import RecordConstructorArgs

from semcom.action_links import ActionLink, NoiselessLink
from semcom.errors import UserError

from .messages import messages_of, shown

Observation = dict[str, Any]
Info = dict[str, Any]
CodingGame = gymnasium.Wrapper[Observation, Any, Any, Any]


class Receiver(Protocol):
    """Watches a game and believes: [message] probabilities, or [bit] the probability of a one."""

    def reset(self, observation: Any) -> npt.ArrayLike:
        """The belief at the start of an episode."""

    def observe(
        self, observation: Any, likelihood_of_actions: npt.NDArray[np.float64], next_observation: Any
    ) -> npt.ArrayLike:
        """The belief after a step; `likelihood_of_actions`: [action], one-hot when the receiver sees the action."""


class MarkovCodingWrapper(gymnasium.Wrapper[Observation, Any, Any, Any], RecordConstructorArgs):
    """A sender acts in an environment so that who watches can tell which message it was given.

    The message is drawn by `prior` (uniform when none is given) after the environment's reset, from the same
    generator; `reset(options={"message": k})` fixes it and leaves all other randomness as it would be.

    ## Observation Space
    `Dict(observation=..., message=...)`: what the environment shows, and the message: `Discrete(n)` when `messages` is
    a number, else the `MultiBinary` that is given.

    ## Rewards
    The environment's. `message_reward` is added at the end of the episode, terminated or truncated, when the message
    is the guess of the receiver: the likeliest by its belief. A copy of `receiver` watches, so that games made alike
    have one each; `set_wrapper_attr("receiver", ...)` puts
    another in its place.

    ## Information
    A new dictionary at each step with the environment's own and
    - `belief`: the receiver's, the prior when there is none;
    - `action`: the one executed, counted from 0;
    - `likelihood`: [action], what the receiver learns of it through `action_link`: one-hot without one;
    - `transition`: the environment's observations before and after.

    A reset has `belief` alone.
    """

    def __init__(
        self,
        env: gymnasium.Env[Any, Any],
        messages: int | Discrete | MultiBinary,
        *,
        prior: npt.ArrayLike | None = None,
        receiver: Receiver | None = None,
        action_link: ActionLink | None = None,
        message_reward: float = 0.0,
    ) -> None:
        if not isinstance(env.action_space, Discrete):
            raise UserError(f"the environment's actions are {env.action_space}; a coding game needs Discrete actions")
        self.messages = messages_of(messages, prior)
        _check_ends(receiver, action_link)
        if not math.isfinite(message_reward):
            raise UserError(f"message_reward is {message_reward:g}; expected a finite number")
        RecordConstructorArgs.__init__(
            self,
            _disable_deepcopy=True,
            messages=messages,
            prior=None if prior is None else self.messages.prior.tolist(),
            receiver=receiver,
            action_link=action_link,
            message_reward=message_reward,
        )
        gymnasium.Wrapper.__init__(self, env)
        self.receiver: Receiver | None = copy.deepcopy(receiver)
        self.message_reward = float(message_reward)
        self.action_link: ActionLink = action_link or NoiselessLink()
        self.observation_space = Dict({"observation": env.observation_space, "message": self.messages.space})
        self.actions = env.action_space

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Observation, Info]:
        """Starts an episode with a message, that of `options["message"]` if it is there."""
        if self.message_reward and self.receiver is None:
            raise UserError(f"message_reward is {self.message_reward:g}, and nobody guesses; give a receiver")
        asked = dict(options or {})
        fixed = self.messages.given(asked.pop("message")) if "message" in asked else None
        observation, info = super().reset(seed=seed, options=asked if options is not None else None)
        drawn = self.messages.draw(self.np_random)  # also when it is fixed: the rest of the episode stays the same
        self._message = drawn if fixed is None else fixed
        self._link_rng = self.np_random.spawn(1)[0]  # of its own: a noisy link leaves the trajectory as it is
        self._before = self._plain(observation)
        prior = self.messages.prior if self.receiver is None else self.receiver.reset(copy.deepcopy(self._before))
        self._belief = self.messages.believed(prior)
        return self._observed(), {**info, "belief": self._belief.copy()}

    def step(self, action: Any) -> tuple[Observation, SupportsFloat, bool, bool, Info]:
        """Plays an action and lets the receiver see it."""
        if not self.actions.contains(action):
            last = self.actions.start + self.actions.n - 1
            raise UserError(f"action is {shown(action)}; expected a whole number from {self.actions.start} to {last}")
        observation, reward, terminated, truncated, info = self.env.step(action)
        before, self._before = self._before, self._plain(observation)
        index = int(action - self.actions.start)
        likelihood = self.action_link.likelihoods(np.array([index]), int(self.actions.n), self._link_rng)[0]
        if self.receiver is not None:
            seen = copy.deepcopy((before, likelihood, self._before))
            self._belief = self.messages.believed(self.receiver.observe(*seen))
        if self.message_reward and (terminated or truncated) and self._is_guessed():
            reward = float(reward) + self.message_reward
        told = {"belief": self._belief.copy(), "action": index, "likelihood": likelihood}
        transition = (before, copy.deepcopy(self._before))
        return self._observed(), reward, terminated, truncated, {**info, **told, "transition": transition}

    def _is_guessed(self) -> bool:
        return bool(np.all(self.messages.guess(self._belief) == self._message))

    def _observed(self) -> Observation:
        return {"observation": copy.deepcopy(self._before), "message": self._message.copy()}

    def _plain(self, observation: Any) -> Any:
        """An observation of our own; numbers as their space has them, which toy-text environments leave as int."""
        if isinstance(self.env.observation_space, Discrete):
            return np.int64(observation)
        return copy.deepcopy(observation)


def _check_ends(receiver: Receiver | None, action_link: ActionLink | None) -> None:
    if receiver is not None and not all(callable(getattr(receiver, name, None)) for name in ("reset", "observe")):
        raise UserError(f"receiver is {receiver!r}; expected an object with the methods reset and observe")
    if action_link is not None and not isinstance(action_link, ActionLink):
        raise UserError(f"action_link is {action_link!r}; expected one of semcom.action_links, such as NoiselessLink()")
