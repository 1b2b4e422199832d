"""What every source codec is: a picture into bits within a budget, and back from as many as arrived."""

from abc import abstractmethod
from typing import Any

from semcom_channels import Part

MID_GREY = 0.5  # what a viewer sees of a file that cannot be opened


class Codec(Part):
    """Compresses one picture `[height, width, colours]` float32 in [0, 1] into bits `[bits]` uint8 of 0 and 1."""

    def check(self) -> None:
        """Raises UserError when the codec is not installed."""

    def compress(self, picture: Any, budget_bits: int) -> Any | None:
        """The best that fits, headers included; None when nothing fits that a viewer would rather see than mid-grey.

        The sender knows the picture: it sends nothing where mid-grey has no larger square error than what fits.
        """
        import numpy as np

        bits = self.fitting(picture, budget_bits)
        if bits is None:
            return None
        shown, grey = (
            float(np.sum(np.square(seen - picture, dtype=np.float64)))
            for seen in (self.restore(bits, tuple(picture.shape)), np.float32(MID_GREY))
        )
        return bits if shown < grey else None

    @abstractmethod
    def fitting(self, picture: Any, budget_bits: int) -> Any | None:
        """The best of the codec's pictures that fit, headers included; None when the coarsest does not."""

    @abstractmethod
    def restore(self, bits: Any, unit: tuple[int, ...]) -> Any:
        """What a viewer sees of the leading bits that arrived, `unit` float32; mid-grey where there is nothing.

        Bits after the picture's own are passed over.
        """
