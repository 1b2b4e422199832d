"""The receiver without feedback: its belief is the posterior of all messages, each replayed alone."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from near import assert_rate
from semcom.action_links import ActionLink, FlipLink, ModulatedLink
from semcom.coupling import TOTAL
from semcom.errors import UserError
from semcom.games import replay
from semcom.games.coders import MecBottleneck
from semcom.games.episode import acted
from semcom.games.game import Game
from semcom.games.replay import without_feedback
from semcom.games.rules import Rules

SHARED = 11


class Overheard:
    """A link that keeps what arrives."""

    def __init__(self, link: ActionLink) -> None:
        self.link = link
        self.heard: list[np.ndarray] = []

    def likelihoods(self, actions: Any, count: int, rng: np.random.Generator) -> np.ndarray:
        arrived = self.link.likelihoods(actions, count, rng)
        self.heard.append(arrived[0])
        return arrived


def noisy_game(link: ActionLink, rate: float = 0.9) -> Game:
    policy = {"kind": "max_ent", "log_beta": -3.0}
    rules = {"environment": "semcom_envs:CodeGridNoisy-v0", "arguments": {"messages": 12}, "policy": policy}
    return Rules.read(rules).game(MecBottleneck(), link, rate)


def evidence_of(message: int, game: Game, states: list[int], heard: list[np.ndarray]) -> float:
    """The likelihood of all that was seen, had this message been meant."""
    belief, likelihood = game.prior, 1.0
    for step, arrived in enumerate(heard):
        chain = game.sender.chain(belief.blocks[0], step, states[step])
        possible = np.flatnonzero(belief.blocks[0])
        drawn = chain.draw_many(possible, np.random.default_rng([SHARED, step]))
        action = int(drawn[possible == message][0])
        likelihood *= float((arrived * game.passage(states[step], states[step + 1]))[action])
        belief = belief.after(0, chain, np.eye(game.sender.actions)[action])
    return likelihood


@pytest.mark.parametrize("link", [FlipLink(flip_probability=0.3), ModulatedLink(snr_db=3.0, decision="soft")], ids=str)
def test_its_belief_is_the_posterior_of_messages_that_are_replayed_one_by_one(
    link: ActionLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    overheard = Overheard(link)
    game = replace(noisy_game(link), link=overheard)  # type: ignore[arg-type]  # it stands for one
    states: list[int] = []

    def followed(*step: Any) -> tuple[object, bool]:
        after, over = acted(*step)
        states.append(int(str(after)))
        return after, over

    monkeypatch.setattr(replay, "acted", followed)
    for seed in range(3):
        overheard.heard.clear()
        states[:] = [int(game.environment.reset(seed=seed)[0]["observation"])]
        episode = without_feedback(game, seed, SHARED, np.random.default_rng(seed), 12)
        assert len(states) == len(overheard.heard) + 1
        evidence = [evidence_of(message, game, states, overheard.heard) for message in range(12)]
        np.testing.assert_allclose(episode.belief.blocks[0] / TOTAL, np.divide(evidence, sum(evidence)), atol=1e-12)
        assert 0.0 < episode.belief.of(episode.message) < 1.0


def test_its_belief_is_calibrated() -> None:
    """The probability that the guess is right is the receiver's largest belief, on average."""
    game, right, stated = noisy_game(FlipLink(flip_probability=0.5)), 0, []
    for seed in range(120):
        episode = without_feedback(game, seed, seed, np.random.default_rng(seed), 3)
        right += episode.belief.guess() == episode.message
        stated.append(episode.belief.of(episode.belief.guess()))
    assert 0.2 < np.mean(stated) < 0.9
    assert_rate(right, 120, float(np.mean(stated)))


def test_a_message_of_many_blocks_is_refused() -> None:
    rules = {"environment": "semcom_envs:CodeCart-v0", "policy": {"kind": "soft_q", "training": {"seed": 2}}}
    game = Rules.read(rules).game(MecBottleneck(), FlipLink(), 1.0)
    with pytest.raises(UserError, match=r"replay follows every message; this one has too many. Take a Discrete"):
        without_feedback(game, 1, 1, np.random.default_rng(1), 5)
