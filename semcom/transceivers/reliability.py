"""How likely a file is lost, by what the symbols of its blocks tell the decoder."""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from semcom.transceivers.code_offsets import offset_db
from semcom.transceivers.frame import Frame
from semcom.transceivers.mcs import Mcs, error_rate_at_threshold, threshold_db
from semcom_channels.bit_information import dispersion, information
from semcom_channels.codes import Code
from semcom_channels.units import linear

ROUNDING = 1e-6  # bits a channel use: noise variances are single precision


class Reach(NamedTuple):
    """A frame of a scheme, and what its blocks need."""

    frame: Frame
    threshold_db: float
    """The SNR over white noise at which a block is lost with a chance of `error_rate`."""
    error_rate: float

    def lost(self, told: np.ndarray) -> np.ndarray:
        """The chance that a file does not arrive whole, `[...]`, for what its blocks' symbols tell, `[..., block]`.

            P(file) = 1 - prod over blocks of (1 - P(block)),    P(block) = Q(Q^-1(P_0) + sqrt(n / V) (I - I_0))

        I is the mean over the n symbols of a block, in bits a channel use, I_0 that of white noise at the threshold,
        where P_0 of the blocks are lost, and V its dispersion. [mean mutual information: Wan, Tsai, Almgren 2006;
        normal approximation: Polyanskiy, Poor, Verdu 2010, eq. 1]
        """
        noise = 1.0 / linear(self.threshold_db)
        modulation, uses = self.frame.modulation, self.frame.block_uses
        spread = np.sqrt(dispersion(modulation, noise) / uses)
        beyond = (told + ROUNDING - information(modulation, noise)) / spread
        blocks = ndtr(-(beyond - ndtri(self.error_rate)))
        whole: np.ndarray = np.prod(1.0 - blocks, axis=-1)
        return 1.0 - whole


def reach_of(code: Code, mcs: Mcs, frame: Frame) -> Reach:
    """The frame's, by the thresholds that were measured."""
    bits = frame.information_bits
    return Reach(frame, threshold_db(mcs, bits) + offset_db(code, mcs, bits), error_rate_at_threshold(bits))


def by_blocks(told: np.ndarray, frame: Frame) -> np.ndarray:
    """The mean of what symbols tell over each block, `[realisation, block]`, of `[realisation, uses]`."""
    busy = told[:, : frame.blocks * frame.block_uses]
    mean: np.ndarray = busy.reshape(len(told), frame.blocks, frame.block_uses).mean(axis=2)
    return mean
