"""How good what was understood is."""

from semcom.metrics.bit_errors import BitErrorRate, BlockErrorRate
from semcom.metrics.metric import Metric, Sent
from semcom.metrics.picture_quality import MsSsim, Psnr, Ssim
from semcom_channels import Family

KINDS = (BitErrorRate, BlockErrorRate, Psnr, Ssim, MsSsim)
METRICS = Family("semcom.metrics", KINDS)

__all__ = [
    "KINDS",
    "METRICS",
    "BitErrorRate",
    "BlockErrorRate",
    "Metric",
    "MsSsim",
    "Psnr",
    "Sent",
    "Ssim",
]
