"""Modules that a scenario names."""

import difflib
import importlib
import pkgutil
from types import ModuleType

from semcom.errors import UserError


def module(name: str) -> ModuleType:
    """The module of this name; raises UserError that names the nearest one when there is none."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise UserError(f"policy.function: {name} cannot be imported: {error}") from error
        raise UserError(f"policy.function: there is no module {error.name}; {_near(error.name)}") from None
    except Exception as error:  # of whatever class: the module is the user's
        raise UserError(f"policy.function: {name} cannot be imported: {type(error).__name__}: {error}") from error


def _near(missing: str) -> str:
    """The nearest of the modules that stand where this one was looked for."""
    parent, _, last = missing.rpartition(".")
    paths = getattr(importlib.import_module(parent), "__path__", []) if parent else None
    close = difflib.get_close_matches(last, [found.name for found in pkgutil.iter_modules(paths)], n=1)
    hint = f"did you mean {'.'.join(filter(None, (parent, close[0])))}? " if close else ""
    return f"{hint}Python looks in its own folders and in PYTHONPATH"
