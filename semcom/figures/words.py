"""What axes say."""

from semcom.metrics import METRICS, Metric
from semcom.sensing_metrics import SENSING_METRICS, SensingMetric

AXES = {
    "snr_db": "SNR = Es/N0 (dB)",
    "ebn0_db": "Eb/N0 (dB)",
    "transceiver.bandwidth_ratio": "Bandwidth ratio k/n (channel uses per source value)",
    "channel.flip_probability": "Flip probability",
    "channel.erasure_probability": "Erasure probability",
    "channel.k_factor_db": "Rician K factor (dB)",
    "channel.budget.transmit_power_dbm": "Transmit power (dBm)",
}


def axis_label(axis: str) -> str:
    """What the axis across says, with its unit."""
    if axis in AXES:
        return AXES[axis]
    words = axis.rpartition(".")[2]
    unit = " (dB)" if words.endswith("_db") else ""
    return words.removesuffix("_db").replace("_", " ").capitalize() + unit


def places_along(axis: str) -> str:
    """What the places along a sampled axis are, such as users."""
    words = axis_label(axis).lower()
    return words if words.endswith("s") else words + "s"


def metric_of(name: str) -> type[Metric] | type[SensingMetric] | None:
    """The metric with that name, if an installed package still has it."""
    kind = METRICS.kinds.get(name) or SENSING_METRICS.kinds.get(name)
    return kind if kind is not None and issubclass(kind, Metric | SensingMetric) else None
