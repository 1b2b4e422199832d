"""A coding game as a PettingZoo game of two agents: the sender plays, then the receiver guesses."""

import copy
from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary
from pettingzoo import ParallelEnv

from semcom.action_links import ActionLink
from semcom.errors import UserError

from .messages import Messages, Numbers, shown

SENDER, RECEIVER = "sender_0", "receiver_0"
PLAY, GUESS = 0, 1

Step = tuple[dict[str, Any], dict[str, float], dict[str, bool], dict[str, bool], dict[str, Any]]


class ParallelCodingGame(ParallelEnv):  # type: ignore[misc]  # PettingZoo has no types
    """Both agents act at every step; the phase says when the receiver is heard.

    While phase is 0 the sender plays the game and the receiver waits. When the game ends, terminated or truncated,
    phase is 1: the receiver guesses, the sender's action does nothing, and the episode ends.

    ## Action Space
    `sender_0`: the game's. `receiver_0`: `Discrete(n + 1)`, a message or n, to wait. Its mask leaves waiting alone
    while phase is 0, where all actions are waiting, and all but waiting in phase 1, where waiting is a wrong guess.
    Where messages are bits, it is their `MultiBinary`: all guesses are legal, so that there is no mask, and those of
    phase 0 are not heard.

    ## Observation Space
    `sender_0`: `Dict(observation, message, phase)`. `receiver_0`: `Dict(observation, likelihood, phase)`, and
    `action_mask` where messages are numbers; `likelihood` ([action], zeros at first) is what it learns of the sender's
    last action: one-hot, but for a noisy `action_link`. Receivers that need more memory keep it themselves.

    ## Rewards
    The game's for both, and `message_reward` for both when the guess is right.

    ## Starting State
    The game's, phase 0.

    ## Episode End
    Both agents terminate with the guess.

    ## Version History
    * v0: first
    """

    metadata: dict[str, Any] = {  # noqa: RUF012 PettingZoo's attribute of the class
        "name": "coding_game_v0",
        "render_modes": [],
        "is_parallelizable": True,
    }

    def __init__(self, game: gymnasium.Env[Any, Any], message_reward: float = 1.0) -> None:
        self.game, self.message_reward, self.render_mode = game, float(message_reward), game.render_mode
        self.metadata = {**self.metadata, "render_modes": game.metadata["render_modes"]}
        messages = messages_in(game)
        if game.get_wrapper_attr("message_reward"):
            raise UserError("the game has a message_reward of its own; give it to ParallelCodingGame alone")
        self.possible_agents = [SENDER, RECEIVER]
        self.agents: list[str] = []
        actions, shown = game.action_space, game.observation_space
        assert isinstance(actions, Discrete)
        assert isinstance(shown, Dict)
        phase, heard = Discrete(2), Box(0.0, np.inf, (int(actions.n),), np.float64)
        learnt: dict[str, Any] = {"observation": shown["observation"], "likelihood": heard, "phase": phase}
        guesses = copy.deepcopy(messages.space)  # not the game's own: an agent seeds it
        self.count: int | None = None
        if isinstance(messages, Numbers):
            self.count = int(messages.space.n)
            guesses, learnt["action_mask"] = Discrete(self.count + 1), Box(0, 1, (self.count + 1,), np.int8)
        self.action_spaces = {SENDER: actions, RECEIVER: guesses}
        self.observation_spaces = {SENDER: Dict({**shown.spaces, "phase": phase}), RECEIVER: Dict(learnt)}

    def observation_space(self, agent: str) -> Any:
        """What an agent sees."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Any:
        """What an agent may do."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Starts an episode; `options` are the game's."""
        self._shown, info = self.game.reset(seed=seed, options=options)
        self._heard = np.zeros(int(self.action_spaces[SENDER].n))
        self._phase, self.agents = PLAY, [SENDER, RECEIVER]
        return self._observed(), {SENDER: info, RECEIVER: {}}

    def step(self, actions: dict[str, Any]) -> Step:
        """Plays, or ends the episode with the receiver's guess."""
        if not self.agents:
            return {}, {}, {}, {}, {}
        self._check(actions)
        if self._phase == GUESS:
            right = np.array_equal(actions[RECEIVER], self._shown["message"])
            self.agents = []
            return self._told(self.message_reward * right, True, {})
        self._shown, reward, terminated, truncated, info = self.game.step(actions[SENDER])
        self._heard = info["likelihood"].copy()
        self._phase = GUESS if terminated or truncated else PLAY
        return self._told(float(reward), False, info)

    def render(self) -> Any:
        """The game's picture."""
        return self.game.render()

    def close(self) -> None:
        """Closes the game."""
        self.game.close()

    def _check(self, actions: dict[str, Any]) -> None:
        if set(actions) != {SENDER, RECEIVER}:
            raise UserError(f"actions are of {', '.join(sorted(actions))}; expected those of {RECEIVER}, {SENDER}")
        for agent, action in actions.items():
            space = self.action_spaces[agent]
            if not space.contains(action):
                raise UserError(f"action of {agent} is {shown(action)}; expected one of {space}")

    def _told(self, reward: float, ends: bool, info: dict[str, Any]) -> Step:
        both = (SENDER, RECEIVER)
        rewards, ended, cut = dict.fromkeys(both, reward), dict.fromkeys(both, ends), dict.fromkeys(both, False)
        return self._observed(), rewards, ended, cut, {SENDER: info, RECEIVER: {}}

    def _observed(self) -> dict[str, Any]:
        shown, phase = copy.deepcopy(self._shown), np.int64(self._phase)
        seen = {"observation": copy.deepcopy(shown["observation"]), "likelihood": self._heard.copy(), "phase": phase}
        if self.count is not None:
            seen["action_mask"] = self._mask(self.count)
        return {SENDER: {**shown, "phase": phase}, RECEIVER: seen}

    def _mask(self, waiting: int) -> npt.NDArray[np.int8]:
        mask = np.full(waiting + 1, self._phase == GUESS, dtype=np.int8)
        mask[waiting] = self._phase == PLAY
        return mask


def messages_in(game: gymnasium.Env[Any, Any]) -> Messages:
    """The messages of a coding game; a game without any is refused."""
    try:
        messages: Messages = game.get_wrapper_attr("messages")
    except AttributeError:
        raise UserError(f"{game} is no coding game; wrap it in MarkovCodingWrapper") from None
    return messages


def parallel_env(
    game: str = "CodeGrid-v0",
    *,
    messages: int | Discrete | MultiBinary | None = None,
    horizon: int | None = None,
    prior: npt.ArrayLike | None = None,
    action_link: ActionLink | None = None,
    message_reward: float = 1.0,
    render_mode: str | None = None,
) -> ParallelCodingGame:
    """A registered coding game for two agents; what is None stays as the game has it."""
    asked: dict[str, Any] = {"messages": messages, "horizon": horizon, "prior": prior}
    asked |= {"action_link": action_link, "render_mode": render_mode}
    given = {name: value for name, value in asked.items() if value is not None}
    single: gymnasium.Env[Any, Any] = gymnasium.make(f"semcom_envs:{game}", **given)
    return ParallelCodingGame(single, message_reward)
