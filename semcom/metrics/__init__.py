"""How good what was understood is."""

from semcom.metrics.accuracy import Accuracy
from semcom.metrics.bit_errors import BitErrorRate, BlockErrorRate
from semcom.metrics.lpips import Lpips
from semcom.metrics.metric import Metric, Sent
from semcom.metrics.picture_quality import MsSsim, Psnr, Ssim
from semcom_channels import Family

KINDS = (BitErrorRate, BlockErrorRate, Psnr, Ssim, MsSsim, Accuracy, Lpips)
METRICS = Family("semcom.metrics", KINDS)

__all__ = [
    "KINDS",
    "METRICS",
    "Accuracy",
    "BitErrorRate",
    "BlockErrorRate",
    "Lpips",
    "Metric",
    "MsSsim",
    "Psnr",
    "Sent",
    "Ssim",
]
