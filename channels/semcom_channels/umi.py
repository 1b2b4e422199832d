"""Urban micro cells."""

from typing import Literal

from semcom_channels.drop import Drop


class Umi(Drop):
    """Street canyon of an urban micro cell: sites 200 m apart, base station at 10 m. [3GPP TR 38.901, table 7.2-1]"""

    kind: Literal["umi"] = "umi"
    penetration: Literal["low", "high"] = "low"
    """Loss through the walls of buildings."""

    @property
    def walls(self) -> tuple[str, ...]:
        """Their penetration loss."""
        return (self.penetration,)
