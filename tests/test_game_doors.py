"""What a user may give a coding game, and what it says of what it cannot take."""

import re
from pathlib import Path
from typing import Any, ClassVar

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary

from semcom.action_links import NoiselessLink
from semcom.coupling import Bottleneck, Masses
from semcom.errors import UserError
from semcom.figures.curves import cautions
from semcom.games.coders import MecBottleneck
from semcom.games.coders.coupling_coder import CouplingCoder
from semcom.games.coders.sokota2022 import Sokota2022
from semcom.games.coupling_sender import CouplingSender
from semcom.games.decision_process import of_environment, shows_state
from semcom.games.environment import Setting
from semcom.games.game import Game
from semcom.games.public_belief import PublicBelief
from semcom.games.rules import Rules
from semcom.games.tabular_player import TabularPlayer
from semcom.learning.weights import save
from semcom.record.folder import RunFolder
from semcom.scenario.find import load
from semcom.studies.game import GameStudy
from semcom.sweep.sweep import run
from semcom_envs.markov_coding import MarkovCodingWrapper

GRID = Rules.read({"environment": "semcom_envs:CodeGrid-v0", "arguments": {"messages": 8}})


def evenly(observation: Any) -> list[float]:
    return [0.25] * 4


def leaning(observation: Any) -> list[float]:
    return [0.4, 0.6]


def registered(name: str, make: Any, function: str = "evenly") -> Rules:
    if name not in gymnasium.registry:
        gymnasium.register(name, entry_point=make, disable_env_checker=True)
    policy = {"kind": "callable", "function": f"test_game_doors:{function}"}
    return Rules.read({"environment": name, "policy": policy})


def played(rules: Rules, steps: int = 5) -> PublicBelief:
    """Both ends play, the receiver through the environment."""
    game = rules.game(MecBottleneck(), NoiselessLink(), 1.0)
    receiver, sender, rng = PublicBelief(game), PublicBelief(game), np.random.default_rng(1)
    game.environment.set_wrapper_attr("receiver", receiver)
    observation, _ = game.environment.reset(seed=1)
    sender.reset(observation["observation"])
    for _ in range(steps):
        observation, *_, info = game.environment.step(sender.act(observation["message"], rng))
        sender.observe(info["transition"][0], info["likelihood"], info["transition"][1])
        np.testing.assert_array_equal(info["belief"], sender.probabilities())
    return sender


def test_a_coder_cannot_spend_what_others_use() -> None:
    player = TabularPlayer(np.full((1, 1, 4), 0.25))

    def spends(belief: Masses, policy: Masses, rate_bits: float) -> Bottleneck:
        policy -= policy.min()
        raise AssertionError("it could")

    law = player.law(0, 0).copy()
    with pytest.raises(ValueError, match="read-only"):
        CouplingSender(spends, player, 1.0, 1.0).chain(law, 0, 0)
    assert np.array_equal(player.law(0, 0), law)


def test_each_game_has_an_environment_of_its_own() -> None:
    games = [GRID.game(MecBottleneck(), NoiselessLink(), 1.0) for _ in range(2)]
    assert games[0].environment is not games[1].environment
    assert games[0].sender.chain(np.array([1 << 50]), 0, 0).decoder.column_masses is not None


def test_weights_that_were_made_anew_are_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rules = Rules.read({"environment": "semcom_envs:CodeCart-v0", "policy": {"kind": "soft_q", "hidden": []}})
    (pupil,) = rules.policy.pupils(rules.setting)
    laws = []
    for better in (0, 1):
        path = Path("weights") / f"soft_q-{pupil.weights_key}.npz"
        save([np.zeros((4, 2), np.float32), np.eye(2, dtype=np.float32)[better]], path)
        chain = rules.game(Sokota2022(), NoiselessLink(), 1.0).sender.chain(np.array([1 << 50]), 0, np.zeros(4))
        laws.append(int(chain.decoder.column_masses.argmax()))
    assert laws == [0, 1]


def test_a_game_whose_observation_is_not_the_state_is_played_without_its_table() -> None:
    def flat() -> Any:
        return MarkovCodingWrapper(gymnasium.wrappers.FlattenObservation(gymnasium.make("FrozenLake-v1")), 8)

    rules = registered("Flat-v0", flat)
    assert played(rules).belief.entropy_bits < 3.0
    with pytest.raises(UserError, match=r"observed is Box\(.*\); a policy by the table P needs the state"):
        of_environment(rules.made())


def test_a_message_of_several_axes_is_believed_in_its_shape() -> None:
    def square() -> Any:
        return MarkovCodingWrapper(gymnasium.make("CartPole-v1"), MultiBinary([3, 2]))

    assert played(registered("Square-v0", square, "leaning")).probabilities().shape == (3, 2)


class Foreign(gymnasium.Env[Any, Any]):
    """A coding game of somebody else, with an attribute that says something else."""

    action_space = Discrete(2)
    observation_space = Dict({"observation": Box(0.0, 1.0, (1,)), "message": Discrete(4)})
    messages: ClassVar[int] = 4


def test_an_attribute_of_the_same_name_means_nothing() -> None:
    assert isinstance(registered("Foreign-v0", Foreign).made().unwrapped, Foreign)


class Hidden(gymnasium.Env[Any, Any]):
    """A game of one state, which it does not show."""

    action_space, observation_space = Discrete(1), Box(0.0, 1.0, (1,))
    P: ClassVar[dict[int, Any]] = {0: {0: [(1.0, 0, 0.0, True)]}}


def test_a_number_that_is_made_of_an_observation_is_not_the_state() -> None:
    numbered = gymnasium.wrappers.TransformObservation(Hidden(), lambda seen: 0, Discrete(1))
    assert not shows_state(MarkovCodingWrapper(numbered, 2))
    assert shows_state(gymnasium.make("semcom_envs:CodeTaxi-v0"))


class Named(gymnasium.Env[Any, Any]):
    """A game whose states have names."""

    action_space, observation_space = Discrete(1), Dict({"observation": Discrete(1), "message": Discrete(2)})
    P: ClassVar[dict[str, Any]] = {"start": {0: [(1.0, "start", 0.0, True)]}}


def test_a_table_of_named_states_is_told() -> None:
    with pytest.raises(UserError, match="P has states that are no whole numbers; this policy needs them numbered"):
        of_environment(Named())


def test_a_message_of_many_blocks_needs_feedback() -> None:
    cart = {"environment": "semcom_envs:CodeCart-v0", "policy": {"kind": "soft_q", "training": {"seed": 2}}}
    study = {
        "games": {"cart": cart},
        "coders": {"a": "skew"},
        "listeners": {"deaf": {"feedback": False}},
        "metrics": ["steps"],
    }
    (point,) = GameStudy.read(study).points({"rate_bits": (1.0,)})
    with pytest.raises(UserError, match=r"feedback: false replays every message; this has several blocks. Take a"):
        point.task.check()


def broken() -> Any:
    raise ZeroDivisionError("of the user")


@pytest.mark.parametrize(
    ("environment", "arguments", "said"),
    [
        (
            "semcom_envs:CodeFrozenLake-v0",
            {"map_name": "5x5"},
            "map_name 5x5 is none of Gymnasium's; known: 4x4, 8x8",
        ),
        ("semcom_envs:CodeFrozenLake-v0", {"map_name": 8}, "map_name 8 is none of Gymnasium's; known: 4x4, 8x8"),
        ("semcom_envs:CodeGrid-v0", {"message_reward": 1.0}, "message_reward is for a receiver of the environment"),
        ("semcom_envs:CodeGrid-v0", {"messages": True}, "messages is True; expected a number of at least 1"),
        ("Broken-v0", {}, "environment Broken-v0: ZeroDivisionError: of the user"),
        (
            "semcom_envs:CodeGrid-v0",
            {"messages": 2**31},
            "messages is 2147483648; expected at most 2^20 messages",
        ),
        ("semcom_envs:CodeGrid-v0", {"messages": 2, "prior": (0.5, 0.6)}, "prior sums to 1.1; expected 1"),
    ],
)
def test_what_an_environment_cannot_be_made_of_is_told(environment: str, arguments: dict[str, Any], said: str) -> None:
    registered("Broken-v0", broken)
    with pytest.raises(UserError, match=re.escape(said)):
        Setting(environment=environment, arguments=arguments).made()


@pytest.mark.parametrize(("rate", "said"), [(-1.0, "rate_bits is -1"), (float("nan"), "rate_bits is nan")])
@pytest.mark.parametrize("coder", [MecBottleneck(), Sokota2022()], ids=str)
def test_a_rate_that_is_none_is_told_whoever_sends(coder: CouplingCoder, rate: float, said: str) -> None:
    with pytest.raises(UserError, match=said):
        GRID.game(coder, NoiselessLink(), rate)


def game() -> Game:
    return GRID.game(MecBottleneck(), NoiselessLink(), 1.0)


def test_an_end_that_does_not_know_where_the_game_begins_says_so() -> None:
    with pytest.raises(UserError, match="act or observe comes before reset; reset with the first observation"):
        PublicBelief(game()).act(3, np.random.default_rng(1))


def test_what_an_end_cannot_say_or_hear_is_told() -> None:
    end = PublicBelief(game())
    end.reset(0)
    with pytest.raises(UserError, match=r"message is 8; expected one of Discrete\(8\)"):
        end.act(8, np.random.default_rng(1))
    with pytest.raises(UserError, match=r"likelihood_of_actions has shape \(3,\); expected .4,., one for"):
        end.observe(0, np.ones(3), 1)


def test_a_rate_that_bounds_nothing_is_said_to() -> None:
    study = {"games": {"g": GRID.plain()}, "coders": {"a": "skew", "b": "sokota2022"}, "metrics": ["steps"]}
    points = GameStudy.read(study).points({"rate_bits": (1.0,)})
    said = [point.conventions["rate_bits"] for point in points]
    assert said[0].startswith("R bounds H(T) of each step")
    assert said[1] == "R bounds nothing here: this sender keeps no limit"


def test_episodes_that_are_cut_off_are_said_to_be() -> None:
    cautions = []
    for most in (1000, 7):
        study = {
            "games": {"g": {**GRID.plain(), "most_steps": most}},
            "coders": {"a": "skew"},
            "metrics": ["steps"],
        }
        (point,) = GameStudy.read(study).points({"rate_bits": (1.0,)})
        cautions.append(point.task.cautions())
    assert cautions == [(), ("episodes end after most_steps, 7; the environment would let them last 8",)]


def test_a_caution_names_its_game(tmp_path: Path) -> None:
    changes = ("study.games.grid.most_steps=7", "sweep={rate_bits: [1]}", "stop.max_blocks=20", "stop.min_blocks=20")
    scenario = load("smoke/game", changes)
    folder = RunFolder.create(tmp_path / "run", scenario)
    assert all(outcome.error is None for outcome in run(scenario, folder))
    assert {where for where, _ in cautions(folder)} == {"grid"}
