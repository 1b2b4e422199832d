"""Any environment with discrete actions becomes a coding game."""

import re
from typing import Any, Literal

import gymnasium
import numpy as np
import numpy.typing as npt
import pytest
from gymnasium.spaces import Box, Discrete, MultiBinary
from gymnasium.utils.seeding import np_random
from scipy import stats

from near import FALSE_ALARM, assert_mean
from semcom.action_links import ActionLink
from semcom.errors import UserError
from semcom_envs.code_grid import CodeGrid
from semcom_envs.markov_coding import MarkovCodingWrapper

RIGHT = 1


class Shifted(gymnasium.Env[np.int64, np.int64]):
    """Counts steps; its actions are 5, 6 and 7."""

    def __init__(self) -> None:
        self.action_space, self.observation_space = Discrete(3, start=5), Discrete(100)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self.options, self.steps = options, 0
        return 0, {"kept": "yes"}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self.steps += 1
        return self.steps, 2.0, self.steps == 3, False, {"kept": "yes"}


class Sure:
    """Believes in one message whatever it sees, and keeps what it sees."""

    def __init__(self, belief: npt.ArrayLike) -> None:
        self.belief, self.seen = belief, list[Any]()

    def reset(self, observation: Any) -> npt.ArrayLike:
        self.seen = [observation]
        return self.belief

    def observe(self, observation: Any, likelihood: npt.NDArray[np.float64], after: Any) -> npt.ArrayLike:
        self.seen.append((observation, likelihood.tolist(), after))
        return self.belief


class Mumble(ActionLink):
    """Says nothing of actions but a random number."""

    kind: Literal["mumble"] = "mumble"

    def law(self, count: int) -> np.ndarray:
        return np.full((count, count), 1.0 / count)

    def receive(self, actions: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
        return rng.random((len(actions), count))


def test_messages_follow_a_uniform_prior(rng: np.random.Generator) -> None:
    drawn = drawn_messages(CodeGrid(8), rng, 2000)
    assert stats.chisquare(np.bincount(drawn, minlength=8)).pvalue > FALSE_ALARM


def test_messages_follow_a_given_prior(rng: np.random.Generator) -> None:
    prior = np.array([0.5, 0.0, 0.3, 0.2])
    counts = np.bincount(drawn_messages(CodeGrid(4, prior=prior), rng, 2000), minlength=4)
    assert counts[1] == 0
    assert stats.chisquare(counts[prior > 0], 2000 * prior[prior > 0]).pvalue > FALSE_ALARM


def drawn_messages(env: Any, rng: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
    env.reset(seed=int(rng.integers(2**31)))
    return np.array([env.reset()[0]["message"] for _ in range(count)])


def test_bits_of_a_message_follow_their_prior(rng: np.random.Generator) -> None:
    chances = np.array([0.1, 0.5, 0.9])
    env = CodeGrid(MultiBinary(3), prior=chances)
    bits = drawn_messages(env, rng, 2000)
    for bit, chance in enumerate(chances):
        assert_mean(bits[:, bit], chance)
    assert bits.dtype == np.int8
    assert np.array_equal(env.reset()[1]["belief"], chances)


def test_the_message_is_drawn_after_the_environment_s_reset_from_the_same_generator() -> None:
    env = CodeGrid(32)
    observation, _ = env.reset(seed=5)
    assert env.messages.draw(np_random(5)[0]) == observation["message"]


def test_an_asked_message_leaves_all_other_randomness_as_it_is() -> None:
    env, fixed = (
        MarkovCodingWrapper(gymnasium.make("FrozenLake-v1"), 9),
        MarkovCodingWrapper(gymnasium.make("FrozenLake-v1"), 9),
    )
    env.reset(seed=1)
    assert fixed.reset(seed=1, options={"message": 7})[0]["message"] == 7
    for action in (2, 1, 1, 2):
        assert env.step(action)[0]["observation"] == fixed.step(action)[0]["observation"]
    drawn, again = env.reset()[0], fixed.reset()[0]
    assert drawn == again


def test_the_message_stays_for_the_episode_and_the_environment_s_options_pass() -> None:
    base = Shifted()
    env = MarkovCodingWrapper(base, 1000)
    env.reset(seed=0, options={"message": 77, "low": 1})
    assert base.options == {"low": 1}
    assert [int(env.step(6)[0]["message"]) for _ in range(3)] == [77] * 3
    env.reset()
    assert base.options is None


def test_info_tells_the_belief_the_action_and_the_transition() -> None:
    env = MarkovCodingWrapper(Shifted(), 4, prior=[0.1, 0.2, 0.3, 0.4])
    _, info = env.reset()
    assert info["kept"] == "yes"
    assert info["belief"].tolist() == [0.1, 0.2, 0.3, 0.4]
    env.step(7)
    *_, info = env.step(6)
    assert info["transition"] == (1, 2)
    assert info["action"] == 1
    assert info["likelihood"].tolist() == [0.0, 1.0, 0.0]
    assert info["belief"].tolist() == [0.1, 0.2, 0.3, 0.4]
    assert info["kept"] == "yes"


def test_the_receiver_sees_transitions_and_its_belief_is_told() -> None:
    env = MarkovCodingWrapper(Shifted(), 2, receiver=Sure([0.0, 1.0]))
    assert env.reset()[1]["belief"].tolist() == [0.0, 1.0]
    env.step(5)
    assert env.step(7)[4]["belief"].tolist() == [0.0, 1.0]
    assert isinstance(env.receiver, Sure)
    assert env.receiver.seen == [0, (0, [1.0, 0.0, 0.0], 1), (1, [0.0, 0.0, 1.0], 2)]


@pytest.mark.parametrize(("message", "rewards"), [(0, [2.0, 2.0, 2.0]), (1, [2.0, 2.0, 12.0])])
def test_a_right_guess_is_rewarded_at_the_end(message: int, rewards: list[float]) -> None:
    env = MarkovCodingWrapper(Shifted(), 2, receiver=Sure([0.4, 0.6]), message_reward=10.0)
    env.reset(options={"message": message})
    assert [env.step(5)[1] for _ in range(3)] == rewards


def test_a_right_guess_is_rewarded_when_the_time_is_up() -> None:
    env = CodeGrid(2, horizon=2, message_reward=0.5, receiver=Sure([0.0, 1.0]))
    env.reset(options={"message": 1})
    assert [env.step(RIGHT)[1:4] for _ in range(2)] == [(0.0, False, False), (0.5, False, True)]


@pytest.mark.parametrize(("message", "reward"), [([1, 0, 1], 3.0), ([1, 1, 1], 2.0)])
def test_a_guess_of_bits_is_right_when_all_are(message: list[int], reward: float) -> None:
    env = MarkovCodingWrapper(Shifted(), MultiBinary(3), receiver=Sure([0.9, 0.5, 0.6]), message_reward=1.0)
    env.reset(options={"message": message})
    assert [env.step(5)[1] for _ in range(3)][2] == reward


def test_a_noisy_link_changes_what_is_heard_and_not_what_happens() -> None:
    games = [
        MarkovCodingWrapper(gymnasium.make("FrozenLake-v1"), 2, receiver=Sure([0.5, 0.5]), action_link=link)
        for link in (None, Mumble())
    ]
    starts = [env.reset(seed=3)[0] for env in games]
    assert starts[0] == starts[1]
    for action in (1, 2, 1):
        clear, noisy = (env.step(action) for env in games)
        assert clear[:4] == noisy[:4]
        assert clear[4]["likelihood"].tolist() == np.eye(4)[action].tolist()
        assert 0.0 < noisy[4]["likelihood"].max() < 1.0
        receiver = games[1].receiver
        assert isinstance(receiver, Sure)
        assert receiver.seen[-1][1] == noisy[4]["likelihood"].tolist()


def test_a_link_s_noise_follows_from_the_seed_and_differs_between_episodes() -> None:
    env = CodeGrid(2, action_link=Mumble())

    def heard(seed: int | None) -> list[float]:
        env.reset(seed=seed)
        return list(env.step(RIGHT)[4]["likelihood"])

    first, next_one, again = heard(1), heard(None), heard(1)
    assert first == again != next_one


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"messages": 0}, "messages is 0; expected a number of at least 1, a Discrete from 0 or a MultiBinary"),
    ({"messages": 2.5}, "messages is 2.5; expected a number of at least 1, a Discrete from 0 or a MultiBinary"),
    ({"messages": Discrete(3, start=1)}, "messages is Discrete(3, start=1); expected"),
    ({"messages": 2, "prior": [0.5, 0.4]}, "prior sums to 0.9; expected 1"),
    ({"messages": 2, "prior": [1.5, -0.5]}, "prior is negative at 1; expected probabilities"),
    ({"messages": 2, "prior": [float("nan"), 1.0]}, "prior is NaN at 0; expected probabilities"),
    ({"messages": 2, "prior": "ab"}, "prior is 'ab'; expected numbers of the shape (2,), a probability for each"),
    ({"messages": 2, "prior": [1.0]}, "prior has shape (1,); expected (2,), a probability for each"),
    ({"messages": MultiBinary(2), "prior": [0.5, 1.5]}, "prior is above 1 at 1; expected probabilities"),
)


@pytest.mark.parametrize(("options", "said"), WRONG)
def test_wrong_messages_and_priors_are_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        MarkovCodingWrapper(Shifted(), **options)


def test_continuous_actions_are_refused() -> None:
    env = Shifted()
    env.action_space = Box(-1.0, 1.0, (2,))  # type: ignore[assignment]
    said = r"the environment's actions are Box\(.*\); a coding game needs Discrete actions"
    with pytest.raises(UserError, match=said):
        MarkovCodingWrapper(env, 2)


@pytest.mark.parametrize("message", [-1, 4, 1.5, "two", None])
def test_a_message_out_of_range_is_refused(message: Any) -> None:
    said = f"message is {message!r}; expected a whole number from 0 to 3"
    with pytest.raises(UserError, match=re.escape(said)):
        MarkovCodingWrapper(Shifted(), 4).reset(options={"message": message})


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ([1, 0], "message has shape (2,); expected (3,), of zeros and ones"),
        ([0, 1, 2], "message has 2 at place 2; expected zeros and ones"),
        ([[0], [1, 0]], "message is [[0], [1, 0]]; expected numbers of the shape (3,), of zeros and ones"),
    ],
)
def test_bits_out_of_range_are_refused(message: Any, said: str) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        MarkovCodingWrapper(Shifted(), MultiBinary(3)).reset(options={"message": message})


@pytest.mark.parametrize("action", [4, np.int64(8), 5.5, None])
def test_an_action_outside_the_space_is_refused(action: Any) -> None:
    env = MarkovCodingWrapper(Shifted(), 4)
    env.reset()
    with pytest.raises(UserError, match=re.escape(f"action is {action}; expected a whole number from 5 to 7")):
        env.step(action)


@pytest.mark.parametrize(
    ("messages", "belief", "said"),
    [
        (4, [0.5, 0.5], "has shape (2,); expected (4,), a probability for each"),
        (4, [float("nan")] * 4, "is NaN at 0; expected probabilities"),
        (4, [0.5, 0.7, -0.2, 0.0], "is negative at 2; expected probabilities"),
        (4, [0.5, 0.2, 0.2, 0.0], "sums to 0.9; expected 1"),
        (MultiBinary(2), [0.5, 1.5], "is above 1 at 1; expected probabilities"),
    ],
)
def test_a_belief_that_is_none_is_refused(messages: Any, belief: list[float], said: str) -> None:
    env = MarkovCodingWrapper(Shifted(), messages, receiver=Sure(belief))
    with pytest.raises(UserError, match=re.escape(f"the receiver's belief {said}")):
        env.reset()


def test_games_that_are_made_alike_have_a_receiver_each() -> None:
    receiver = Sure([0.5, 0.5])
    first, second = (MarkovCodingWrapper(Shifted(), 2, receiver=receiver) for _ in range(2))
    for env in (first, second):
        env.reset()
    first.step(5)
    assert isinstance(first.receiver, Sure)
    assert isinstance(second.receiver, Sure)
    assert (len(first.receiver.seen), len(second.receiver.seen), len(receiver.seen)) == (2, 1, 0)


def test_a_reward_for_a_guess_needs_who_guesses() -> None:
    with pytest.raises(UserError, match="message_reward is 1, and nobody guesses; give a receiver"):
        MarkovCodingWrapper(Shifted(), 2, message_reward=1.0).reset()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"receiver": 7}, "receiver is 7; expected an object with the methods reset and observe"),
        ({"action_link": "noiseless"}, "action_link is 'noiseless'; expected one of semcom.action_links"),
    ],
)
def test_what_is_no_receiver_or_link_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        MarkovCodingWrapper(Shifted(), 2, **options)


@pytest.mark.parametrize("reward", [float("nan"), float("inf")])
def test_a_reward_that_is_no_number_is_refused(reward: float) -> None:
    with pytest.raises(UserError, match=f"message_reward is {reward:g}; expected a finite number"):
        gymnasium.make("semcom_envs:CodeGrid-v0", message_reward=reward)
