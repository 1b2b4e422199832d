"""Actions as symbols over AWGN or Rayleigh fading."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import field_validator

from semcom.action_links.link import ActionLink, checked_count
from semcom_channels.units import SNR_DB_RANGE, linear

if TYPE_CHECKING:
    import numpy as np

POINTS = 2**12  # of the quasi-random rule for the information of soft decisions


class ModulatedLink(ActionLink):
    """An action's bits as BPSK or square QAM over AWGN or Rayleigh fading, y = h x + w. [Proakis & Salehi 2008, 4.3]

    The ceil(log2 count) bits make one Gray-labelled symbol or several, and zeros fill up the last; h is 1, or one
    CN(0, 1) gain of all symbols of an action, which the receiver knows; w ~ CN(0, N0).

    Hard: each symbol is decided for the nearest of the whole constellation, and the bits for the action that has them
    as its label, or else for the action that they are likeliest to come from, the first of equals: the receiver knows
    the law of decisions over all gains, not the gain. Soft: exp(-|y - h x|^2 / N0) of each action, the gain known.
    """

    kind: Literal["modulated"] = "modulated"
    cites: ClassVar[tuple[str, ...]] = ("proakis2008", "tse2005", "caire1998")
    modulation: Literal["bpsk", "qpsk", "16qam", "64qam", "256qam"] = "qpsk"
    """Of unit average power. [3GPP 38.211, section 5.1]"""
    channel: Literal["awgn", "rayleigh"] = "awgn"
    """Noise alone, or block fading too."""
    snr_db: float = 10.0
    """Es/N0 in dB, averaged over the fading and the whole constellation: few actions on many points may have less."""
    decision: Literal["hard", "soft"] = "hard"
    """What the receiver makes of a symbol."""
    labelling: Literal["natural", "gray"] = "natural"
    """The bits of an action: those of its number, or Gray labels, of which successive ones differ in one bit."""

    @field_validator("snr_db")
    @classmethod
    def _snr_is_in_decibels(cls, snr_db: float) -> float:
        low, high = SNR_DB_RANGE
        if not low <= snr_db <= high:
            raise ValueError(f"snr_db is {snr_db:g}; expected {low:g} to {high:g}. Is it in linear scale?")
        return snr_db

    def law(self, count: int) -> np.ndarray:
        """P(action decided | action) of hard decisions, `[action, action]`, of a soft link too.

        A product over the axes of an action's symbols of differences of Q functions; its mean over the gains is exact
        to 1e-12.
        """
        from semcom.action_links.labels import decided, word_law, word_numbers
        from semcom.action_links.symbols import axis_labels, axis_law, power_gains

        words = axis_labels(count, self.labelling, self.modulation)
        laws = [
            (weight, axis_law(self.modulation, linear(self.snr_db) * gain))
            for gain, weight in zip(*power_gains(self.channel), strict=True)
        ]
        seen = sum(weight * word_law(words, letters) for weight, letters in laws)
        return decided(seen, word_numbers(words, len(laws[0][1])))

    def receive(self, actions: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
        """Of hard decisions a column of the transition matrix; of soft ones densities, the largest of them 1."""
        import numpy as np

        from semcom.action_links.symbols import likelihoods

        if self.decision == "hard":
            return super().receive(actions, count, rng)
        sent = self._amplitudes(count)
        noise = rng.standard_normal((len(actions), sent.shape[1]))
        power_gains = rng.standard_exponential((len(actions), 1)) if self.channel == "rayleigh" else 1.0
        gains, snr = np.sqrt(power_gains), linear(self.snr_db)
        return likelihoods(gains * sent[actions] + noise / (2.0 * snr) ** 0.5, gains, sent, snr)

    def information_bits(self, count: int) -> float:
        """I(action; decision) or I(action; y, h) of uniform actions in bits.

        Of soft decisions it is the mean of log2(P(y | a, h) / P(y | h)) over 4,096 points of a scrambled Sobol sequence
        (the same ones each time), to 3e-3 bit. [Caire et al. 1998]
        """
        import numpy as np
        from scipy.special import log_softmax, ndtri
        from scipy.stats import qmc

        from semcom.action_links.symbols import log_likelihoods

        if self.decision == "hard":
            return super().information_bits(count)
        sent = self._amplitudes(checked_count(count))
        points = qmc.Sobol(sent.shape[1] + 1, rng=np.random.default_rng(0)).random(POINTS)
        gains = np.sqrt(-np.log(points[:, :1])) if self.channel == "rayleigh" else 1.0
        snr, told = linear(self.snr_db), 0.0
        noise = ndtri(points[:, 1:]) / (2.0 * snr) ** 0.5
        for x, amplitude in enumerate(sent):
            logs = log_likelihoods(gains * amplitude + noise, gains, sent, snr)
            told += float(np.mean(log_softmax(logs, axis=1)[:, x])) / len(sent)
        return (told + float(np.log(len(sent)))) / float(np.log(2.0))

    def _amplitudes(self, count: int) -> np.ndarray:
        from semcom.action_links.symbols import amplitudes

        return amplitudes(count, self.labelling, self.modulation)
