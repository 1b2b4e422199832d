"""What every study is: it turns a sweep into points, each of which can be evaluated anywhere."""

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, NamedTuple, TypeAlias

from semcom.learning import Pupil
from semcom.tally import Tallies
from semcom_channels import Part, Spec, Streams

Coordinate: TypeAlias = str | float
Sweep: TypeAlias = Mapping[str, tuple[Coordinate, ...]]
"""For each axis its values: `snr_db`, `ebn0_db`, or a field such as `transceiver.bandwidth_ratio`."""


class Task(Spec):
    """All that one point needs: it pickles to a worker, and its key names the point."""

    size_field: ClassVar[str] = "a chunk"
    """The field that makes chunks large, such as batch."""

    @abstractmethod
    def check(self) -> None:
        """Raises UserError for what is known to be missing before anything is computed, such as weights."""

    def memory_bytes(self) -> float:
        """The memory that a chunk takes at the least, so that too much is refused before it is taken."""
        return 0.0

    def files(self) -> Mapping[str, tuple[Path, ...]]:
        """For each field of the task the files that decide it, such as weights; raises UserError for missing ones."""
        return {}

    def pupils(self) -> tuple[Pupil, ...]:
        """What has to be trained before it can be evaluated."""
        return ()

    @abstractmethod
    def facts(self) -> Mapping[str, float]:
        """What the record states of the point besides its coordinates, such as its cost."""

    def cautions(self) -> tuple[str, ...]:
        """What a reader of the point's results should know, in words; the record keeps it."""
        return ()

    def reference(self, metric: str) -> float | None:
        """What theory says of a metric here, where it has a closed form."""
        return None

    @abstractmethod
    def stream_keys(self) -> Mapping[str, int]:
        """For each purpose of randomness, the hash of what its numbers depend on."""

    def counted(self) -> tuple[str, ...]:
        """The names of the tallies that a chunk gives; () where that is not known before one is computed."""
        return ()

    @abstractmethod
    def evaluate(self, streams: Streams) -> Tallies:
        """One chunk: a tally for each metric."""


class Point(NamedTuple):
    """A point of a sweep: where it stands in the figure, and its task."""

    coordinates: Mapping[str, Coordinate]
    task: Task
    conventions: Mapping[str, str]
    """How coordinates and facts are meant, such as the definition of SNR."""

    @property
    def where(self) -> str:
        """Its coordinates in words."""
        return ", ".join(f"{axis} {value}" for axis, value in self.coordinates.items())


class Study(Part):
    """What a scenario asks."""

    labels: ClassVar[tuple[str, ...]]
    """The coordinates of a point that are names which the scenario gives, the one that curves show first."""
    axis_labels: ClassVar[Mapping[str, str]] = {}
    """What axes of its figures say, where that is not the field's own name."""

    @abstractmethod
    def points(self, sweep: Sweep) -> tuple[Point, ...]:
        """The points of a sweep; raises UserError for parts that do not fit together."""

    @abstractmethod
    def metric_names(self) -> tuple[str, ...]:
        """The metrics that are measured; the first one decides when a point has enough, unless the scenario says."""

    @abstractmethod
    def block(self) -> str:
        """What the independent blocks are that intervals count, in words for a figure's caption."""
