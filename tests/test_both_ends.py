"""The two ends of a game, on whatever processors, hold the same numbers."""

import math
import subprocess
import sys

import numpy as np
from numpy._core import _multiarray_umath as cpu
from scipy.special import log_softmax, logsumexp, softmax

from command import environment
from semcom.coupling.elementary import exp
from semcom.games.reinforce.law import ACTION, laws_of
from semcom.games.softmax import soft_maximum
from semcom.games.softmax import softmax as own_softmax

PRINTS_MASSES = """
import numpy as np
from numpy._core import _multiarray_umath as cpu
from semcom.action_links import ModulatedLink
from semcom.coupling import mecb, rescaled
from semcom.games.belief import Belief
from semcom.games.decision_process import of_environment
from semcom.games.environment import Setting
from semcom.games.law_sender import LawSender
from semcom.games.network_player import NetworkPlayer
from semcom.games.reinforce.law import laws_of
from semcom.games.soft_q_network import shapes
from semcom.games.soft_values import backwards, stationary
from semcom.games.tabular_player import TabularPlayer
print([name for name in cpu.__cpu_dispatch__ if cpu.__cpu_features__[name]])
rng = np.random.default_rng(5)
made = Setting(environment="semcom_envs:CodeCart-v0", arguments={}).made()
player = NetworkPlayer(made, [rng.normal(size=one).astype(np.float32) for one in shapes(made, (64, 64))], -0.3)
print([player.law(0, rng.normal(size=4).astype(np.float32)).tolist() for _ in range(200)])
process = of_environment(Setting(environment="semcom_envs:CodeFrozenLake-v0", arguments={}).made())
for policy in (stationary(process, -4.3, 0.97)[None], backwards(process, -4.3, 0.97, 20)):
    player = TabularPlayer(policy)
    print([[player.law(step, state).tolist() for state in range(len(process.rewards))] for step in range(len(policy))])
sender = LawSender(laws_of(rng.normal(size=(4, 3, 5, 32)).astype(np.float32)))
belief = Belief.of_laws([np.full(32, 1 / 32)])
for step in range(4):
    belief = belief.after(0, sender.chain(belief.blocks[0], step, 1), rng.random(5))
    chain = mecb(belief.blocks[0], rescaled(rng.random(7)), 1.2)
    belief = belief.after(0, chain, rng.random(7))
    print(belief.blocks[0].tolist())
fading = [ModulatedLink(channel="rayleigh", snr_db=21.0), ModulatedLink(channel="rayleigh", decision="soft")]
for link in (ModulatedLink(modulation="16qam", snr_db=8.0), *fading):
    print(link.transition_matrix(6).tolist(), link.likelihoods(rng.integers(6, size=50), 6, rng).tolist())
"""


def test_two_processes_compute_the_same_masses_whatever_libraries_make_of_the_processor() -> None:
    """Once with the vector instructions that it has and once without most of them."""
    plain = {"NPY_DISABLE_CPU_FEATURES": " ".join(cpu.__cpu_dispatch__), "OPENBLAS_CORETYPE": "Prescott"}
    said = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PRINTS_MASSES],
            env={**environment(), **more},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for more in ({}, plain)
    ]
    assert said[1][0] == "[]"
    assert [line.count("[") for line in said[0][1:]] == [201, 18, 341, 1, 1, 1, 1, 58, 58, 58]
    assert said[0][1:] == said[1][1:]


def test_the_exponential_is_that_of_the_library() -> None:
    values = np.array([*np.linspace(-700.0, 700.0, 5001), -1e-9, -math.log(2.0) / 2.0])
    np.testing.assert_allclose(exp(values), np.exp(values), rtol=1e-15)
    assert exp(np.array([-800.0, -np.inf])).tolist() == [0.0, 0.0]


def test_softmax_and_its_integral_are_those_of_the_library(rng: np.random.Generator) -> None:
    logits = rng.normal(scale=100.0, size=(50, 7))
    np.testing.assert_allclose(own_softmax(logits), softmax(logits, axis=1), rtol=1e-14)
    np.testing.assert_allclose(soft_maximum(logits), logsumexp(logits, axis=1), rtol=1e-14)
    assert own_softmax(np.array([3.0, 3.0, -2000.0])).tolist() == [0.5, 0.5, 0.0]


def test_learnt_laws_sum_to_one_over_actions(rng: np.random.Generator) -> None:
    logits = rng.normal(size=(2, 3, 4, 5)).astype(np.float32)
    laws = laws_of(logits)
    assert laws.shape == logits.shape
    np.testing.assert_allclose(laws, np.exp(log_softmax(logits.astype(np.float64), axis=ACTION)), rtol=1e-14)
