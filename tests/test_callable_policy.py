"""Policies from any function: they play, and what they get wrong is said."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from semcom.coupling import TOTAL
from semcom.errors import UserError
from semcom.games.environment import Setting
from semcom.games.function_player import FunctionPlayer
from semcom.games.policies import CallablePolicy
from semcom.studies.game import GameStudy
from semcom_channels import Streams

CART = Setting(environment="semcom_envs:CodeCart-v0", arguments={})
CALLS = itertools.count()


def towards_the_lean(observation: Any) -> list[float]:
    """Pushes to where the pole leans and turns, nine times of ten."""
    right = observation[2] + 0.3 * observation[3] > 0.0
    return [0.1, 0.9] if right else [0.9, 0.1]


def three_actions(observation: Any) -> list[float]:
    return [0.2, 0.3, 0.5]


def fickle(observation: Any) -> list[float]:
    return [0.5, 0.5] if next(CALLS) % 2 else [0.4, 0.6]


def words(observation: Any) -> list[str]:
    return ["left", "right"]


def named(function: str) -> CallablePolicy:
    return CallablePolicy(function=f"test_callable_policy:{function}")


def test_a_function_plays() -> None:
    player = named("towards_the_lean").player(CART)
    assert (player.law(0, np.array([0.0, 0.0, 0.1, 0.0])) / TOTAL).tolist() == pytest.approx([0.1, 0.9])
    study = {
        "games": {"cart": {**CART.plain(), "policy": named("towards_the_lean").plain()}},
        "coders": {"c": "mec_bottleneck"},
        "metrics": ["reward", "bits_learnt"],
        "episodes": 2,
    }
    (point,) = GameStudy.read(study).points({})
    assert point.task.files()["rules"] == (Path(__file__),)
    found: dict[str, Any] = dict(point.task.evaluate(Streams(1, 0, 0, point.task.stream_keys())))
    assert found["reward"].mean > 20.0
    assert found["bits_learnt"].mean > 5.0


def test_a_function_of_ones_own_is_a_player() -> None:
    assert FunctionPlayer(lambda observation: np.array([0.25, 0.75]), 2).law(0, None).tolist() == [
        TOTAL // 4,
        3 * TOTAL // 4,
    ]


@pytest.mark.parametrize(
    ("law", "said"),
    [
        ([0.5, 0.6], "policy for the observation 7 sums to 1.1"),
        ([-0.5, 1.5], r"policy for the observation 7\[0\] is -0.5"),
        ([np.nan, 1.0], r"policy for the observation 7\[0\] is nan"),
        ([1.0], r"says \[1.0\] of the observation 7; expected 2 probabilities, one for each action"),
        (None, "expected 2 probabilities"),
        ("left", "the function fails for the observation 7: ValueError: could not convert"),
    ],
)
def test_what_is_no_law_is_refused(law: Any, said: str) -> None:
    with pytest.raises(UserError, match=said):
        FunctionPlayer(lambda observation: law, 2).law(0, 7)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("test_callable_policy:towards_the_leam", "has no function towards_the_leam; did you mean towards_the_lean"),
        ("test_callable_policy:CART", "has no function CART; known: "),
        ("test_callable_policy:fickle", "fickle says another law each time; it must not be random"),
        ("test_callable_policy:three_actions", "expected 2 probabilities, one for each action"),
        ("test_callable_policy:words", "the function fails for the observation"),
        ("semcom.games.polices:x", "no module semcom.games.polices; did you mean semcom.games.policies"),
        (
            "semcon.games:x",
            r"no module semcon; did you mean semcom\? Python looks in its own folders and in PYTHONPATH",
        ),
    ],
)
def test_a_function_that_there_is_not_or_that_fails_is_refused_at_the_door(function: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        CallablePolicy(function=function).player(CART)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_of_that_name", "breaks_a cannot be imported: No module named 'nothing_of_that_name'"),
        ("from semcom import nothing", "breaks_b cannot be imported: ImportError: cannot import name 'nothing'"),
        ("law = 1 / 0", "breaks_c cannot be imported: ZeroDivisionError: division by zero"),
        ("def law(:", "breaks_d cannot be imported: SyntaxError: "),
    ],
)
def test_a_module_that_cannot_be_imported_is_no_traceback(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    name = said.split()[0]
    (tmp_path / f"{name}.py").write_text(text)
    with pytest.raises(UserError, match=f"policy.function: {said}"):
        CallablePolicy(function=f"{name}:f").files()


def test_a_function_is_named_by_module_and_name() -> None:
    with pytest.raises(ValidationError, match="function"):
        CallablePolicy.read({"kind": "callable", "function": "no colon"})
