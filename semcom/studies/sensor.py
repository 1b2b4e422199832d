"""Who listens to a frame, and how."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from semcom_channels import PointTargets, Spec
from semcom_channels.arrays import Array
from semcom_channels.layout import layout_of
from semcom_estimation.sensing import ESTIMATORS, Plain, SensingEstimator
from semcom_estimation.sensing.elements import ELEMENTS, Element, Weighting
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.view import View


class Sensor(Spec):
    """Echoes at the base station, or what the terminal hears, made a tensor and searched for targets."""

    at: Literal["base", "terminal"] = "base"
    """"base": the radar hears echoes of the frame, ranges and speeds are the targets'. "terminal": the receiver hears
    the line of sight and reflections; ranges are what a path is longer than the first, speeds how fast it shortens."""
    known: Literal["frame", "pilots"] = "frame"
    """Which elements are used: the base station knows the frame that it sends, the terminal its pilots alone."""
    element: Annotated[Element, ELEMENTS] = Weighting()
    """What makes elements of the channel from those heard and sent."""
    estimator: Annotated[SensingEstimator, ESTIMATORS] = Plain()
    """Who looks for targets in them."""
    view: View = View()
    """Where it looks."""
    known_order: bool = True
    """Whether the estimator is told how many targets there are."""
    known_noise: bool = True
    """Whether the estimator is told the noise variance that the elements state."""
    cancellations: Annotated[int, Field(ge=0, le=10)] = 1
    """How often what was found is taken from what is heard, so that data leave nothing of it in the elements, and
    targets are looked for again; symbols of one modulus leave nothing anyway."""
    gate_bins: Annotated[float, Field(gt=0.0, le=4.0)] = 0.5
    """How near, in resolution bins of each mode, an estimate counts as the target."""

    @model_validator(mode="after")
    def _knows_what_it_can(self) -> "Sensor":
        if self.at == "terminal" and self.known == "frame":
            raise ValueError("the terminal knows pilots alone; give known: pilots")
        return self

    def targets(self, channel: PointTargets) -> int:
        """How many there are to be found; the line of sight is one at the terminal."""
        here = sum(group.count for group in channel.targets)
        return here + int(channel.line_of_sight) if self.at == "terminal" else here

    def array(self, channel: PointTargets) -> Array:
        """The antennas that listen; ValueError without a radar."""
        array = channel.radar if self.at == "base" else channel.receiver
        if array is None:
            raise ValueError("a sensor at the base station needs a radar; give the channel one")
        return array

    def model(self, channel: PointTargets, uses: int) -> SignalModel:
        """What it measures of frames of that many symbols; ValueError where it cannot."""
        from semcom_estimation.sensing.pattern import known_elements, regular

        if self.at == "terminal" and channel.direction == "uplink":
            raise ValueError("the terminal sends; a sensor there needs direction: downlink")
        array = self.array(channel)
        pattern = regular(known_elements(layout_of(channel.law, uses), self.known), channel.grid)
        geometry: Literal["monostatic", "bistatic"] = "monostatic" if self.at == "base" else "bistatic"
        return self.view.model(channel.grid, pattern, array, channel.carrier_hz, geometry)
