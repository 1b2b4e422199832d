"""Quality of a link versus SNR or bandwidth."""

from collections.abc import Iterator
from itertools import product
from typing import Literal

from semcom.studies.links import PARTS, Links, conventions
from semcom.studies.study import Coordinate, Point, Sweep
from semcom.studies.sweep_fields import check_axes, places_of


class LinkStudy(Links):
    """Every transceiver over every channel to every receiver at every point of the sweep."""

    kind: Literal["link"] = "link"

    def points(self, sweep: Sweep) -> tuple[Point, ...]:
        """The points, transceiver by transceiver; raises UserError for parts that do not fit together."""
        return tuple(self._points(sweep))

    def block(self) -> str:
        """The source's, each over fresh fades and noise."""
        return f"{self.source.block} over a fresh channel"

    def _points(self, sweep: Sweep) -> Iterator[Point]:
        check_axes(sweep, ("snr_db", "ebn0_db"), PARTS)
        for labels in product(self.transceivers, self.channels, self.receivers):
            for place in places_of(sweep):
                task = self.task(labels, place)
                coordinates: dict[str, Coordinate] = dict(zip(self.labels, labels, strict=True))
                yield Point({**coordinates, **place}, task, conventions(place, task))
