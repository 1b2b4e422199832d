"""A number that is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from semcom_estimation.sensing.order.order import Order

if TYPE_CHECKING:
    import numpy as np


class Fixed(Order):
    """As many as are said, whatever the eigenvalues."""

    kind: Literal["fixed"] = "fixed"
    targets: Annotated[int, Field(ge=0, le=1000)] = 1
    """How many."""

    def orders(self, eigenvalues: Sequence[np.ndarray], snapshots: Sequence[int]) -> tuple[int, ...]:
        """In each mode, or one less than its samples."""
        return tuple(min(self.targets, len(values) - 1) for values in eigenvalues)
