"""Environments of coding games."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from semcom.errors import UserError
from semcom_channels import Spec

if TYPE_CHECKING:
    import numpy as np

OURS = r"semcom_envs:Code\w*-v\d+"  # the module alone would open the whole registry of Gymnasium


class Setting(Spec):
    """An environment whose observation holds the message."""

    environment: str
    """The id, with the module that registers it: semcom_envs:CodeGrid-v0. Others than semcom's run only with
    `--trust`, since their modules are imported."""
    arguments: Annotated[dict[str, int | float | str | bool | tuple[float, ...]], Field(default_factory=dict)]
    """Arguments of the environment, such as messages, or their prior as a list."""

    def code_fields(self) -> tuple[str, ...]:
        """The environment, unless it is one of semcom's own."""
        return () if re.fullmatch(OURS, self.environment) else ("environment",)

    def made(self) -> Any:
        """The environment; raises UserError for one that there is not, or that the study cannot play."""
        import gymnasium

        make: Callable[..., Any] = gymnasium.make  # whose own arguments are not these
        try:
            environment = make(self.environment, **self.arguments)
        except (UserError, gymnasium.error.Error, ImportError, TypeError, ValueError) as error:
            raise self._refused((str(error) or repr(error)).splitlines()[0]) from None
        except Exception as error:  # of whatever class: the environment may be the user's
            raise self._refused(f"{type(error).__name__}: {error}") from error
        space = environment.observation_space
        if not isinstance(space, gymnasium.spaces.Dict) or set(space) != {"observation", "message"}:
            raise self._refused("its observations hold no message; wrap it as semcom_envs does")
        if not isinstance(environment.action_space, gymnasium.spaces.Discrete):
            raise self._refused(f"its actions are {environment.action_space}; expected Discrete ones")
        self._check_messages(environment)
        return environment

    def _check_messages(self, environment: Any) -> None:
        from gymnasium.spaces import Discrete, MultiBinary

        space = environment.observation_space["message"]
        if not isinstance(space, MultiBinary) and not (isinstance(space, Discrete) and space.start == 0):
            raise self._refused(f"its message is {space}; expected a Discrete from 0 or a MultiBinary")
        if _wrapped(environment, "message_reward"):
            raise self._refused("message_reward is for a receiver of the environment, and the study has its own")

    def _refused(self, why: str) -> UserError:
        return UserError(f"environment {self.environment}: {why}")


def prior_of(environment: Any) -> np.ndarray:
    """The probability of each message `[message]`, or that each bit is one, `[bit]`; even where it has none.

    What a coding game of `semcom_envs` draws its messages by.
    """
    import numpy as np
    from gymnasium.spaces import MultiBinary

    space = environment.observation_space["message"]
    prior = getattr(_wrapped(environment, "messages"), "prior", None)
    if prior is not None:
        return np.asarray(prior, np.float64).reshape(-1)
    if isinstance(space, MultiBinary):
        return np.full(int(np.prod(space.shape)), 0.5)
    return np.full(int(space.n), 1.0 / int(space.n))


def _wrapped(environment: Any, name: str) -> Any:
    """An attribute of the environment or of what it wraps; None where there is none."""
    return environment.get_wrapper_attr(name) if environment.has_wrapper_attr(name) else None
