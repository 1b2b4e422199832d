"""Plain samples, for tiny pictures."""

from typing import Any, ClassVar, Literal

from semcom.codecs.codec import MID_GREY, Codec

LADDER = tuple(
    sorted(
        ((side, depth) for side in (1, 2, 4) for depth in (1, 2, 3, 4, 8)),
        key=lambda step: (step[1] / step[0] ** 2, step[1]),
    )
)
"""(pixels of a side that are averaged into one, bits of a sample), from the lowest rate to the highest."""
INDEX_BITS = 4  # tell the step, from 1; 0 says that nothing was sent


class Pcm(Codec):
    """Averages of squares of pixels, uniformly quantised, without a file's header: for pictures such as 8x8 digits.

    4 bits tell the square's side (1, 2 or 4) and the bits of a sample (1, 2, 3, 4 or 8); of the choices that fit, the
    one with the least square error is sent. [Oliver, Pierce, Shannon 1948]
    """

    kind: Literal["pcm"] = "pcm"
    cites: ClassVar[tuple[str, ...]] = ("oliver1948",)

    def fitting(self, picture: Any, budget_bits: int) -> Any | None:
        """The index and the samples, row by row."""
        from semcom.codecs import pcm_samples

        return pcm_samples.fitting(picture, budget_bits)

    def restore(self, bits: Any, unit: tuple[int, ...]) -> Any:
        """The samples that arrived whole, each over its square."""
        import numpy as np

        from semcom.codecs import pcm_samples

        picture = pcm_samples.restore(bits, unit)
        return np.full(unit, MID_GREY, np.float32) if picture is None else picture
