"""DeepJSCC that starts as an analogue transform."""

from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from semcom.transceivers.deep_jscc import SIZE_BITS, DeepJscc
from semcom.transceivers.learned import Training
from semcom.transceivers.transceiver import Csi, Unit
from semcom_channels import Received
from semcom_channels.tensors import Tensor

SNR_BITS = 16  # a number of half precision


class DctJscc(DeepJscc):
    """A DCT sent as analogue values with a pilot, and networks that learn what to add to it, for all SNRs.

    picture -> DCT of blocks, strongest patterns + network -> DCT over blocks -> amplitudes by SNR + pilot -> symbols
    received -> scale from the pilot -> Wiener filter -> inverse DCTs + network -> picture

    Before training it is SoftCast [Jakubczak & Katabi 2011] with the 1 / f^2 spectrum of photographs at large
    [Field 1987] instead of side information; amplitudes and networks are trained through the channel, as in DeepJSCC
    [Bourtsoulatze et al. 2019], and follow the SNR by attention [Xu et al. 2021].
    """

    kind: Literal["dct_jscc"] = "dct_jscc"
    cites: ClassVar[tuple[str, ...]] = ("bourtsoulatze2019", "xu2021", "jakubczak2011", "field1987")
    block: Literal[4, 8, 16] = 16
    """Pixels of a side of the DCT."""
    levels: Literal[1, 2] = 2
    """1: a DCT of each block; 2: then, pattern by pattern, a DCT over the blocks of the picture."""
    pilot: bool = True
    """Whether a pilot tells the receiver how much the power constraint scaled the picture."""
    filters: Annotated[int, Field(ge=8, le=256)] = 48
    """Filters of every hidden layer."""
    training: Training = Training(snr_db=(-10.0, 20.0), steps=5_000)

    @model_validator(mode="after")
    def _there_are_enough_patterns(self) -> Self:
        if self.bandwidth_ratio > Fraction(1, 2):
            raise ValueError(f"bandwidth_ratio is {self.bandwidth_ratio}; the DCT has patterns for at most 1/2")
        return self

    @property
    def stride(self) -> int:
        """The block's side."""
        return self.block

    @property
    def needs_snr(self) -> bool:
        """Both ends take it."""
        return True

    @property
    def side_bits(self) -> int:
        """The picture's size and the SNR that the sender allotted its power by."""
        return SIZE_BITS + SNR_BITS

    def networks(self, seed: int) -> Any:
        """Encoder and decoder as one Keras model."""
        from semcom.transceivers.dct_jscc_networks import Networks

        return Networks(self.block, self.levels, self.latent_channels, self.pilot, self.filters, seed)

    def understand(self, networks: Any, received: Received, csi: Csi, unit: Unit) -> Tensor:
        """The decoder's picture, `[batch, height, width, 3]` in [0, 1]; its Wiener filter knows each symbol's noise."""
        from semcom.transceivers.power import mmse_weighted
        from semcom_channels.backend import tf

        noise = tf.concat([received.no, received.no], axis=1)  # of both parts of each symbol
        overall = mmse_weighted(received).no[:, :1]
        return networks.decode(self.latents(received, unit), tf.reshape(noise, self.latent_shape(unit)), overall, csi)
