"""What of a scenario is learned, and what of that lacks weights."""

from collections.abc import Iterator

from semcom.catalogue import parts
from semcom.scenario.scenario import Scenario
from semcom.transceivers import Learned
from semcom.transceivers.weight_files import find


def learned(scenario: Scenario) -> dict[str, Learned]:
    """Every learned transceiver of a scenario, once, under a name that tells it from the others."""
    found: dict[str, Learned] = {}
    for name, transceiver in _all(scenario):
        if transceiver not in found.values():
            found[name if name not in found else f"{name} {transceiver.weights_key[:6]}"] = transceiver
    return found


def missing(scenario: Scenario) -> dict[str, Learned]:
    """Those that have no weights."""
    return {name: transceiver for name, transceiver in learned(scenario).items() if find(transceiver) is None}


def _all(scenario: Scenario) -> Iterator[tuple[str, Learned]]:
    for point in scenario.points():
        axes = [f"{value}" for axis, value in point.coordinates.items() if axis.startswith("transceiver.")]
        name = " ".join([str(point.coordinates.get("transceiver", "")), *axes])
        for part in parts(point.task):
            if isinstance(part, Learned):
                yield name, part
