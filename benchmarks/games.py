"""Steps a second of thousands of coding games in arrays against Gymnasium's own vector of single environments.

python benchmarks/games.py
"""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import gymnasium
import numpy as np
from measure import SEED, Peer, Row, Speed, fastest, per_second, show, side_by_side

GAMES, SMALLER = 4096, 64
STEPS = 32


def steps(env: Any, calls: int) -> Speed:
    """Steps of games a second under random actions, drawn before."""
    rng = np.random.default_rng(SEED)
    actions = [rng.integers(env.single_action_space.n, size=env.num_envs) for _ in range(STEPS)]
    turn = cycle(actions)
    env.reset(seed=SEED)

    def some() -> None:
        for _ in range(calls):
            env.step(next(turn))

    return per_second(calls * env.num_envs, some)


def peer() -> Speed:
    """FrozenLake, as many at once as goes fastest."""
    lakes = [gymnasium.make_vec("FrozenLake-v1", num_envs=games) for games in (SMALLER, GAMES)]
    return fastest([steps(lake, 1) for lake in lakes])


def rows() -> Iterator[Row]:
    """The bar of the vector environment."""
    name = "semcom_envs:CodeGrid-v0"
    env = gymnasium.make_vec(name, num_envs=GAMES, vectorization_mode="vector_entry_point")
    yield side_by_side(
        f"{GAMES} games of CodeGrid in one vector",
        "steps/s",
        steps(env, STEPS),
        Peer("Gymnasium's SyncVectorEnv of FrozenLake", peer()),
        10.0,
    )


if __name__ == "__main__":
    show(list(rows()))
