"""What studies of links share: who sends what, over which channel and to whom."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from semcom.errors import UserError
from semcom.metrics import METRICS, Metric
from semcom.sources import SOURCES, Source
from semcom.studies.link_point import LinkPoint
from semcom.studies.study import Coordinate, Study
from semcom.studies.sweep_fields import part_at
from semcom.transceivers import TRANSCEIVERS, Bound, Transceiver
from semcom_channels import CHANNELS, Channel
from semcom_channels.grid_channel import GridChannel
from semcom_channels.units import BEAMS_CONVENTION, EBN0_CONVENTION, SNR_CONVENTION, snr_db_of_ebn0
from semcom_estimation.receivers import RECEIVERS, Perfect, Receiver

AXIS_LABELS = {
    "snr_db": "SNR = Es/N0 (dB)",
    "ebn0_db": "Eb/N0 (dB)",
    "transceiver.bandwidth_ratio": "Bandwidth ratio k/n (channel uses per source value)",
    "channel.k_factor_db": "Rician K factor (dB)",
    "channel.budget.transmit_power_dbm": "Transmit power (dBm)",
}
PARTS = ("source", "transceiver", "channel", "receiver")


class Links(Study):
    """A study over links of every transceiver over every channel to every receiver."""

    labels: ClassVar[tuple[str, ...]] = ("transceiver", "channel", "receiver")
    axis_labels = AXIS_LABELS
    source: Annotated[Source, SOURCES]
    """What is sent."""
    transceivers: Annotated[dict[str, Annotated[Transceiver, TRANSCEIVERS]], Field(min_length=1)]
    """Who sends it, under the names that the legend shows."""
    channels: Annotated[dict[str, Annotated[Channel, CHANNELS]], Field(min_length=1)]
    """What it passes, under the names that the legend shows."""
    receivers: Annotated[dict[str, Annotated[Receiver, RECEIVERS]], Field(min_length=1)] = {"perfect": Perfect()}  # noqa: RUF012
    """What makes symbols of what arrives, under the names that the legend shows."""
    metrics: tuple[Annotated[Metric, METRICS], ...] = ()
    """What is measured; empty: what suits the source."""
    batch: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    """Source units in a chunk, the smallest piece of work."""

    def metric_names(self) -> tuple[str, ...]:
        """The kinds of what is measured, the deciding one first."""
        return tuple(metric.kind for metric in self._metrics())

    def _metrics(self) -> tuple[Metric, ...]:
        if self.metrics:
            return self.metrics
        return tuple(METRICS.kinds[name].read({"kind": name}) for name in self.source.metrics)  # type: ignore[misc]

    def task(self, labels: tuple[str, str, str], place: Mapping[str, Coordinate]) -> LinkPoint:
        """The point of a transceiver, a channel and a receiver with what the sweep sets; UserError for misfits."""
        label, channel_label, receiver_label = labels
        where = f"study.transceivers.{label} over study.channels.{channel_label}"
        source = part_at(self.source, "source", place)
        transceiver = part_at(self.transceivers[label], "transceiver", place)
        channel = part_at(self.channels[channel_label], "channel", place)
        receiver = part_at(self.receivers[receiver_label], "receiver", place)
        metrics = self._metrics()
        _check_fit(source, transceiver, channel, where)
        complaint = receiver.check(channel)
        if complaint is not None:
            raise UserError(f"study.receivers.{receiver_label} behind study.channels.{channel_label}: {complaint}")
        _check_metrics(source, transceiver, metrics, where)
        return LinkPoint(
            source=source,
            transceiver=transceiver,
            channel=channel,
            receiver=receiver,
            metrics=metrics,
            batch=self.batch,
            snr_db=_snr_db(source, transceiver, channel, place, where),
        )


def _check_fit(source: Source, transceiver: Transceiver, channel: Channel, where: str) -> None:
    if source.yields not in transceiver.takes:
        raise UserError(
            f"{where}: {transceiver.kind} sends {' or '.join(transceiver.takes)}; the source {source.kind} yields "
            f"{source.yields}"
        )
    if isinstance(transceiver, Bound) and isinstance(channel, GridChannel) and channel.receive_antennas > 1:
        raise UserError(f"{where}: {transceiver.kind} bounds links between one antenna and another")
    if channel.carries == "letters":
        raise UserError(f"{where}: {channel.kind} carries letters; a link needs a channel that carries symbols")
    if channel.carries == "antipodal" and not transceiver.antipodal:
        raise UserError(f"{where}: {channel.kind} carries +1 and -1 only; give the transceiver modulation: bpsk")


def _check_metrics(source: Source, transceiver: Transceiver, metrics: tuple[Metric, ...], where: str) -> None:
    if not transceiver.sends_files and all(metric.judges_delivery for metric in metrics):
        raise UserError(f"study.metrics: {metrics[0].kind} is of files, and {where}: {transceiver.kind} sends none")
    for metric in metrics:
        if source.yields not in metric.judges:
            raise UserError(f"study.metrics: {metric.kind} judges {' or '.join(metric.judges)}, not {source.yields}")
        if transceiver.delivers == "scores" and not (metric.judges_scores or metric.judges_delivery):
            raise UserError(
                f"study.metrics: {metric.kind} judges {' or '.join(metric.judges)}; {where}: {transceiver.kind} "
                "delivers scores of classes"
            )
        if metric.needs_classes and not source.classes:
            raise UserError(f"study.metrics: {metric.kind} needs a source with classes; {source.kind} has none")


def _snr_db(
    source: Source, transceiver: Transceiver, channel: Channel, place: Mapping[str, Coordinate], where: str
) -> float | None:
    axis = next((axis for axis in ("snr_db", "ebn0_db") if axis in place), None)
    if not channel.has_snr:
        if axis is not None:
            raise UserError(f"{where}: {channel.kind} has no SNR; sweep its own field instead of {axis}")
        if transceiver.needs_snr:
            raise UserError(f"{where}: {transceiver.kind} adapts to the SNR; {channel.kind} has none")
        return None
    if channel.implies_snr:
        if axis is not None:
            raise UserError(
                f"{where}: the link budget of {channel.kind} implies the SNR; leave {axis} out of the sweep"
            )
        return None
    if axis is None:
        raise UserError(f"sweep: {where} needs an SNR; give snr_db or ebn0_db")
    given = float(place[axis])
    return given if axis == "snr_db" else snr_db_of_ebn0(given, _bits_per_use(source, transceiver, channel, where))


def conventions(place: Mapping[str, Coordinate], task: LinkPoint) -> Mapping[str, str]:
    """How the coordinates and facts of a point are meant."""
    beams = BEAMS_CONVENTION if task.channel.points_beams else ""
    snr = {"snr_db": SNR_CONVENTION + beams} if task.snr_db is not None or task.channel.implies_snr else {}
    ebn0 = {"ebn0_db": EBN0_CONVENTION + beams} if "ebn0_db" in place else {}
    return {**snr, **ebn0, **task.transceiver.conventions()}


def _bits_per_use(source: Source, transceiver: Transceiver, channel: Channel, where: str) -> float:
    if source.yields != "bits":
        raise UserError(f"{where}: Eb/N0 is defined for bits; give snr_db for {source.yields}")
    complaint = channel.check()
    if complaint is not None:
        raise UserError(f"{where}: {channel.kind}: {complaint}")
    (unit,) = source.units()
    return float(unit[0] / channel.air_uses(transceiver.cost(unit).channel_uses))
