"""DeepJSCC for a fixed SNR."""

from typing import Any, ClassVar, Literal

from semcom.transceivers.deep_jscc import DeepJscc


class Bourtsoulatze2019(DeepJscc):
    """Five convolutions each way with PReLU, trained at one SNR. [Bourtsoulatze, Kurka, Gunduz 2019, figure 2]

    "Deep Joint Source-Channel Coding for Wireless Image Transmission", IEEE TCCN 5(3). Neither end uses the SNR. The
    loss is that of `DeepJscc`, not the paper's mean square error.
    """

    kind: Literal["bourtsoulatze2019"] = "bourtsoulatze2019"
    cites: ClassVar[tuple[str, ...]] = ("bourtsoulatze2019",)

    def networks(self, seed: int) -> Any:
        """Encoder and decoder as one Keras model."""
        from semcom.transceivers.bourtsoulatze2019_networks import Networks

        return Networks(self.latent_channels, seed)
