"""Compressions: fewer samples a mode."""

from semcom_channels.spec import Family
from semcom_estimation.sensing.compression.compression import Compressed, Compression
from semcom_estimation.sensing.compression.dpss import Dpss
from semcom_estimation.sensing.compression.uncompressed import Uncompressed

KINDS = (Uncompressed, Dpss)
COMPRESSIONS = Family("semcom.compressions", KINDS)

__all__ = ["COMPRESSIONS", "KINDS", "Compressed", "Compression", "Dpss", "Uncompressed"]
