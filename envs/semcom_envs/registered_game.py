"""What registered coding games share."""

from typing import TYPE_CHECKING

from .markov_coding import MarkovCodingWrapper

if TYPE_CHECKING:
    from gymnasium.envs.registration import EnvSpec


class RegisteredGame(MarkovCodingWrapper):
    """A coding game that its own entry point makes, wrapper and all."""

    @property
    def spec(self) -> "EnvSpec | None":  # type: ignore[override]  # a property in Gymnasium's wrappers too
        """The environment's; it does not name this wrapper, which making it brings along."""
        return self.env.spec
