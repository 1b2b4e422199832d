"""Quality of a link versus SNR or bandwidth."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from semcom.errors import UserError, nearest
from semcom.metrics import METRICS, Metric
from semcom.sources import SOURCES, Source
from semcom.studies.link_point import LinkPoint
from semcom.studies.study import Coordinate, Point, Study, Sweep
from semcom.transceivers import TRANSCEIVERS, Bound, Transceiver
from semcom_channels import CHANNELS, Channel, Part
from semcom_channels.grid_channel import GridChannel
from semcom_channels.units import EBN0_CONVENTION, SNR_CONVENTION, SNR_DB_RANGE, snr_db_of_ebn0
from semcom_estimation import RECEIVERS, Perfect, Receiver

P = TypeVar("P", bound=Part)
PARTS = ("source", "transceiver", "channel", "receiver")


class LinkStudy(Study):
    """Every transceiver over every channel to every receiver at every point of the sweep."""

    kind: Literal["link"] = "link"
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

    def points(self, sweep: Sweep) -> tuple[Point, ...]:
        """The points, transceiver by transceiver; raises UserError for parts that do not fit together."""
        return tuple(self._points(sweep))

    def metric_names(self) -> tuple[str, ...]:
        """The kinds of what is measured, the deciding one first."""
        return tuple(metric.kind for metric in self._metrics())

    def block(self) -> str:
        """The source's, each over fresh fades and noise."""
        return f"{self.source.block} over a fresh channel"

    def _metrics(self) -> tuple[Metric, ...]:
        if self.metrics:
            return self.metrics
        return tuple(METRICS.kinds[name].read({"kind": name}) for name in self.source.metrics)  # type: ignore[misc]

    def _points(self, sweep: Sweep) -> Iterator[Point]:
        _check_axes(sweep)
        for labels in product(self.transceivers, self.channels, self.receivers):
            for values in product(*sweep.values()):
                place = dict(zip(sweep, values, strict=True))
                task = self._task(labels, place)
                coordinates: dict[str, Coordinate] = dict(
                    zip(("transceiver", "channel", "receiver"), labels, strict=True)
                )
                yield Point({**coordinates, **place}, task, _conventions(place, task))

    def _task(self, labels: tuple[str, str, str], place: Mapping[str, Coordinate]) -> LinkPoint:
        label, channel_label, receiver_label = labels
        where = f"study.transceivers.{label} over study.channels.{channel_label}"
        source = _at(self.source, "source", place)
        transceiver = _at(self.transceivers[label], "transceiver", place)
        channel = _at(self.channels[channel_label], "channel", place)
        receiver = _at(self.receivers[receiver_label], "receiver", place)
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


def _check_axes(sweep: Sweep) -> None:
    for axis, values in sweep.items():
        part, dot, _ = axis.partition(".")
        if axis not in ("snr_db", "ebn0_db") and not (dot and part in PARTS):
            raise UserError(
                f"sweep.{axis}: no such axis; expected snr_db, ebn0_db or a field such as transceiver.bandwidth_ratio"
            )
        if not dot:
            _check_decibels(axis, values)
    if "snr_db" in sweep and "ebn0_db" in sweep:
        raise UserError("sweep: snr_db and ebn0_db say the same thing; give one of them")


def _check_decibels(axis: str, values: tuple[Coordinate, ...]) -> None:
    low, high = SNR_DB_RANGE
    for value in values:
        if isinstance(value, str):
            raise UserError(f"sweep.{axis}: {axis} is {value!r}; expected a number")
        if not low <= value <= high:
            raise UserError(f"sweep.{axis}: {axis} is {value:g}; expected {low:g} to {high:g}. Is it in linear scale?")


def _at(part: P, name: str, place: Mapping[str, Coordinate]) -> P:
    """The part with the fields that the sweep sets."""
    changes = {axis.partition(".")[2]: value for axis, value in place.items() if axis.startswith(name + ".")}
    if not changes:
        return part
    plain: dict[str, Any] = part.plain()
    for field, given in changes.items():
        here = plain
        *outer, last = field.split(".")
        for step in outer:
            here = here.get(step, {}) if isinstance(here, dict) else {}
        if not isinstance(here, dict) or last not in here:
            known = here if isinstance(here, dict) and here else plain
            raise UserError(f"sweep.{name}.{field}: {part.kind} has no field {field}; {nearest(last, known)}")
        here[last] = _whole(given)
    try:
        return type(part).read(plain)
    except ValidationError as error:
        fault = error.errors()[0]
        field = next((field for field in changes if field.split(".")[-1] in fault["loc"]), next(iter(changes)))
        told = fault["ctx"]["error"] if fault["type"] == "value_error" else fault["msg"].replace("Input", "it")
        raise UserError(f"sweep.{name}.{field}: {_whole(changes[field])!r} was given; {part.kind}: {told}") from None


def _whole(value: Coordinate) -> Coordinate:
    """The value as it was written: a whole number is an integer."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


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
    for metric in metrics:
        if source.yields not in metric.judges:
            raise UserError(f"study.metrics: {metric.kind} judges {' or '.join(metric.judges)}, not {source.yields}")
        if transceiver.delivers == "scores" and not metric.judges_scores:
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


def _conventions(place: Mapping[str, Coordinate], task: LinkPoint) -> Mapping[str, str]:
    snr = {"snr_db": SNR_CONVENTION} if task.snr_db is not None or task.channel.implies_snr else {}
    return {**snr, "ebn0_db": EBN0_CONVENTION} if "ebn0_db" in place else snr


def _bits_per_use(source: Source, transceiver: Transceiver, channel: Channel, where: str) -> float:
    if source.yields != "bits":
        raise UserError(f"{where}: Eb/N0 is defined for bits; give snr_db for {source.yields}")
    complaint = channel.check()
    if complaint is not None:
        raise UserError(f"{where}: {channel.kind}: {complaint}")
    (unit,) = source.units()
    return float(unit[0] / channel.air_uses(transceiver.cost(unit).channel_uses))
