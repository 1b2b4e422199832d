"""What axes say."""

from collections.abc import Mapping

from semcom.couplers.metrics import COUPLING_METRICS
from semcom.encoders.metrics import BOTTLENECK_METRICS
from semcom.games.metrics import GAME_METRICS
from semcom.metrics import METRICS
from semcom.quantity import Quantity
from semcom.sensing_metrics import SENSING_METRICS
from semcom_channels.kinds import PlugInError

FAMILIES = (METRICS, SENSING_METRICS, GAME_METRICS, COUPLING_METRICS, BOTTLENECK_METRICS)


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


def metric_of(name: str) -> type[Quantity] | None:
    """The metric with that name, if an installed package still has it and it can be used."""
    try:
        kind = next((family.kinds[name] for family in FAMILIES if name in family.kinds), None)
    except PlugInError:
        return None
    return kind if kind is not None and issubclass(kind, Quantity) else None
