"""Environments of coding games."""

from collections.abc import Callable, Mapping
from typing import Any

import gymnasium
import numpy as np

from semcom.errors import UserError


def made(name: str, arguments: Mapping[str, int | float | str | bool]) -> Any:
    """The environment of an id; raises UserError for one that there is not, or whose message cannot be played for."""
    make: Callable[..., Any] = gymnasium.make  # whose own arguments are not these
    try:
        environment = make(name, **arguments)
    except (gymnasium.error.Error, ImportError, TypeError, ValueError) as error:
        raise UserError(f"environment {name}: {str(error).splitlines()[0]}") from None
    space = environment.observation_space
    if not isinstance(space, gymnasium.spaces.Dict) or set(space) != {"observation", "message"}:
        raise UserError(f"environment {name}: its observations hold no message; wrap it as semcom_envs does")
    messages = environment.get_wrapper_attr("messages") if environment.has_wrapper_attr("messages") else None
    if messages is not None and np.ptp(messages.prior) > 0.0:
        raise UserError(f"environment {name}: some messages are likelier than others; the study needs them uniform")
    return environment
