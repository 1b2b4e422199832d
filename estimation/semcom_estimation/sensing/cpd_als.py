"""Canonical polyadic decomposition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from semcom_estimation.sensing.estimator import Estimator
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.targets import Targets


class CpdAls(Estimator):
    """Canonical polyadic decomposition by TensorLy's alternating least squares, then one tone to a factor.

        tensor -> higher-order SVD -> core -> alternating least squares -> factors -> a tone of each -> gains

    Each mode is first reduced to its leading subspace of as many dimensions as there are targets. Two targets that
    share a parameter make factors collinear, and alternating least squares slow or degenerate. Needs the number of
    targets. [Kolda & Bader 2009, section 3.4; Kossaifi et al. 2019]
    """

    kind: Literal["cpd_als"] = "cpd_als"
    cites: ClassVar[tuple[str, ...]] = ("kolda2009", "kossaifi2019")
    needs_number: ClassVar[bool] = True
    starts: Annotated[int, Field(ge=1, le=100)] = 3
    """The first at singular vectors, which mix targets of equal strength, the others at random; the best goes on."""
    iterations: Annotated[int, Field(ge=1, le=100_000)] = 1000
    """Of alternating least squares at most."""
    tolerance: Annotated[float, Field(gt=0.0, le=0.1)] = 1e-12
    """Change of the relative error at which they end."""

    def most_targets(self, model: SignalModel) -> int:
        """Of which Kruskal's condition makes the decomposition unique, were all frequencies different.

        The sum over modes of min(N_m, K) is 2 K + M - 1 at least; a single target always is. [Kruskal 1977]
        """
        modes = len(model.shape)
        most, fits = 1, min(model.most_targets, sum(model.shape))
        for targets in range(2, fits + 1):
            if sum(min(length, targets) for length in model.shape) >= 2 * targets + modes - 1:
                most = targets
        return most

    def found(
        self, tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None
    ) -> Targets:
        """In a tensor that has passed the door."""
        from semcom_estimation.sensing.alternating import frequencies_of
        from semcom_estimation.sensing.least_squares import reported

        frequencies = frequencies_of(tensor, model, targets or 0, self.starts, self.iterations, self.tolerance)
        return reported(tensor, model, frequencies, noise_variance)
