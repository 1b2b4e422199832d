"""DeepJSCC that starts as an analogue block transform."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from semcom.transceivers.deep_jscc import DeepJscc
from semcom.transceivers.learned import Training


class DctJscc(DeepJscc):
    """A block DCT sent as analogue values, with networks that learn what to add to it, for all SNRs.

    picture -> DCT of 4x4 blocks, strongest coefficients + network -> gains by SNR -> power -> symbols
    received -> gains by SNR -> inverse DCT + network -> picture

    Before training it is SoftCast without its power allocation [Jakubczak & Katabi 2011]; both transforms, the gains
    and the networks are trained together through the channel, as in DeepJSCC [Bourtsoulatze et al. 2019]. The gains
    and the attention of the networks follow the SNR [Xu et al. 2021].
    """

    kind: Literal["dct_jscc"] = "dct_jscc"
    cites: ClassVar[tuple[str, ...]] = ("bourtsoulatze2019", "xu2021", "jakubczak2011")
    filters: Annotated[int, Field(ge=8, le=256)] = 32
    """Filters of every hidden layer."""
    training: Training = Training(snr_db=(-10.0, 20.0), steps=6_000)

    @property
    def needs_snr(self) -> bool:
        """Both ends take it."""
        return True

    def networks(self, seed: int) -> Any:
        """Encoder and decoder as one Keras model."""
        from semcom.transceivers.dct_jscc_networks import Networks

        return Networks(self.latent_channels, self.filters, seed)
