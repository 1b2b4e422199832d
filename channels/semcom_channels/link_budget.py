"""Link budgets: what transmit power, path loss and noise make of the SNR."""

from typing import Annotated

from pydantic import Field

from semcom_channels.spec import Spec
from semcom_channels.units import decibels

BOLTZMANN_J_PER_K = 1.380649e-23
ROOM_K = 290.0


class LinkBudget(Spec):
    """SNR = P + G - N in decibels, with N = k T B F. [Tse & Viswanath 2005, section 2.1; 3GPP TR 38.901, table 7.8-1]

    P is the power of all transmit antennas together over the occupied bandwidth B, G the gain of the path with shadow
    fading and the antenna elements, and T is 290 K.
    """

    transmit_power_dbm: Annotated[float, Field(ge=-60.0, le=80.0)] = 23.0
    """Transmit power in dBm."""
    noise_figure_db: Annotated[float, Field(ge=0.0, le=40.0)] = 7.0
    """Noise figure of the receiver in dB."""

    def noise_dbm(self, bandwidth_hz: float) -> float:
        """Noise power in dBm over a bandwidth."""
        return decibels(BOLTZMANN_J_PER_K * ROOM_K * bandwidth_hz * 1e3) + self.noise_figure_db

    def snr_db(self, gain_db: float, bandwidth_hz: float) -> float:
        """The SNR at a receive antenna behind a path of that gain, which is negative."""
        return self.transmit_power_dbm + gain_db - self.noise_dbm(bandwidth_hz)
