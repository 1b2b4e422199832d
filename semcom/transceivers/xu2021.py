"""DeepJSCC that adapts to the SNR."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from semcom.transceivers.deep_jscc import DeepJscc
from semcom.transceivers.learned import Training


class Xu2021(DeepJscc):
    """Feature learning (convolution, GDN, PReLU) and attention to the SNR in turn, both ways, one network for all SNRs.

    [Xu, Ai, Chen, Yang, Sun, Rodrigues, "Wireless Image Transmission Using Deep Source Channel Coding With Attention
    Modules", IEEE TCSVT 2022, arXiv 2012.00533, figures 3 and 4]. Smaller than the paper's, for a CPU: 32 filters in
    place of 256, kernels of 5x5 throughout, no GDN in the last layers, and attention that narrows to half the filters.
    The loss is that of `DeepJscc`.
    """

    kind: Literal["xu2021"] = "xu2021"
    cites: ClassVar[tuple[str, ...]] = ("xu2021", "balle2016")
    filters: Annotated[int, Field(ge=8, le=256)] = 32
    """Filters of every hidden layer."""
    training: Training = Training(snr_db=(-10.0, 20.0))

    @property
    def needs_snr(self) -> bool:
        """The encoder's attention takes the SNR."""
        return True

    def networks(self, seed: int) -> Any:
        """Encoder and decoder as one Keras model."""
        from semcom.transceivers.xu2021_networks import Networks

        return Networks(self.latent_channels, self.filters, seed)
