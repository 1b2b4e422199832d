"""One point of a coupling study: pairs of marginals joined by one coupler."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from semcom.couplers import COUPLERS, Coupler
from semcom.couplers.exact import Exact
from semcom.couplers.metrics import COUPLING_METRICS, CouplingMetric
from semcom.errors import UserError
from semcom.marginals import MARGINALS, Marginal
from semcom.studies.study import Task
from semcom.studies.tallies import tallies_of
from semcom.tally import Tallies
from semcom_channels import Streams
from semcom_channels.spec import key_of


class CouplingPoint(Task):
    """A family of marginals and a coupler at a number of letters."""

    marginals: Annotated[Marginal, MARGINALS]
    coupler: Annotated[Coupler, COUPLERS]
    metrics: tuple[Annotated[CouplingMetric, COUPLING_METRICS], ...]
    pairs: Annotated[int, Field(ge=1)]
    letters: Annotated[int, Field(ge=1)]
    size_field: ClassVar[str] = "letters"

    def memory_bytes(self) -> float:
        """A pair of marginals, its weights and masses."""
        return 32.0 * self.letters

    def check(self) -> None:
        """Raises UserError for more letters than the coupler takes, or than the exact coupling of a metric does."""
        self.coupler.check(self.letters)
        for metric in self.metrics:
            if metric.needs_exact and self.letters > Exact.most_letters:
                raise UserError(
                    f"{metric.kind} needs the exact coupling, which takes at most {Exact.most_letters} letters; "
                    f"letters is {self.letters}. Take gap_bits"
                )

    def facts(self) -> Mapping[str, float]:
        """The number of letters."""
        return {"letters": float(self.letters)}

    def stream_keys(self) -> Mapping[str, int]:
        """Pairs depend on their family and the number of letters: couplers compare in pairs."""
        return {"source": int(key_of({"marginals": self.marginals.plain(), "letters": self.letters}), 16)}

    def counted(self) -> tuple[str, ...]:
        """The kinds of its metrics."""
        return tuple(metric.kind for metric in self.metrics)

    def evaluate(self, streams: Streams) -> Tallies:
        """One chunk of pairs."""
        from semcom.studies.coupling_trials import coupled_pairs

        values = [[metric.value(coupled) for metric in self.metrics] for coupled in coupled_pairs(self, streams)]
        return tallies_of(self.metrics, values)
