"""Link adaptation: which scheme carries most among those that lose few files."""

import math
from collections.abc import Hashable, Iterator
from functools import lru_cache

import numpy as np

from semcom.transceivers.frame import Crc, Frame, frame_of
from semcom.transceivers.law_sample import Sample, sample, state_of
from semcom.transceivers.mcs import TABLE
from semcom.transceivers.reliability import Reach, by_blocks, reach_of
from semcom.transceivers.transceiver import Csi, Law
from semcom_channels.bit_information import information
from semcom_channels.codes import CRC_BITS, Code

LEAST_LOST, MOST_LOST = 4.0, 20.0  # realisations of a sample that may be lost, and one more
USES_OF_SAMPLE = 2**19  # channel uses of a law that are drawn, where that allows as many


def slow(code: Code, crc: Crc, uses: int, csi: Csi, target_loss: float) -> Frame:
    """The frame of all units of `uses` channel uses, by the law of the link and its mean SNR.

    Where no scheme keeps to the target it is the most robust one, and the outage shows. Without a block short enough
    nothing is sent.
    """
    return _slow(code, crc, uses, float(csi.snr_db), csi.law, target_loss, state_of(csi.law))


@lru_cache(maxsize=4096)
def _slow(code: Code, crc: Crc, uses: int, snr_db: float, law: Law, target_loss: float, state: Hashable) -> Frame:
    reaches = _reaches(code, crc, uses)
    if not reaches:
        return silence(crc, uses)
    longest = max(uses, law.uses)
    found = sample(law, longest, snr_db, realisations(target_loss, longest))
    lost = [risk(reach.lost(told)) for reach, told in _told(reaches, found.noise, found)]
    kept = [reach.frame for reach, chance in zip(reaches, lost, strict=True) if chance <= target_loss]
    if kept:
        return max(kept, key=lambda frame: frame.payload_bits)
    return min(zip(lost, reaches, strict=True), key=lambda pair: (pair[0], pair[1].threshold_db))[1].frame


def fast(code: Code, crc: Crc, uses: int, csi: Csi, target_loss: float) -> tuple[Frame, ...]:
    """The frame of each unit, by the noise that its symbols will see; a unit that no scheme suits is not sent.

    What the stated noise leaves out is taken from the law of the link, on average over what it is found to be.
    """
    noise = np.asarray(csi.noise)
    reaches = _reaches(code, crc, uses)
    longest = max(uses, csi.law.uses)
    found = sample(csi.law, longest, float(csi.snr_db), realisations(target_loss, longest))
    frames = [silence(crc, uses)] * len(noise)
    for reach, told in _told(reaches, noise, None):
        unstated = np.unique(found.unstated[reach.frame.modulation])
        for unit, blocks in enumerate(told):
            better = reach.frame.payload_bits > frames[unit].payload_bits
            if better and float(reach.lost(blocks + unstated[:, None]).mean()) <= target_loss:
                frames[unit] = reach.frame
    return tuple(frames)


def realisations(target_loss: float, uses: int) -> int:
    """How many of a law are drawn for a target and units of that many channel uses.

    Of k that may be lost, one more counted, a choice loses its target up to a relative standard deviation of
    1 / sqrt(k); short units afford a larger k.
    """
    most = min(max(USES_OF_SAMPLE / uses * target_loss, LEAST_LOST), MOST_LOST)
    return math.ceil(most / target_loss) - 1


def risk(lost: np.ndarray) -> float:
    """A bound of the chance that the next unit is lost, for the chances of n realisations: (1 + their sum) / (n + 1).

    It holds on average over samples, however small. [Angelopoulos, Bates, Fisch, Lei, Schuster 2024, theorem 1] One
    realisation alone stands for a law without fading, and is exact.
    """
    return float(lost[0]) if len(lost) == 1 else (1.0 + float(lost.sum())) / (len(lost) + 1.0)


def silence(crc: Crc, uses: int) -> Frame:
    """The frame in which nothing is sent."""
    return Frame(TABLE[0].modulation, crc, 0, CRC_BITS[crc], 0, uses)


@lru_cache(maxsize=4096)
def _reaches(code: Code, crc: Crc, uses: int) -> tuple[Reach, ...]:
    """Of the schemes for which the code has blocks of these uses."""
    frames = [(mcs, frame_of(code, crc, mcs, uses)) for mcs in TABLE]
    return tuple(reach_of(code, mcs, frame) for mcs, frame in frames if isinstance(frame, Frame))


def _told(reaches: tuple[Reach, ...], noise: np.ndarray, found: Sample | None) -> Iterator[tuple[Reach, np.ndarray]]:
    """For each scheme what the symbols of its blocks tell, `[realisation, block]`."""
    modulation, told = None, np.zeros(0)
    for reach in reaches:  # those of one modulation come one after the other
        if reach.frame.modulation != modulation:
            modulation = reach.frame.modulation
            told = information(modulation, noise)
            if found is not None:
                told = told + found.unstated[modulation][:, None]
        yield reach, by_blocks(told, reach.frame)
