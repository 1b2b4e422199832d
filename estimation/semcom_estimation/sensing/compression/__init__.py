"""Compressions: fewer samples a mode."""

from semcom_channels.spec import Family
from semcom_estimation.sensing.compression.average import Average
from semcom_estimation.sensing.compression.beamspace import Beamspace
from semcom_estimation.sensing.compression.compression import Compressed, Compression
from semcom_estimation.sensing.compression.decimate import Decimate
from semcom_estimation.sensing.compression.dpss import Dpss
from semcom_estimation.sensing.compression.hosvd import Hosvd
from semcom_estimation.sensing.compression.polyphase import Polyphase
from semcom_estimation.sensing.compression.smooth import Smooth
from semcom_estimation.sensing.compression.uncompressed import Uncompressed

KINDS = (Uncompressed, Dpss, Decimate, Average, Polyphase, Smooth, Beamspace, Hosvd)
COMPRESSIONS = Family("semcom.compressions", KINDS)

__all__ = [
    "COMPRESSIONS",
    "KINDS",
    "Average",
    "Beamspace",
    "Compressed",
    "Compression",
    "Decimate",
    "Dpss",
    "Hosvd",
    "Polyphase",
    "Smooth",
    "Uncompressed",
]
