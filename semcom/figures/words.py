"""What axes say."""

from collections.abc import Mapping

from semcom.games.metrics import GAME_METRICS, GameMetric
from semcom.metrics import METRICS, Metric
from semcom.sensing_metrics import SENSING_METRICS, SensingMetric


def axis_label(axis: str, labels: Mapping[str, str]) -> str:
    """What an axis across says, with its unit: what the study says of it, or its field's name in words."""
    if axis in labels:
        return labels[axis]
    words = axis.rpartition(".")[2]
    unit = " (dB)" if words.endswith("_db") else ""
    return words.removesuffix("_db").replace("_", " ").capitalize() + unit


def places_along(label: str) -> str:
    """What the places along a sampled axis with that label are, such as users."""
    words = label.lower()
    return words if words.endswith("s") else words + "s"


def metric_of(name: str) -> type[Metric] | type[SensingMetric] | type[GameMetric] | None:
    """The metric with that name, if an installed package still has it."""
    kind = METRICS.kinds.get(name) or SENSING_METRICS.kinds.get(name) or GAME_METRICS.kinds.get(name)
    return kind if kind is not None and issubclass(kind, Metric | SensingMetric | GameMetric) else None
