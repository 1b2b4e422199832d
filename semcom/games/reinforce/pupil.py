"""The learned law of a sender."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from semcom.errors import UserError
from semcom.games.coders.reinforce_bayes import ReinforceBayes
from semcom.games.environment import Setting, prior_of
from semcom.learning import Lesson, Pupil

if TYPE_CHECKING:
    import numpy as np


class ReinforcePupil(Pupil):
    """A sender's law in an environment."""

    kind: Literal["reinforce_bayes"] = "reinforce_bayes"
    setting: Setting
    coder: ReinforceBayes

    @property
    def training_steps(self) -> int:
        """Updates of the law."""
        return self.coder.training.steps

    def learn(self) -> Iterator[Lesson]:
        """Plays and learns; raises UserError for an environment whose law or starts are not known."""
        from semcom.games.decision_process import of_environment
        from semcom.games.reinforce.training import train

        environment = self.setting.made()
        starts = getattr(environment.unwrapped, "initial_state_distrib", None)
        self._shape(environment)
        process = of_environment(environment)
        if starts is None:
            raise UserError("the environment has no initial_state_distrib; a sender that learns needs it")
        return train(self.coder, process, starts, prior_of(environment))

    def logits(self) -> np.ndarray:
        """What was learned, `[step, state, action, message]`; raises UserError when there are no weights."""
        from semcom.learning.weights import load

        shape = self._shape(self.setting.made())
        (path,) = self.files()
        (logits,) = load(path, [shape])
        return logits

    def _shape(self, environment: Any) -> tuple[int, int, int, int]:
        from gymnasium.spaces import Discrete

        space = environment.observation_space
        for name in ("observation", "message"):
            if not isinstance(space[name], Discrete):
                raise UserError(f"{self.kind} learns a table; the {name} is {space[name]}, expected Discrete")
        counts = (space["observation"].n, environment.action_space.n, space["message"].n)
        states, actions, messages = map(int, counts)
        return self.coder.horizon, states, actions, messages
