"""How good what was understood is."""

from semcom.metrics.accuracy import Accuracy
from semcom.metrics.bit_errors import BitErrorRate, BlockErrorRate
from semcom.metrics.delivery import DELIVERY, FileLoss, PayloadRate
from semcom.metrics.lpips import Lpips
from semcom.metrics.metric import Metric, Sent
from semcom.metrics.picture_quality import MsSsim, Psnr, Ssim
from semcom_channels import Family

KINDS = (BitErrorRate, BlockErrorRate, Psnr, Ssim, MsSsim, Accuracy, Lpips, FileLoss, PayloadRate)
METRICS = Family("semcom.metrics", KINDS)

__all__ = [
    "DELIVERY",
    "KINDS",
    "METRICS",
    "Accuracy",
    "BitErrorRate",
    "BlockErrorRate",
    "FileLoss",
    "Lpips",
    "Metric",
    "MsSsim",
    "PayloadRate",
    "Psnr",
    "Sent",
    "Ssim",
]
