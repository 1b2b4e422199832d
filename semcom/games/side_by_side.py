"""Games that are played in parallel to learn from them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from semcom.games.memory import Transitions
from semcom.games.soft_q_network import features


class SideBySide:
    """Environments whose observation holds a message that is not looked at; one that is over starts anew."""

    def __init__(self, environments: Sequence[Any], rng: np.random.Generator) -> None:
        self.environments = environments
        self.actions = int(environments[0].action_space.n)
        seeds = rng.integers(2**31, size=len(environments)).tolist()
        began = [environment.reset(seed=seed) for environment, seed in zip(environments, seeds, strict=True)]
        self.now = np.stack([self._seen(observation) for observation, _ in began])
        """What is observed in each, `[game, feature]` float32."""

    def play(self, actions: np.ndarray) -> Transitions:
        """A step in each, by actions counted from 0, `[game]`."""
        done = Transitions.room(*self.now.shape)
        done.before[:], done.action[:] = self.now, actions
        for place, environment in enumerate(self.environments):
            action = actions[place] + environment.action_space.start
            after, done.reward[place], terminated, truncated, _ = environment.step(action)
            done.after[place], done.going_on[place] = self._seen(after), not terminated
            begins = environment.reset()[0] if terminated or truncated else after
            self.now[place] = self._seen(begins)
        return done

    def _seen(self, observation: Any) -> np.ndarray:
        space = self.environments[0].observation_space["observation"]
        return features(space, observation["observation"]).astype(np.float32)
