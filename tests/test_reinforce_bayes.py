"""The sender that learns by policy gradient: its gradients, what it learns where the best is known, and its chain."""

import itertools
import math
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest

from near import assert_rate
from semcom.coupling import TOTAL, to_masses
from semcom.errors import UserError
from semcom.games.coders.reinforce_bayes import ReinforceBayes
from semcom.games.decision_process import DecisionProcess, of_environment, of_table
from semcom.games.environment import Setting
from semcom.games.law_sender import LawSender, by_law
from semcom.games.reinforce.law import entropy_gradient, laws_of, likelihood_gradient, log_laws_of
from semcom.games.reinforce.played import Played, World, play
from semcom.games.reinforce.training import to_come, train
from semcom.games.soft_values import backwards
from semcom.learning.weight_files import LOCAL, file_name
from semcom.learning.weights import save
from semcom.studies.game import GameStudy
from semcom.studies.game_point import GamePoint
from semcom.studies.game_trials import game_of
from semcom.studies.game_trials import play as episodes
from semcom_channels import Streams

TWO_WAYS = {0: {0: [(1.0, 0, 1.0, True)], 1: [(1.0, 0, 0.0, True)]}}
"""One state; the first action pays 1."""
CHANCY = {
    0: {0: [(0.7, 0, 0.2, False), (0.3, 1, 0.0, False)], 1: [(0.5, 1, 1.0, False), (0.5, 1, 0.0, True)]},
    1: {0: [(1.0, 0, 0.5, False)], 1: [(0.4, 1, -1.0, True), (0.6, 0, 0.3, False)]},
}
"""Two states, two actions, and chance in all that happens."""
EVEN, UNEVEN = np.array([0.5, 0.5]), np.array([0.4, 0.3, 0.2, 0.1])
GRID = {"environment": "semcom_envs:CodeGrid-v0", "arguments": {"messages": 8}}


def coder(horizon: int = 8, **training: Any) -> ReinforceBayes:
    return ReinforceBayes.read({"kind": "reinforce_bayes", "horizon": horizon, "training": training})


def learnt(one: ReinforceBayes, process: DecisionProcess, starts: np.ndarray, messages: int) -> np.ndarray:
    *_, last = train(one, process, starts, np.full(messages, 1.0 / messages))
    return last.weights[0]


def grid(messages: int = 1) -> tuple[DecisionProcess, np.ndarray]:
    environment = Setting.read({**GRID, "arguments": {"messages": messages}}).made()
    return of_environment(environment), environment.unwrapped.initial_state_distrib


def by_differences(value: Any, logits: np.ndarray, width: float = 1e-5) -> np.ndarray:
    """The gradient of a function of logits, by central differences."""
    found = np.empty_like(logits)
    for place in np.ndindex(logits.shape):
        aside = np.zeros_like(logits)
        aside[place] = width
        found[place] = (value(logits + aside) - value(logits - aside)) / (2.0 * width)
    return found


def some_games(rng: np.random.Generator) -> tuple[np.ndarray, Played]:
    logits = rng.normal(size=(3, 2, 2, 4))
    return logits, play(World(of_table(CHANCY), np.array([0.5, 0.5])), log_laws_of(logits), UNEVEN, 50, rng)


def test_the_gradient_of_the_likelihood_is_that_of_finite_differences(rng: np.random.Generator) -> None:
    logits, played = some_games(rng)
    worth = rng.normal(size=played.rewards.shape)

    def value(at: np.ndarray) -> float:
        log_laws, steps = log_laws_of(at), np.arange(3)[:, None]
        said = log_laws[steps, played.states, played.actions, played.messages]
        return float((worth * said * played.playing).sum() / played.messages.size)

    found = likelihood_gradient(laws_of(logits), played, worth)
    np.testing.assert_allclose(found, by_differences(value, logits), atol=1e-8)


def test_the_gradient_of_the_entropy_is_that_of_finite_differences(rng: np.random.Generator) -> None:
    logits, played = some_games(rng)

    def value(at: np.ndarray) -> float:
        log_laws, steps = log_laws_of(at), np.arange(3)[:, None]
        of_each = -(np.exp(log_laws) * log_laws).sum(axis=2)[steps, played.states, played.messages]
        return float((of_each * played.playing).sum() / played.messages.size)

    found = entropy_gradient(laws_of(logits), log_laws_of(logits), played)
    np.testing.assert_allclose(found, by_differences(value, logits), atol=1e-8)


def test_the_belief_of_the_simulation_is_that_of_bayes(rng: np.random.Generator) -> None:
    """Message by message, from the products of the law's probabilities and the prior."""
    logits, played = some_games(rng)
    laws = laws_of(logits)
    for game, message in enumerate(played.messages):
        on = np.flatnonzero(played.playing[:, game])
        likelihoods = laws[on, played.states[on, game], played.actions[on, game]].prod(axis=0) * UNEVEN
        assert played.log_beliefs[-1, game] == pytest.approx(
            math.log(likelihoods[message] / likelihoods.sum()), abs=1e-5
        )
    np.testing.assert_allclose(played.log_beliefs[0], np.log(UNEVEN)[played.messages])


def test_messages_of_the_simulation_come_by_their_prior(rng: np.random.Generator) -> None:
    world, log_laws = World(of_table(CHANCY), EVEN), log_laws_of(np.zeros((1, 2, 2, 4)))
    for prior in (UNEVEN, np.full(4, 0.25), np.array([0.0, 0.5, 0.0, 0.5])):
        counts = np.bincount(play(world, log_laws, prior, 4000, rng).messages, minlength=4)
        for count, share in zip(counts.tolist(), prior.tolist(), strict=True):
            assert_rate(count, 4000, share)


def value_of(logits: np.ndarray, worth: float, discount: float) -> float:
    """E[return] + worth x I(message; game) of CHANCY, by the sum over all that can happen in two steps from state 0."""
    laws, process = laws_of(logits), of_table(CHANCY)
    messages = logits.shape[-1]
    won, seen = 0.0, []
    for first, after, second in itertools.product(range(2), range(2), range(2)):
        reached = laws[0, 0, first] / messages * process.going_on[0, first, after]
        seen.append(reached * laws[1, after, second])
        won += discount * float(seen[-1].sum()) * process.rewards[after, second]
    for first in range(2):
        once = laws[0, 0, first] / messages
        won += float(once.sum()) * process.rewards[0, first]
        seen.append(once * (1.0 - process.going_on[0, first].sum()))
    joint = np.array(seen)
    alone = joint.sum(axis=1, keepdims=True)
    ratio = np.where(joint > 0.0, joint * messages / np.where(alone > 0.0, alone, 1.0), 1.0)
    return won + worth * float((joint * np.log2(ratio)).sum())


def test_the_policy_gradient_is_that_of_return_and_information_on_average(rng: np.random.Generator) -> None:
    """Within six standard errors over 40 batches of 5,000 games: nothing of the posterior's own gradient is missing."""
    logits, world = rng.normal(size=(2, 2, 2, 2)), World(of_table(CHANCY), np.array([1.0, 0.0]))
    expected = by_differences(lambda at: value_of(at, 0.7, 0.9), logits)
    found = []
    for _ in range(40):
        played = play(world, log_laws_of(logits), EVEN, 5_000, rng)
        found.append(likelihood_gradient(laws_of(logits), played, to_come(played, 0.9, 0.7)))
    error = np.std(found, axis=0, ddof=1) / math.sqrt(len(found))
    assert np.all(np.abs(np.mean(found, axis=0) - expected) <= 6.0 * error + 1e-9)


def test_without_a_message_it_wins_what_value_iteration_wins() -> None:
    """Six steps to the goal of the grid at a discount of 0.9: 0.9^5, as soft values say without temperature."""
    process, starts = grid()
    one = coder(bit_worth=0.0, entropy_worth=0.0, steps=400, batch=256).model_copy(update={"discount": 0.9})
    laws = laws_of(learnt(one, process, starts, 1))[..., 0]
    best = backwards(process, -9.0, 0.9, 8)
    returns = [expected_return(process, starts, each, 0.9) for each in (laws, best)]
    assert returns[1] == pytest.approx(0.9**5, abs=1e-6)
    assert returns[0] == pytest.approx(returns[1], rel=0.01)


def expected_return(process: DecisionProcess, starts: np.ndarray, law: np.ndarray, discount: float) -> float:
    here, total = starts, 0.0
    for step, choice in enumerate(law):
        total += discount**step * float(np.einsum("s,sa,sa", here, choice, process.rewards))
        here = np.einsum("s,sa,sat->t", here, choice, process.going_on)
    return total


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("pays", [0.0, 1.0])
def test_two_messages_find_two_actions(pays: float, seed: int) -> None:
    """The one-to-one code, also where one action pays but a bit counts for more.

    There the law needs its entropy at first: both messages would hurry to what pays, where nothing tells them apart.
    """
    table = {0: {0: [(1.0, 0, pays, True)], 1: [(1.0, 0, 0.0, True)]}}
    one = coder(horizon=1, bit_worth=2.0, entropy_worth=2.0 * pays, steps=300, batch=128, seed=seed)
    law = laws_of(learnt(one, of_table(table), np.ones(1), 2))[0, 0]
    assert sorted(law.argmax(axis=0)) == [0, 1]
    assert law.max(axis=0).min() > 0.97


def test_a_bit_that_counts_little_is_not_worth_the_return() -> None:
    one = coder(horizon=1, bit_worth=0.1, steps=300, batch=128)
    law = laws_of(learnt(one, of_table(TWO_WAYS), np.ones(1), 2))[0, 0]
    assert law[0].min() > 0.98


def test_the_same_seed_learns_the_same_and_another_one_something_else() -> None:
    process, starts = grid(4)
    runs = [learnt(coder(steps=5, batch=64, seed=seed), process, starts, 4) for seed in (1, 1, 2)]
    assert np.array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])


def test_reports_come_in_order_and_keep_what_they_said() -> None:
    process, starts = grid(2)
    lessons = list(train(coder(steps=120, batch=16), process, starts, EVEN))
    assert [lesson.step for lesson in lessons] == [50, 100, 120]
    assert not np.array_equal(lessons[0].weights[0], lessons[2].weights[0])


def test_the_chain_of_a_law_keeps_the_belief_and_is_the_law(rng: np.random.Generator) -> None:
    belief = to_masses(rng.dirichlet(np.full(40, 0.3)))
    law = rng.dirichlet(np.full(5, 0.3), size=40).T
    chain = LawSender(law[None, None]).chain(belief, 3, 0)
    np.testing.assert_array_equal(np.bincount(chain.encoder.rows, chain.encoder.masses, 40), belief)
    np.testing.assert_allclose(chain.joint(), (law * belief / TOTAL).T, atol=8.0 / TOTAL)
    assert chain.rate_bits == pytest.approx(chain.decoder.column_entropy_bits)


def test_what_a_law_never_does_is_never_drawn(rng: np.random.Generator) -> None:
    chain = by_law(to_masses([0.5, 0.5, 0.0]), np.array([[0.0, 0.0, 1.0], [1.0, 0.25, 0.0], [0.0, 0.75, 0.0]]))
    assert set(chain.draw_many(np.zeros(100, int), rng)) == {1}
    assert set(chain.draw_many(np.ones(100, int), rng)) == {1, 2}
    np.testing.assert_allclose(chain.posterior(1) / TOTAL, [0.8, 0.2, 0.0])


def point(one: ReinforceBayes, **changes: Any) -> GamePoint:
    study = {"games": {"grid": GRID}, "coders": {"it": one.plain()}, "metrics": ["message_accuracy"], **changes}
    (found,) = GameStudy.read(study).points({"steps": (8.0,)})
    assert isinstance(found.task, GamePoint)
    return found.task


@pytest.mark.parametrize("feedback", [True, False])
def test_a_study_plays_what_was_learnt(feedback: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight messages, nearly always understood, also over a link that erases actions now and then."""
    monkeypatch.chdir(tmp_path)
    link = {"kind": "erasure", "erasure_probability": 0.05}
    task = point(coder(bit_worth=0.2, steps=300, batch=256), listeners={"one": {"link": link, "feedback": feedback}})
    (pupil,) = task.pupils()
    *_, last = pupil.learn()
    save(last.weights, LOCAL / file_name(pupil))
    assert task.files()["coder"] == (LOCAL / file_name(pupil),)
    game = game_of(task)
    played = list(episodes(task, Streams(1, 0, 0, task.stream_keys())))
    assert sum(episode.belief.guess() == episode.message for episode in played) >= 0.9 * len(played)
    assert np.mean([sum(episode.rewards) for episode in played]) > 0.8
    assert game.sender.actions == 4


def test_what_was_not_learnt_is_named_with_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=r"reinforce_bayes has no weights reinforce_bayes-.*semcom train SCENARIO"):
        point(coder(steps=7)).check()


class CodeLost(gymnasium.Env[Any, Any]):
    """It has no table."""

    action_space = gymnasium.spaces.Discrete(2)
    observation_space = gymnasium.spaces.Dict(
        {"observation": gymnasium.spaces.Discrete(1), "message": gymnasium.spaces.Discrete(2)}
    )


class CodeAnywhere(CodeLost):
    """It has a table, and begins nobody knows where."""

    P = TWO_WAYS


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("semcom_envs:CodeCart-v0", "reinforce_bayes learns a table; the observation is Box"),
        ("CodeLost-v0", "has no table P"),
        ("CodeAnywhere-v0", "has no initial_state_distrib"),
    ],
)
def test_an_environment_that_cannot_be_learnt_in_is_refused(name: str, said: str) -> None:
    if name != "CodeCart-v0":
        gymnasium.register(
            name, entry_point=f"test_reinforce_bayes:{name.removesuffix('-v0')}", disable_env_checker=True
        )
    known = f"semcom_envs:{name}" if name == "CodeCart-v0" else name
    (pupil,) = coder().pupils(Setting(environment=known, arguments={}))
    with pytest.raises(UserError, match=said):
        list(pupil.learn())
