"""Episodes of a game point."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from semcom.games.episode import Episode, with_feedback
from semcom.games.game import Game
from semcom.games.replay import without_feedback
from semcom_channels import Streams

if TYPE_CHECKING:
    from semcom.studies.game_point import GamePoint


def play(point: "GamePoint", streams: Streams) -> Iterator[Episode]:
    """A chunk of episodes."""
    game = game_of(point)
    seeds, draws, noise = (streams.rng(purpose) for purpose in ("source", "action", "noise"))
    steps = point.steps or point.rules.most_steps
    for seed in seeds.integers(2**31, size=point.episodes).tolist():
        if point.listener.feedback:
            yield with_feedback(game, seed, draws, noise, steps)
        else:
            yield without_feedback(game, seed, int(draws.integers(2**62)), noise, steps)


def game_of(point: "GamePoint") -> Game:
    """The game, ready to be played; raises UserError for what cannot be."""
    rate_bits = math.inf if point.rate_bits is None else point.rate_bits
    return point.rules.game(point.coder, point.listener.link, rate_bits)
