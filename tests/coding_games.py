"""The registered coding games, as far as what they need is installed."""

import importlib.util
from typing import Any

import gymnasium
import pytest

from semcom_envs import GAMES

ATARI = ("CodePong-v0",)
TABULAR = ("CodeGrid-v0", "CodeGridNoisy-v0", "CodeFrozenLake-v0", "CodeCliff-v0", "CodeTaxi-v0")


def made(name: str, **options: Any) -> Any:
    """A registered game."""
    return gymnasium.make(f"semcom_envs:{name}", **options)


def marked() -> list[Any]:
    """The ids as parameters of a test; those whose extra is missing are skipped."""
    missing = importlib.util.find_spec("ale_py") is None
    skip = pytest.mark.skipif(missing, reason="needs the extra atari: pip install 'semcom[atari]'")
    return [pytest.param(name, marks=skip) if name in ATARI else name for name in GAMES]
