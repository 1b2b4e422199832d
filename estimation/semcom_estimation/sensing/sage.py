"""Space-alternating generalised expectation-maximisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from semcom_estimation.sensing.counting import Counting
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.targets import Targets


class Sage(Counting):
    """Space-alternating generalised expectation-maximisation, a target and a mode at a time. [Fleury et al. 1999]

        cancellation -> [ what other targets leave -> best frequency of each mode in turn -> gain ] until still

    A target's frequency in one mode maximises |a* x|^2 over the whole field of view, x being what the other targets
    leave, while its frequencies in the other modes stay. With an unknown number, targets are added while they pass
    what noise alone reaches with the probability `false_alarm`, and all are maximised in turn after each. Near targets
    take thousands of rounds; where `iterations` end them too soon, deviations are nan.
    """

    kind: Literal["sage"] = "sage"
    cites: ClassVar[tuple[str, ...]] = ("fleury1999",)
    zero_padding: Annotated[float, Field(ge=1.0, le=8.0)] = 2.0
    """Points of the first search to a resolution bin of each mode."""
    iterations: Annotated[int, Field(ge=0, le=1_000_000)] = 10_000
    """Rounds over all targets at most; they end when the way that is left is far below the standard deviations."""

    def found(
        self, tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None
    ) -> Targets:
        """In a tensor that has passed the door."""
        from semcom_estimation.sensing.expectation import Paths
        from semcom_estimation.sensing.least_squares import reported

        paths = Paths(tensor, model, self.zero_padding, self.iterations)
        frequencies = self.searched(paths, model, noise_variance, targets)
        return reported(tensor, model, frequencies, noise_variance, likeliest=True)
