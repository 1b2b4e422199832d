"""Code that a scenario names: it runs only for those who trust its author.

A kind that an installed package offers is code that the user has installed; what a scenario names is its author's.
"""

from collections.abc import Callable, Iterable

from semcom.errors import UserError
from semcom.scenario.scenario import Scenario
from semcom.scenario.yaml_text import shown
from semcom.studies.study import Point
from semcom_channels.spec import Spec, specs_in


def refuse_code(specs: Iterable[Spec]) -> None:
    """Raises UserError for the first field that names code of its author's."""
    _refuse(specs, lambda path: ".".join(path))


def refuse_code_of(scenario: Scenario, points: Iterable[Point]) -> None:
    """The same for a scenario and the values that its sweep sets."""
    _refuse([scenario.study], lambda path: ".".join(["study", *path]))
    axes = scenario.sweep
    tasks = (point.task for point in points)
    _refuse(tasks, lambda path: "sweep." + next((axis for axis in axes if axis.endswith(path[-1])), path[-1]))


def _refuse(specs: Iterable[Spec], place: Callable[[tuple[str, ...]], str]) -> None:
    met: set[int] = set()
    for spec in specs:
        for path, inner in specs_in(spec, met):
            for field in inner.code_fields():
                raise UserError(
                    f"{place((*path, field))}: {shown(getattr(inner, field))} names code, which can do whatever you "
                    "can; give --trust (in Python trust=True) if you trust who wrote this"
                )
