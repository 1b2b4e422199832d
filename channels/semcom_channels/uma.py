"""Urban macro cells."""

from typing import Literal

from semcom_channels.drop import Drop


class Uma(Drop):
    """An urban macro cell: sites 500 m apart, base station at 25 m. [3GPP TR 38.901, table 7.2-1]"""

    kind: Literal["uma"] = "uma"
    penetration: Literal["low", "high"] = "low"
    """Loss through the walls of buildings."""

    @property
    def walls(self) -> tuple[str, ...]:
        """Their penetration loss."""
        return (self.penetration,)
