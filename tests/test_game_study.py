"""The game study: what theory says of episodes, pairing, and what is refused."""

import math
from dataclasses import replace
from typing import Any, ClassVar

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import MultiBinary

from near import assert_rate
from semcom.action_links import ModulatedLink
from semcom.coupling import TOTAL, to_masses
from semcom.errors import UserError
from semcom.games.belief import ones_of
from semcom.games.coders import MecBottleneck
from semcom.games.episode import Episode
from semcom.games.metrics import GAME_METRICS
from semcom.games.public_belief import PublicBelief
from semcom.games.replay import without_feedback
from semcom.games.rules import Rules
from semcom.scenario.find import load
from semcom.studies.game import GameStudy
from semcom.studies.game_point import GamePoint
from semcom.studies.game_trials import game_of, play
from semcom.tally import Mean, Rate
from semcom_channels import Streams
from semcom_envs.markov_coding import MarkovCodingWrapper

GRID = {"environment": "semcom_envs:CodeGridNoisy-v0", "arguments": {"messages": 16}, "policy": "max_ent"}


def point(coder: Any = "mec_bottleneck", rate: float = 1.0, episodes: int = 40, **changes: Any) -> GamePoint:
    plain = {
        "games": {"game": {**GRID, **changes.pop("game", {})}},
        "coders": {"coder": coder},
        "metrics": list(GAME_METRICS.kinds),
        "episodes": episodes,
        **changes,
    }
    (found,) = GameStudy.read(plain).points({"rate_bits": (rate,)})
    assert isinstance(found.task, GamePoint)
    return found.task


def episodes_of(task: GamePoint, chunk: int = 0) -> list[Episode]:
    return list(play(task, Streams(1, 0, chunk, task.stream_keys())))


def tallies(task: GamePoint, chunk: int = 0) -> dict[str, Any]:
    return dict(task.evaluate(Streams(1, 0, chunk, task.stream_keys())))


def test_what_is_learnt_is_within_the_converse() -> None:
    """I(M; Z) <= min(H(M), E sum of min(R, H(policy))), for a rate at which the bound is far from both."""
    found = tallies(point(rate=0.1, episodes=60))
    learnt, converse = found["bits_learnt"], found["converse_bits"]
    assert isinstance(learnt, Mean)
    assert 0.5 < learnt.mean < min(4.0, converse.mean)
    assert found["used_rate"].mean <= 0.1
    assert converse.mean <= 0.1 * found["steps"].mean + 1e-9


def test_the_return_does_not_depend_on_what_is_said() -> None:
    """Soft values by the silent sender: means of 150 episodes within six standard errors of the difference."""
    means = [tallies(point(coder, episodes=150))["discounted_reward"] for coder in ("mec_bottleneck", "silent")]
    error = np.sqrt(sum(one.m2 / (one.n - 1) / one.n for one in means))
    assert abs(means[0].mean - means[1].mean) < 6.0 * error


def test_who_hears_nothing_of_the_message_is_right_as_often_as_by_chance() -> None:
    accuracy = tallies(point("silent", episodes=200))["message_accuracy"]
    assert_rate(accuracy.errors, 200, 1.0 / 16.0)


@pytest.mark.parametrize("feedback", [True, False])
def test_a_receiver_that_hears_no_action_learns_from_where_it_led(feedback: bool) -> None:
    deaf = {"link": {"kind": "erasure", "erasure_probability": 1.0}, "feedback": feedback}
    grid = {"environment": "semcom_envs:CodeGrid-v0", "policy": {"kind": "max_ent", "log_beta": -1.0}}
    assert tallies(point(game=grid, listeners={"deaf": deaf}))["bits_learnt"].mean > 1.0


def test_a_policy_that_knows_the_horizon_is_in_time() -> None:
    """Eight steps for a way of six: only a policy that counts steps arrives each time and still says much."""
    policy = {"kind": "max_ent", "log_beta": -3.0, "discount": 1.0, "horizon": 8}
    found = tallies(point(game={"environment": "semcom_envs:CodeGrid-v0", "policy": policy}, episodes=100))
    assert found["reward"].mean == 1.0
    assert found["bits_learnt"].mean > 2.0


class Late(gymnasium.Env[Any, Any]):
    """Its actions are 5, which pays, and 6; either ends it."""

    action_space = gymnasium.spaces.Discrete(2, start=5)
    observation_space = gymnasium.spaces.Dict(
        {"observation": gymnasium.spaces.Discrete(1), "message": gymnasium.spaces.Discrete(2)}
    )
    P: ClassVar[dict[int, dict[int, list[tuple[float, int, float, bool]]]]] = {
        0: {0: [(1.0, 0, 1.0, True)], 1: [(1.0, 0, 0.0, True)]}
    }

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        super().reset(seed=seed)
        return {"observation": 0, "message": self.np_random.integers(2)}, {}

    def step(self, action: Any) -> Any:
        assert self.action_space.contains(np.int64(action))
        return {"observation": 0, "message": 0}, float(action == 5), True, False, {}


def test_actions_may_count_from_another_number() -> None:
    gymnasium.register("Late-v0", entry_point="test_game_study:Late", disable_env_checker=True)
    found = tallies(point(game={"environment": "Late-v0", "arguments": {}, "policy": {"kind": "max_ent"}}))
    assert found["reward"].mean == 1.0


def test_belief_is_calibrated() -> None:
    """The probability that the guess is right is the receiver's largest belief, on average."""
    task = point(rate=0.3, episodes=150)
    game = game_of(task)
    right, stated = 0, []
    for episode in episodes_of(task):
        right += episode.belief.guess() == episode.message
        stated.append(episode.belief.of(episode.belief.guess()))
    assert game.letters == (16,)
    assert_rate(right, 150, float(np.mean(stated)))


@pytest.mark.parametrize("probability", [0.0, 0.2])
def test_replay_without_feedback_hears_the_message(probability: float) -> None:
    """Sixteen messages at a high temperature: certain where nothing is lost, and often right where a fifth flips."""
    link = {"kind": "flip", "flip_probability": probability}
    game = {"policy": {"kind": "max_ent", "log_beta": -2.5}}
    listener = {"one": {"link": link, "feedback": False}}
    accuracy = tallies(point(rate=2.0, episodes=16, game=game, listeners=listener))["message_accuracy"]
    assert isinstance(accuracy, Rate)
    assert accuracy.errors >= (16 if probability == 0.0 else 12)


def test_feedback_helps_over_a_noisy_link() -> None:
    link = {"kind": "flip", "flip_probability": 0.5}
    learnt = [
        tallies(point(rate=1.0, episodes=40, listeners={"one": {"link": link, "feedback": feedback}}))["bits_learnt"]
        for feedback in (True, False)
    ]
    assert learnt[0].mean > learnt[1].mean > 0.5


def test_the_receiver_of_an_environment_believes_what_the_study_says() -> None:
    """Two ends that each hold a belief of their own, through the environment, as the study plays the episode."""
    task = point(episodes=3)
    game = game_of(task)
    watched = gymnasium.make("semcom_envs:CodeGridNoisy-v0", messages=16, receiver=PublicBelief(game))
    streams = Streams(1, 0, 0, task.stream_keys())
    seeds, draws = streams.rng("source").integers(2**31, size=3).tolist(), streams.rng("action")
    for seed, episode in zip(seeds, episodes_of(task), strict=True):
        observation, info = watched.reset(seed=seed)
        sender, over = PublicBelief(game), False
        sender.reset(observation["observation"])
        while not over:
            action = sender.act(observation["message"], draws)
            observation, _, terminated, truncated, info = watched.step(action)
            sender.observe(info["transition"][0], info["likelihood"], info["transition"][1])
            over = terminated or truncated
        np.testing.assert_array_equal(info["belief"], game.probabilities(episode.belief))
        assert game.blocks(observation["message"]) == episode.message


def test_the_probability_of_each_bit_is_the_sum_over_letters(rng: np.random.Generator) -> None:
    block = to_masses(rng.dirichlet(np.ones(8)))
    expected = [sum(block[k] for k in range(8) if k >> place & 1) / TOTAL for place in (2, 1, 0)]
    np.testing.assert_allclose(ones_of(block), expected, rtol=1e-12)


BIASED = (0.7, 0.2, 0.1)


def test_messages_that_are_not_equally_likely_are_guessed_by_their_prior() -> None:
    """Nothing is said: the likeliest message is guessed, and H(M) bits are all that could be learnt."""
    game = {"arguments": {"messages": 3, "prior": BIASED}}
    task = point("silent", episodes=150, game=game)
    found = tallies(task)
    entropy = -sum(share * math.log2(share) for share in BIASED)
    assert task.facts()["message_bits"] == pytest.approx(entropy)
    assert_rate(found["message_accuracy"].errors, 150, 0.7)
    assert found["bits_learnt"].mean == pytest.approx(0.0, abs=1e-12)
    assert tallies(point(rate=2.0, game=game))["bits_learnt"].mean <= entropy + 1e-9


@pytest.mark.parametrize("feedback", [True, False])
def test_beliefs_that_begin_with_a_prior_are_calibrated(feedback: bool) -> None:
    """What is believed of the guess is how often it is right, over a link that leaves much in doubt."""
    listener = {"link": {"kind": "flip", "flip_probability": 0.5}, "feedback": feedback}
    game = {"arguments": {"messages": 3, "prior": BIASED, "horizon": 6}}
    played = episodes_of(point(episodes=200, game=game, listeners={"listener": listener}))
    believed = [max(episode.belief.blocks[0]) / TOTAL for episode in played]
    right = [episode.belief.guess() == episode.message for episode in played]
    assert 0.0 < np.mean(believed) < 1.0
    deviation = math.sqrt(sum(share * (1.0 - share) for share in believed))
    assert abs(sum(right) - sum(believed)) < 6.0 * deviation


def test_blocks_of_bits_begin_with_the_product_of_their_chances() -> None:
    chances = np.linspace(0.1, 0.9, 6)
    bits = MarkovCodingWrapper(gymnasium.make("CartPole-v1"), MultiBinary(6), prior=chances)
    game = replace(game_of(point()), environment=bits, block_bits=4)
    np.testing.assert_allclose(game.probabilities(game.prior), chances, atol=1e-12)
    message = np.array([1, 0, 0, 1, 1, 0], np.int8)
    product = np.prod(np.where(message, chances, 1.0 - chances))
    assert game.prior.of(game.blocks(message)) == pytest.approx(product, rel=1e-9)


def test_coders_meet_the_same_messages_and_chances() -> None:
    seen = [[episode.message for episode in episodes_of(point(coder))] for coder in ("silent", "skew")]
    assert seen[0] == seen[1]
    assert point("silent", rate=0.2).stream_keys() == point("skew", rate=0.9).stream_keys()


def test_the_same_chunk_gives_the_same_numbers_and_another_one_others() -> None:
    assert tallies(point()) == tallies(point())
    assert tallies(point()) != tallies(point(), chunk=1)


def test_the_receiver_may_guess_early() -> None:
    plain = {"games": {"g": GRID}, "coders": {"c": "mec_bottleneck"}, "metrics": ["steps", "bits_learnt"]}
    points = GameStudy.read(plain).points({"steps": (2.0, 8.0)})
    early, late = (one.task.evaluate(Streams(1, 0, 0, one.task.stream_keys())) for one in points)
    assert isinstance(early["steps"], Mean)
    assert isinstance(early["bits_learnt"], Mean)
    assert isinstance(late["bits_learnt"], Mean)
    assert early["steps"].mean == 2.0
    assert early["bits_learnt"].mean < late["bits_learnt"].mean


def test_a_message_of_many_bits_is_said_block_by_block() -> None:
    """Bits of a block are its letter, the first bit the heaviest; a number is one block."""
    game = game_of(point())
    assert game.blocks(np.int64(5)) == (5,)
    assert game.blocks(np.array([1, 0, 1, 0, 0, 0, 0, 1, 1, 1])) == (0b10100001, 0b11)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"game": {"environment": "semcom_envs:Nothing-v0"}}, "environment semcom_envs:Nothing-v0"),
        ({"game": {"environment": "FrozenLake-v1", "arguments": {}}}, "its observations hold no message"),
        ({"game": {"arguments": {"message": 3}}}, "environment semcom_envs:CodeGridNoisy-v0"),
    ],
)
def test_a_game_that_there_is_not_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        point(**changes).check()


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        ({"rate_bits": (-1.0,)}, r"sweep.rate_bits: rate_bits is -1.0; expected 0 bits or more"),
        ({"rate_bits": (math.nan,)}, r"sweep.rate_bits: rate_bits is nan; expected 0 bits or more"),
        ({"steps": (math.inf,)}, r"sweep.steps: steps is inf; expected a whole number of 1 or more"),
        ({"steps": (1.5,)}, r"sweep.steps: steps is 1.5; expected a whole number of 1 or more"),
        (
            {"rates": (1.0,)},
            r"sweep.rates: no such axis; did you mean rate_bits\? expected rate_bits, steps or a field such as game",
        ),
    ],
)
def test_an_axis_that_means_nothing_is_refused(sweep: dict[str, Any], said: str) -> None:
    plain = {"games": {"g": GRID}, "coders": {"c": "silent"}, "metrics": ["steps"]}
    with pytest.raises(UserError, match=said):
        GameStudy.read(plain).points(sweep)


def test_messages_that_are_given_up_do_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """In long games all likelihoods fall; those that are replayed no more must not seem likely by then."""
    policy = {"kind": "max_ent", "log_beta": -4.7, "discount": 0.99}
    setting = {"environment": "semcom_envs:CodeFrozenLake-v0", "arguments": {"messages": 6}}
    link = ModulatedLink(snr_db=13.0, decision="soft")
    game = Rules.read({**setting, "policy": policy}).game(MecBottleneck(), link, 0.9)
    beliefs, most_steps = [], 0
    for hopeless in (40.0, math.inf):
        monkeypatch.setattr("semcom.games.replay.HOPELESS", hopeless)
        noise = np.random.default_rng(1)
        episodes = [without_feedback(game, seed, seed, noise, 100) for seed in range(8)]
        beliefs.append([episode.belief.blocks[0] / TOTAL for episode in episodes])
        most_steps = max(len(episode.rewards) for episode in episodes)
    assert most_steps > 50
    np.testing.assert_allclose(beliefs[0], beliefs[1], atol=1e-12)


def test_steps_beyond_the_game_s_most_are_told() -> None:
    change = ("study.games.grid.most_steps=3", "sweep={rate_bits: [1], steps: [20]}")
    with pytest.raises(UserError, match="steps is 20, beyond most_steps of the game, 3"):
        load("smoke/game", change).points()[0].task.check()
