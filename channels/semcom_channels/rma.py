"""Rural macro cells."""

from typing import Annotated, Literal

from pydantic import Field

from semcom_channels.drop import Drop


class Rma(Drop):
    """A rural macro cell: sites 5 km apart, base station at 35 m. [3GPP TR 38.901, table 7.2-3]"""

    kind: Literal["rma"] = "rma"
    carrier_hz: Annotated[float, Field(ge=0.5e9, le=30e9)] = 0.7e9
    """Carrier frequency."""
