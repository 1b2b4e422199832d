"""DeepJSCC that starts as an analogue block transform."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from semcom.transceivers.deep_jscc import DeepJscc
from semcom.transceivers.learned import Training


class DctJscc(DeepJscc):
    """A 16x16 DCT sent as analogue values with a pilot, and networks that learn what to add to it, for all SNRs.

    picture -> DCT, strongest coefficients + network -> amplitudes by SNR + pilot -> power -> symbols
    received -> scale from the pilot -> Wiener filter -> inverse DCT + network -> picture

    Before training it is SoftCast [Jakubczak & Katabi 2011] with variances of photographs at large instead of side
    information; amplitudes and networks are trained through the channel, as in DeepJSCC [Bourtsoulatze et al. 2019],
    and follow the SNR by attention [Xu et al. 2021].
    """

    kind: Literal["dct_jscc"] = "dct_jscc"
    cites: ClassVar[tuple[str, ...]] = ("bourtsoulatze2019", "xu2021", "jakubczak2011")
    stride: ClassVar[int] = 16
    filters: Annotated[int, Field(ge=8, le=256)] = 48
    """Filters of every hidden layer."""
    training: Training = Training(snr_db=(-10.0, 20.0), steps=5_000)

    @property
    def needs_snr(self) -> bool:
        """Both ends take it."""
        return True

    def networks(self, seed: int) -> Any:
        """Encoder and decoder as one Keras model."""
        from semcom.transceivers.dct_jscc_networks import Networks

        return Networks(self.latent_channels, self.filters, seed)
