"""Thousands of coding games over one table of transition probabilities, as NumPy arrays."""

from typing import Any, ClassVar, NamedTuple

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium.spaces import Dict, Discrete
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from semcom.errors import UserError

from . import code_frozen_lake, code_grid, code_grid_noisy
from .grid import Grid, Model
from .messages import Numbers, messages_of
from .registered_game import whole

Integers = npt.NDArray[np.int64]  # [game]
Batch = dict[str, Integers]


class Table(NamedTuple):
    """What may follow: [state * actions + action, outcome]."""

    cumulative: npt.NDArray[np.float64]
    after: Integers
    reward: npt.NDArray[np.float64]
    terminated: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, model: Model) -> "Table":
        """The table of toy-text probabilities; rows with fewer outcomes end in some of probability 0."""
        rows = [model[state][action] for state in range(len(model)) for action in range(len(model[0]))]
        width = max(map(len, rows))
        padded = [[*row, *[(0.0, *row[-1][1:])] * (width - len(row))] for row in rows]
        probability, after, reward, terminated = (
            np.array([[outcome[part] for outcome in row] for row in padded]) for part in range(4)
        )
        return cls(cumulated(probability), after.astype(np.int64), reward.astype(float), terminated.astype(bool))


def cumulated(probability: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Cumulative probabilities along the last axis that end at exactly 1, whatever was rounded."""
    total = np.cumsum(probability, axis=-1)
    return np.asarray(np.where(total >= total[..., -1:], 1.0, total))


class TabularVector(VectorEnv[Batch, Integers, npt.NDArray[Any]]):
    """Games of one law, side by side; the law of each is that of the single environment.

    Observations are `{"observation": [game], "message": [game]}` in int64. A game that has ended starts anew with the
    next step (`AutoresetMode.NEXT_STEP`): its action is ignored and its reward is 0. `reset(options={"message": k})`
    takes one message for all games or one for each. There is no receiver: the belief stays the prior and is not in the
    infos, which have `action` and `transition` ([game, (before, after)]) with Gymnasium's masks `_action` and
    `_transition`.
    """

    metadata: ClassVar[dict[str, Any]] = {"autoreset_mode": AutoresetMode.NEXT_STEP, "render_modes": []}  # type: ignore[misc]

    def __init__(
        self,
        game: gymnasium.Env[Any, Any],
        num_envs: int,
        messages: int | Discrete,
        horizon: int,
        prior: npt.ArrayLike | None = None,
    ) -> None:
        """`game` has a table `P` and `initial_state_distrib`, as Gymnasium's toy-text environments do."""
        if isinstance(num_envs, bool) or not isinstance(num_envs, int | np.integer) or num_envs < 1:
            raise UserError(f"num_envs is {num_envs!r}; expected a whole number of games, at least 1")
        known = messages_of(messages, prior)
        if not isinstance(known, Numbers):
            raise UserError(f"messages is {messages}; a vector of games needs a Discrete or their number")
        self.num_envs, self.horizon = int(num_envs), whole(horizon)
        self.messages = known
        self._state: Integers | None = None
        self.single_action_space = game.action_space
        self.single_observation_space = Dict({"observation": game.observation_space, "message": self.messages.space})
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        law: Any = game.unwrapped
        self.table = Table.of(law.P)
        self._actions = len(law.P[0])
        self._starts, self._priors = cumulated(law.initial_state_distrib), cumulated(self.messages.prior)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Batch, dict[str, Any]]:
        """Starts all games."""
        super().reset(seed=seed)
        self._state, self._message = self._drawn(self._starts), self._drawn(self._priors)
        if "message" in (options or {}):
            self._message = self._asked((options or {})["message"])
        self._steps = np.zeros(self.num_envs, dtype=np.int64)
        self._ended = np.zeros(self.num_envs, dtype=bool)
        return self._observed(), {}

    def step(
        self, actions: Integers
    ) -> tuple[Batch, npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any], dict[str, Any]]:
        """Plays one action in each game."""
        if self._state is None:
            raise UserError("step comes before reset; reset the games first")
        chosen = self._checked(actions)
        before, anew = self._state, np.flatnonzero(self._ended)
        row, outcome = before * self._actions + chosen, self._outcomes(before * self._actions + chosen)
        self._state = self.table.after[row, outcome]
        reward, terminated = self.table.reward[row, outcome], self.table.terminated[row, outcome]
        self._steps += 1
        if anew.size:
            self._state[anew] = self._drawn(self._starts, anew.size)
            self._message[anew] = self._drawn(self._priors, anew.size)
            self._steps[anew], reward[anew], terminated[anew] = 0, 0.0, False
        truncated = self._steps >= self.horizon
        played = ~self._ended
        self._ended = terminated | truncated
        transition = np.stack((before, self._state), axis=1)
        infos = {"action": chosen, "_action": played, "transition": transition, "_transition": played.copy()}
        return self._observed(), reward, terminated, truncated, infos

    def _outcomes(self, row: Integers) -> Any:
        if self.table.after.shape[1] == 1:
            return 0
        drawn = self.np_random.random(self.num_envs)[:, None]
        return (self.table.cumulative[row] <= drawn).sum(axis=1)

    def _drawn(self, cumulative: npt.NDArray[np.float64], count: int | None = None) -> Integers:
        chances = self.np_random.random(self.num_envs if count is None else count)
        return np.searchsorted(cumulative, chances, side="right").astype(np.int64)

    def _observed(self) -> Batch:
        assert self._state is not None
        return {"observation": self._state.copy(), "message": self._message.copy()}

    def _asked(self, message: Any) -> Integers:
        given = np.array([self.messages.given(one) for one in np.atleast_1d(message)])
        if given.size not in (1, self.num_envs):
            raise UserError(f"{given.size} messages are given; expected one, or one for each of {self.num_envs} games")
        return np.broadcast_to(given, (self.num_envs,)).copy()

    def _checked(self, actions: Integers) -> Integers:
        given = np.asarray(actions)
        if given.shape != (self.num_envs,) or given.dtype.kind not in "iu":
            raise UserError(f"actions are {given.dtype} {given.shape}; expected integers ({self.num_envs},)")
        if given.min() < 0 or given.max() >= self._actions:
            wrong = int(np.flatnonzero((given < 0) | (given >= self._actions))[0])
            raise UserError(f"action {given[wrong]} of game {wrong} is not one of 0 to {self._actions - 1}")
        return given.astype(np.int64)


class CodeGridVector(TabularVector):
    """`CodeGrid` as a vector environment.

    `gymnasium.make_vec("semcom_envs:CodeGrid-v0", num_envs=4096, vectorization_mode="vector_entry_point")`
    """

    def __init__(
        self,
        num_envs: int = 1,
        messages: int | Discrete = 32,
        *,
        horizon: int = 8,
        prior: npt.ArrayLike | None = None,
    ) -> None:
        super().__init__(Grid(code_grid.CELLS), num_envs, messages, horizon, prior)


class CodeGridNoisyVector(TabularVector):
    """`CodeGridNoisy` as a vector environment."""

    def __init__(
        self,
        num_envs: int = 1,
        messages: int | Discrete = 512,
        *,
        horizon: int = 100,
        prior: npt.ArrayLike | None = None,
    ) -> None:
        super().__init__(Grid(code_grid_noisy.CELLS, noise=code_grid_noisy.NOISE), num_envs, messages, horizon, prior)


class CodeFrozenLakeVector(TabularVector):
    """`CodeFrozenLake` as a vector environment."""

    def __init__(
        self,
        num_envs: int = 1,
        messages: int | Discrete = 32,
        *,
        horizon: int = 100,
        map_name: str = "4x4",
        is_slippery: bool = True,
        prior: npt.ArrayLike | None = None,
    ) -> None:
        lake = gymnasium.make("FrozenLake-v1", map_name=code_frozen_lake.known(map_name), is_slippery=is_slippery)
        super().__init__(lake, num_envs, messages, horizon, prior)


class CodeCliffVector(TabularVector):
    """`CodeCliff` as a vector environment."""

    def __init__(
        self,
        num_envs: int = 1,
        messages: int | Discrete = 32,
        *,
        horizon: int = 100,
        is_slippery: bool = False,
        prior: npt.ArrayLike | None = None,
    ) -> None:
        super().__init__(gymnasium.make("CliffWalking-v1", is_slippery=is_slippery), num_envs, messages, horizon, prior)


class CodeTaxiVector(TabularVector):
    """`CodeTaxi` as a vector environment."""

    def __init__(
        self,
        num_envs: int = 1,
        messages: int | Discrete = 32,
        *,
        horizon: int = 200,
        is_rainy: bool = False,
        prior: npt.ArrayLike | None = None,
    ) -> None:
        super().__init__(gymnasium.make("Taxi-v4", is_rainy=is_rainy), num_envs, messages, horizon, prior)
