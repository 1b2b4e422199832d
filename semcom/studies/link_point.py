"""One point of a link study."""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from semcom.errors import UserError
from semcom.learning import Pupil
from semcom.metrics import DELIVERY, METRICS, Metric
from semcom.sources import SOURCES, Batch, Source
from semcom.studies.study import Task
from semcom.studies.tallies import tally_of
from semcom.tally import Tallies, Tally
from semcom.transceivers import TRANSCEIVERS, Cost, Learned, Transceiver, Unit
from semcom_channels import CHANNELS, Channel, Streams
from semcom_channels.grid_channel import GridChannel
from semcom_channels.spec import key_of
from semcom_estimation.receivers import RECEIVERS, Receiver

SINGLE, COMPLEX = 4, 8  # bytes of a number


class LinkPoint(Task):
    """A source, a transceiver, a channel and a receiver at one SNR."""

    source: Annotated[Source, SOURCES]
    transceiver: Annotated[Transceiver, TRANSCEIVERS]
    channel: Annotated[Channel, CHANNELS]
    receiver: Annotated[Receiver, RECEIVERS]
    metrics: tuple[Annotated[Metric, METRICS], ...]
    batch: Annotated[int, Field(ge=1)]
    snr_db: float | None
    size_field: ClassVar[str] = "batch"

    def memory_bytes(self) -> float:
        """What is sent, its symbols, and what arrives at each antenna; raises UserError for what cannot be sent."""
        self._check_channel()
        count = 1 if self.source.one_block else self.batch
        each = [self._unit_bytes(unit, self.transceiver.cost(unit)) for unit in self.source.units()]
        return float(count * sum(each))

    def _unit_bytes(self, unit: Unit, cost: Cost) -> float:
        antennas = self.channel.receive_antennas if isinstance(self.channel, GridChannel) else 1
        heard = self.channel.air_uses(cost.channel_uses) * antennas
        return (
            math.prod(unit) * SINGLE + cost.channel_uses * COMPLEX + (cost.coded_bits or 0) * SINGLE + heard * COMPLEX
        )

    def check(self) -> None:
        """Raises UserError when the source cannot be read, its units do not fit or weights are missing."""
        for unit in self.source.units():
            self.transceiver.cost(unit)
            for metric in self.metrics:
                metric.check(unit)
        self.transceiver.check()
        self._check_channel()

    def _check_channel(self) -> None:
        complaint = self.channel.check()
        if complaint is not None:
            raise UserError(f"{self.channel.kind}: {complaint}")

    def files(self) -> Mapping[str, tuple[Path, ...]]:
        """Weights, pictures and whatever else its parts read."""
        return {
            "source": self.source.files(),
            "transceiver": self.transceiver.files(),
            "channel": self.channel.files(),
            "receiver": self.receiver.files(),
            "metrics": tuple(path for metric in self.metrics for path in metric.files()),
        }

    def pupils(self) -> tuple[Pupil, ...]:
        """The transceiver, if it learns."""
        return (self.transceiver,) if isinstance(self.transceiver, Learned) else ()

    def facts(self) -> Mapping[str, float]:
        """The SNR and what a draw of the source costs: symbols, channel uses on the air with pilots, bits."""
        costs = [self.transceiver.cost(unit) for unit in self.source.units()]
        values = [math.prod(unit) for unit in self.source.units()]
        facts = {
            "channel_uses": sum(cost.channel_uses for cost in costs) / len(costs),
            "air_uses": sum(self.channel.air_uses(cost.channel_uses) for cost in costs) / len(costs),
            "source_values": sum(values) / len(values),
            "side_bits": sum(cost.side_bits for cost in costs) / len(costs),
        }
        coded = [cost.coded_bits for cost in costs if cost.coded_bits is not None]
        if len(coded) == len(costs):
            facts["coded_bits"] = sum(coded) / len(coded)
        snr_db = self._known_snr_db()
        return facts if snr_db is None else {"snr_db": snr_db, **facts}

    def _known_snr_db(self) -> float | None:
        return self.channel.implied_snr_db() if self.channel.implies_snr else self.snr_db

    def cautions(self) -> tuple[str, ...]:
        """The source's, the channel's, the receiver's and the transceiver's."""
        snr_db = self._known_snr_db()
        receiver = () if snr_db is None else self.receiver.cautions(self.channel, snr_db)
        return (*self.source.cautions(), *self.channel.cautions(), *receiver, *self.transceiver.cautions())

    def reference(self, metric: str) -> float | None:
        """The transceiver's closed form over this channel."""
        return self.transceiver.closed_form(metric, self.channel, self.snr_db)

    def stream_keys(self) -> Mapping[str, int]:
        """Pictures depend on the source, fades also on the channel, noise on all but the receiver: pairs compare."""
        source = {"source": self.source.plain(), "batch": self.batch}
        channel = {**source, "channel": self.channel.fading()}
        noise = {
            **channel,
            "transceiver": self.transceiver.plain(),
            "snr_db": self.snr_db,
        }
        streams = {"source": source, "channel": channel, "noise": noise}
        return {purpose: int(key_of(plain), 16) for purpose, plain in streams.items()}

    def counted(self) -> tuple[str, ...]:
        """The kinds of what is measured of this transceiver."""
        return tuple(metric.kind for metric in self.measures())

    def evaluate(self, streams: Streams) -> Tallies:
        """One chunk of the source's units over the channel."""
        batches = self.source.draw(self.batch, streams.rng("source"))
        measured = list(self._measure(batches, streams))
        return {
            metric.kind: self.tally(metric, [values[metric.kind] for values in measured], batches)
            for metric in self.measures()
        }

    def measures(self) -> tuple[Metric, ...]:
        """The metrics, but those of files only of a transceiver that sends files, and of that always."""
        if self.transceiver.sends_files:
            return (*self.metrics, *(metric for metric in DELIVERY if metric not in self.metrics))
        return tuple(metric for metric in self.metrics if not metric.judges_delivery)

    def _measure(self, batches: Sequence[Batch], streams: Streams) -> Iterator[Mapping[str, Any]]:
        from semcom.studies.link_graph import run

        for index, batch in enumerate(batches):
            yield run(self, batch, within(streams, index))

    def tally(self, metric: Metric, values: Sequence[Any], batches: Sequence[Batch]) -> Tally:
        """The tally of a metric's values for the units of each batch."""
        import numpy as np

        trials = metric.trials(batches[0].data.shape[1:])
        numbers = np.concatenate(values) if len(values) > 1 else values[0]
        if not self.source.one_block:
            return tally_of(metric, numbers, trials)
        if metric.counts == "rate":
            return tally_of(metric, [numbers.sum(dtype=np.float64)], trials * len(numbers))
        return tally_of(metric, [numbers.mean(dtype=np.float64)])


def within(streams: Streams, index: int) -> Streams:
    """Streams of the batch with that number in a chunk of several."""
    keys = {purpose: key ^ (index << 64) for purpose, key in streams.keys.items()}
    return Streams(streams.seed, streams.repeat, streams.chunk, keys)
