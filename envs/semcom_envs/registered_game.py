"""What registered coding games share."""

import importlib.util
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gymnasium
import numpy as np
from gymnasium.wrappers import TimeLimit

from semcom.errors import UserError

from .markov_coding import MarkovCodingWrapper
from .messages import shown

if TYPE_CHECKING:
    from gymnasium.envs.registration import EnvSpec

PICTURES = "rgb_array"
WITHOUT_PYGAME = ("ansi",)


class RegisteredGame(MarkovCodingWrapper):
    """A coding game that its own entry point makes, wrapper and all."""

    @property
    def spec(self) -> "EnvSpec | None":  # type: ignore[override]  # a property in Gymnasium's wrappers too
        """The environment's; it does not name this wrapper, which making it brings along."""
        return self.env.spec


def limited(env: gymnasium.Env[Any, Any], horizon: int) -> gymnasium.Env[Any, Any]:
    """An environment of our own that truncates after so many steps."""
    return TimeLimit(env, whole(horizon))


def borrowed(
    name: str, horizon: int, render_mode: str | None, options: Mapping[str, Any] | None = None
) -> gymnasium.Env[Any, Any]:
    """An environment of Gymnasium that truncates after so many steps, with the render modes that work here."""
    env: gymnasium.Env[Any, Any] = gymnasium.make(
        name, max_episode_steps=whole(horizon), disable_env_checker=True, render_mode=render_mode, **(options or {})
    )
    drawn = {PICTURES} if importlib.util.find_spec("pygame") else set()
    modes = [mode for mode in env.metadata["render_modes"] if mode in drawn.union(WITHOUT_PYGAME)]
    env.metadata = {**env.metadata, "render_modes": modes}
    return env


def whole(horizon: int) -> int:
    """A horizon, checked."""
    if isinstance(horizon, bool) or not isinstance(horizon, int | np.integer) or horizon < 1:
        raise UserError(f"horizon is {shown(horizon)}; expected a whole number of steps, at least 1")
    return int(horizon)
