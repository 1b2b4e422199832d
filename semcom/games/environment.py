"""Environments of coding games."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

from semcom.errors import UserError
from semcom_channels import Spec


class Setting(Spec):
    """An environment whose observation holds the message."""

    environment: str
    """The id, with the module that registers it: semcom_envs:CodeGrid-v0."""
    arguments: Annotated[dict[str, int | float | str | bool], Field(default_factory=dict)]
    """Arguments of the environment, such as messages."""

    def made(self) -> Any:
        """The environment; raises UserError for one that there is not, or whose message cannot be played for."""
        import gymnasium
        import numpy as np

        make: Callable[..., Any] = gymnasium.make  # whose own arguments are not these
        try:
            environment = make(self.environment, **self.arguments)
        except (gymnasium.error.Error, ImportError, TypeError, ValueError) as error:
            raise UserError(f"environment {self.environment}: {(str(error) or repr(error)).splitlines()[0]}") from None
        space = environment.observation_space
        if not isinstance(space, gymnasium.spaces.Dict) or set(space) != {"observation", "message"}:
            raise UserError(
                f"environment {self.environment}: its observations hold no message; wrap it as semcom_envs does"
            )
        if not isinstance(environment.action_space, gymnasium.spaces.Discrete):
            raise UserError(
                f"environment {self.environment}: its actions are {environment.action_space}; expected Discrete ones"
            )
        message = space["message"]
        if not isinstance(message, gymnasium.spaces.MultiBinary) and not (
            isinstance(message, gymnasium.spaces.Discrete) and message.start == 0
        ):
            raise UserError(
                f"environment {self.environment}: its message is {message}; expected a Discrete from 0 or a MultiBinary"
            )
        messages = environment.get_wrapper_attr("messages") if environment.has_wrapper_attr("messages") else None
        if messages is not None and np.ptp(messages.prior) > 0.0:
            raise UserError(
                f"environment {self.environment}: some messages are likelier than others; the study needs them uniform"
            )
        return environment
