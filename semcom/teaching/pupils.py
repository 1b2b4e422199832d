"""What of a scenario is learned, and what of that lacks weights."""

from collections.abc import Iterator

from semcom.learning import Pupil
from semcom.learning.weight_files import find
from semcom.scenario.scenario import Scenario
from semcom.studies.study import Point


def learned(scenario: Scenario) -> dict[str, Pupil]:
    """Everything of a scenario that learns, once, under a name that tells it from the others."""
    found: dict[str, Pupil] = {}
    for name, pupil in _all(scenario):
        if pupil not in found.values():
            found[name if name not in found else f"{name} {pupil.weights_key[:6]}"] = pupil
    return found


def missing(scenario: Scenario) -> dict[str, Pupil]:
    """Those that have no weights."""
    return {name: pupil for name, pupil in learned(scenario).items() if find(pupil) is None}


def _all(scenario: Scenario) -> Iterator[tuple[str, Pupil]]:
    for point in scenario.points():
        for pupil in point.task.pupils():
            yield _name(point, pupil), pupil


def _name(point: Point, pupil: Pupil) -> str:
    """Its kind, and the coordinates that set fields of parts."""
    return " ".join([pupil.kind, *(f"{value}" for axis, value in point.coordinates.items() if "." in axis)])
