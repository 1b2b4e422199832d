"""Metrics of an episode, by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from semcom.action_links import NoiselessLink
from semcom.coupling import TOTAL
from semcom.games.belief import Belief
from semcom.games.coders import MecBottleneck
from semcom.games.episode import Episode
from semcom.games.metrics import GAME_METRICS
from semcom.games.rules import Rules

ONE_OF_16 = Rules.read({"environment": "semcom_envs:CodeGridNoisy-v0", "arguments": {"messages": 16}})


def test_each_metric_is_what_it_says_of_an_episode_of_three_steps() -> None:
    """Gamma is 1/2 and R 0.6 bit; of 16 messages the second is believed with 3/4, and the first with the rest."""
    game = replace(ONE_OF_16.game(MecBottleneck(), NoiselessLink(), 0.6), discount=0.5)
    believed = np.zeros(16, np.int64)
    believed[:2] = TOTAL // 4, 3 * TOTAL // 4
    doubt = 2.0 - 0.75 * np.log2(3.0)
    played = Episode((1,), Belief([believed]), [0.0, 2.0, 4.0], [0.5, 0.25, 0.75], [1.0, 0.2, 2.0], [0, 1, 0])
    expected = {
        "message_accuracy": 1.0,
        "reward": 6.0,
        "discounted_reward": 2.0,
        "true_belief": 0.75,
        "bits_learnt": 4.0 - doubt,
        "converse_bits": 1.4,
        "used_rate": 0.5,
        "steps": 3.0,
    }
    metrics: dict[str, Any] = {name: kind.read({"kind": name}) for name, kind in GAME_METRICS.kinds.items()}
    assert {name: one.value(played, game) for name, one in metrics.items()} == pytest.approx(expected, rel=1e-12)
    other = replace(played, message=(0,))
    assert metrics["message_accuracy"].value(other, game) == 0.0
    assert metrics["true_belief"].value(other, game) == 0.25
