"""Policies that somebody else has written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, WithJsonSchema

from semcom.games.policies.policy import Player, Policy

if TYPE_CHECKING:
    from types import ModuleType

    from semcom.games.environment import Setting


FUNCTION = r"^\w+(\.\w+)*:\w+$"


def _names_function(given: str) -> str:
    if re.fullmatch(FUNCTION.strip("^$"), given) is None:
        raise ValueError(
            f"function is {given[:60]!r}; expected a module and a name in it, such as my_package.players:careful"
        )
    return given


class CallablePolicy(Policy):
    """pi(. | s) = function(s), any function of the observation that gives the probability of each action.

    It must say the same each time that it sees the same: sender and receiver both ask it. A network of another library
    is one line of Python away: `def policy(observation): return net(observation).softmax(-1).numpy()`.
    """

    kind: Literal["callable"] = "callable"
    function: Annotated[str, AfterValidator(_names_function), WithJsonSchema({"type": "string", "pattern": FUNCTION})]
    """The module that Python finds and the name in it: package.module:name. It runs only with `--trust`."""

    def code_fields(self) -> tuple[str, ...]:
        """The function."""
        return ("function",)

    def player(self, setting: Setting) -> Player:
        """By the function; raises UserError for one that there is not, or that says no law of the first observation."""
        from semcom.errors import UserError
        from semcom.games.function_player import FunctionPlayer

        environment = setting.made()
        player = FunctionPlayer(self._found(), int(environment.action_space.n))
        observation, _ = environment.reset(seed=0)
        twice = [player.law(0, observation["observation"]).tolist() for _ in range(2)]
        if twice[0] != twice[1]:
            raise UserError(f"policy.function: {self.function} says another law each time; it must not be random")
        return player

    def files(self) -> tuple[Path, ...]:
        """The module's file; raises UserError when there is no such module."""
        from semcom.games.foreign import module

        path = module(self._names()[0]).__file__
        return () if path is None else (Path(path),)

    def _found(self) -> Any:
        from semcom.errors import UserError, nearest
        from semcom.games.foreign import module

        where, name = self._names()
        home: ModuleType = module(where)
        found = getattr(home, name, None)
        if not callable(found):
            functions = [each for each, value in vars(home).items() if callable(value) and not each.startswith("_")]
            raise UserError(f"policy.function: {where} has no function {name}; {nearest(name, functions)}")
        return found

    def _names(self) -> tuple[str, str]:
        where, _, name = self.function.partition(":")
        return where, name
