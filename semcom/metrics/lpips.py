"""Likeness of pictures as people see it."""

from pathlib import Path
from typing import ClassVar, Literal

from semcom.errors import UserError
from semcom.metrics.metric import Metric, Sent
from semcom.sources.source import Yields
from semcom_channels.tensors import Tensor

LEAST_SIDE = 31  # pixels; below it AlexNet's last features are empty
PUBLISHED = "https://download.pytorch.org/models/alexnet-owt-7be5be79.pth"


class Lpips(Metric):
    """Learned perceptual distance between AlexNet features, version 0.1. [Zhang, Isola, Efros, Shechtman, Wang 2018]

        d = sum_l mean over places of sum_c w_lc (f_lc - g_lc)^2,    arXiv 1801.03924, eq. 1 (whose w is a root of ours)

    f and g are what AlexNet's five rectified convolutions make of the two pictures, scaled at each place to unit length
    over the filters c. The weights w come with the package lpips; AlexNet's are yours to fetch, for semcom downloads
    nothing.
    """

    kind: Literal["lpips"] = "lpips"
    judges: ClassVar[tuple[Yields, ...]] = ("images",)
    label: ClassVar[str] = "LPIPS (AlexNet)"
    better: ClassVar[Literal["high", "low"]] = "low"
    cites: ClassVar[tuple[str, ...]] = ("zhang2018",)
    backbone: str = "alexnet-owt-7be5be79.pth"
    """The file with AlexNet's weights as torchvision publishes them, relative to where semcom runs."""

    def files(self) -> tuple[Path, ...]:
        """AlexNet's weights."""
        return (Path(self.backbone),)

    def check(self, unit: tuple[int, ...]) -> None:
        """Raises UserError for small or grey pictures, without the extra or without AlexNet's weights."""
        from semcom.metrics.lpips_weights import extra_is_installed, read_weights

        if len(unit) != 3 or unit[2] != 3 or min(unit[:2]) < LEAST_SIDE:
            raise UserError(f"lpips judges colour pictures of at least {LEAST_SIDE} pixels a side; given {unit}")
        if not extra_is_installed():
            raise UserError("lpips needs the extra lpips: pip install 'semcom[lpips]'")
        if not Path(self.backbone).is_file():
            raise UserError(
                f"lpips needs AlexNet's weights; {self.backbone} is no file. Fetch {PUBLISHED} and say where it is: "
                "metrics: [{kind: lpips, backbone: PATH}]"
            )
        read_weights(self.backbone)

    def measure(self, sent: Sent, understood: Tensor) -> Tensor:
        """The distance of each picture from what was sent, `[batch]`; 0 for the same picture."""
        from semcom.metrics.lpips_distance import distance
        from semcom.metrics.lpips_weights import read_weights

        return distance(sent.data, understood, read_weights(self.backbone))
