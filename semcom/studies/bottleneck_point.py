"""One point of a bottleneck study: sources compressed by one encoder at one rate."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from semcom.encoders import ENCODERS, Encoder
from semcom.encoders.metrics import BOTTLENECK_METRICS, BottleneckMetric
from semcom.marginals import MARGINALS, Marginal
from semcom.studies.study import Task
from semcom.studies.tallies import tallies_of
from semcom.tally import Tallies
from semcom_channels import Streams
from semcom_channels.spec import key_of


class BottleneckPoint(Task):
    """A family of sources and an encoder at a number of letters and a rate."""

    marginals: Annotated[Marginal, MARGINALS]
    encoder: Annotated[Encoder, ENCODERS]
    metrics: tuple[Annotated[BottleneckMetric, BOTTLENECK_METRICS], ...]
    sources: Annotated[int, Field(ge=1)]
    letters: Annotated[int, Field(ge=1)]
    rate_bits: Annotated[float, Field(ge=0.0)]
    size_field: ClassVar[str] = "sources"

    def memory_bytes(self) -> float:
        """The masses of all sources."""
        return 8.0 * self.sources * self.letters

    def check(self) -> None:
        """Raises UserError for more letters than the encoder takes."""
        self.encoder.check(self.letters)

    def facts(self) -> Mapping[str, float]:
        """The rate and the number of letters."""
        return {"rate_bits": self.rate_bits, "letters": float(self.letters)}

    def stream_keys(self) -> Mapping[str, int]:
        """Sources depend on their family and the number of letters: encoders and rates compare in pairs."""
        return {"source": int(key_of({"marginals": self.marginals.plain(), "letters": self.letters}), 16)}

    def counted(self) -> tuple[str, ...]:
        """The kinds of its metrics."""
        return tuple(metric.kind for metric in self.metrics)

    def evaluate(self, streams: Streams) -> Tallies:
        """One chunk of sources."""
        rng = streams.rng("source")
        laws = [self.marginals.draw(self.letters, rng) for _ in range(self.sources)]
        codes = [self.encoder.encode(law, self.rate_bits) for law in laws]
        return tallies_of(self.metrics, [[one.value(code, self.rate_bits) for one in self.metrics] for code in codes])
