"""What sources of pictures share: tiles cut at random, or the whole pictures one after the other."""

from abc import abstractmethod
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from semcom.sources.source import Batch, Source, Yields

GRID = 16  # whole pictures are cut to multiples of this many pixels


class Pictures(Source):
    """Colour pictures in [0, 1], as tiles or whole."""

    yields: ClassVar[Yields] = "images"
    metrics: ClassVar[tuple[str, ...]] = ("psnr", "ssim")
    view: Literal["tiles", "whole"] = "whole"
    """`whole`: every picture once a draw, cut to multiples of 16 pixels. `tiles`: squares cut at random places."""
    tile: Annotated[int, Field(ge=16, le=1024)] = 64
    """The side of a tile in pixels."""

    @property
    def one_block(self) -> bool:
        """Whole pictures are one fixed set: a pass over all of them is a block."""
        return self.view == "whole"

    @property
    def block(self) -> str:
        """A pass over the whole pictures, or a tile of them."""
        count = len(self.pictures())
        return f"a pass over the same {count} pictures" if self.one_block else f"a tile of one of {count} pictures"

    @abstractmethod
    def pictures(self) -> tuple[Any, ...]:
        """The pictures, each `[height, width, 3]` uint8."""

    def weights(self) -> tuple[float, ...]:
        """How often each picture is chosen for a tile; sums to 1."""
        count = len(self.pictures())
        return (1.0 / count,) * count

    def units(self) -> tuple[tuple[int, ...], ...]:
        """Tiles of one size, or the sizes of the whole pictures."""
        if self.view == "tiles":
            return ((self.tile, self.tile, 3),)
        return tuple(whole(picture).shape for picture in self.pictures())

    def draw(self, count: int, rng: Any) -> tuple[Batch, ...]:
        """`count` tiles in one batch, or each whole picture in a batch of its own."""
        import numpy as np

        pictures = self.pictures()
        if self.view == "whole":
            return tuple(Batch(unit_range(whole(picture))[None]) for picture in pictures)
        chosen = rng.choice(len(pictures), size=count, p=self.weights())
        tiles = np.stack([self.cut(pictures[index], rng) for index in chosen])
        return (Batch(unit_range(tiles)),)

    def cut(self, picture: Any, rng: Any) -> Any:
        """A tile at a random place, `[tile, tile, 3]` uint8."""
        return square(picture, self.tile, rng)


def square(picture: Any, side: int, rng: Any) -> Any:
    """A square of the picture at a random place, `[side, side, 3]`."""
    rows, columns = picture.shape[:2]
    top = int(rng.integers(rows - side + 1))
    left = int(rng.integers(columns - side + 1))
    return picture[top : top + side, left : left + side]


def whole(picture: Any) -> Any:
    """The picture cut at its right and bottom to multiples of 16 pixels."""
    rows, columns = (side // GRID * GRID for side in picture.shape[:2])
    return picture[:rows, :columns]


def unit_range(pixels: Any) -> Any:
    """Pixels of 8 bits as float32 in [0, 1]."""
    import numpy as np

    return pixels.astype(np.float32) / np.float32(255.0)
