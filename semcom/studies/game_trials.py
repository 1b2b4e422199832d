"""Episodes of a game point."""

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import gymnasium

from semcom.errors import UserError
from semcom.games.decision_process import of_environment
from semcom.games.episode import Episode, with_feedback
from semcom.games.game import Game
from semcom.games.policies import Player
from semcom.games.replay import without_feedback
from semcom.games.rules import Rules
from semcom_channels import Streams

if TYPE_CHECKING:
    import numpy as np

    from semcom.studies.game_point import GamePoint


def play(point: "GamePoint", streams: Streams) -> Iterator[Episode]:
    """A chunk of episodes."""
    game = game_of(point)
    seeds, draws, noise = (streams.rng(purpose) for purpose in ("source", "action", "noise"))
    steps = min(point.steps or point.rules.most_steps, point.rules.most_steps)
    for seed in seeds.integers(2**31, size=point.episodes).tolist():
        if point.listener.feedback:
            yield with_feedback(game, seed, draws, noise, steps)
        else:
            yield without_feedback(game, seed, int(draws.integers(2**62)), noise, steps)


def game_of(point: "GamePoint") -> Game:
    """The game, ready to be played; raises UserError for what cannot be."""
    environment, player, passages = _prepared(point.rules)
    rate = math.inf if point.rate_bits is None else point.rate_bits
    rules = point.rules
    return Game(environment, player, passages, point.coder, point.listener.link, rate, rules.discount, rules.block_bits)


@lru_cache(maxsize=8)
def _prepared(rules: Rules) -> "tuple[Any, Player, np.ndarray | None]":
    environment = _made(rules)
    known = getattr(environment.unwrapped, "P", None) is not None
    passages = of_environment(environment).transitions if known else None
    return environment, rules.policy.player(environment), passages


def _made(rules: Rules) -> Any:
    make: Callable[..., Any] = gymnasium.make  # whose own arguments are not these
    try:
        environment = make(rules.environment, **rules.arguments)
    except (gymnasium.error.Error, ImportError, TypeError, ValueError) as error:
        raise UserError(f"environment {rules.environment}: {str(error).splitlines()[0]}") from None
    space = environment.observation_space
    if not isinstance(space, gymnasium.spaces.Dict) or set(space) != {"observation", "message"}:
        raise UserError(
            f"environment {rules.environment}: its observations hold no message; wrap it as semcom_envs does"
        )
    return environment
