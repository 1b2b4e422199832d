"""What the law of a link tells of the units that cross it, before any is sent."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import stats

from semcom.transceivers.transceiver import Law
from semcom_channels import Received, Streams
from semcom_channels.backend import tf
from semcom_channels.bit_information import dispersion, information
from semcom_channels.grid_channel import GridChannel
from semcom_channels.modulation import BITS_PER_SYMBOL, Modulation, demodulate, modulate
from semcom_channels.spec import key_of

MODULATIONS: tuple[Modulation, ...] = ("qpsk", "16qam", "64qam", "256qam")
USES_AT_ONCE = 2**16
PROBES = 4096  # known symbols of a modulation behind each verdict about the stated noise
LEAST_VARIANCE = 1e-2  # of what a symbol tells, in bits^2: so that one rare error at high SNR contradicts nothing
FALSE_ALARM = 1e-6  # of finding that the stated noise is wrong


class Sample(NamedTuple):
    """Realisations of a law as the receiver sees them; one alone where the law does not fade."""

    noise: np.ndarray
    """The noise variance that the receiver states for each symbol, `[realisation, uses]` float32."""
    unstated: Mapping[Modulation, np.ndarray]
    """What symbols tell beyond what that noise promises, mostly less, `[realisation]` in bits a channel use."""


class _Probe(NamedTuple):
    """Known symbols of a modulation."""

    modulation: Modulation
    places: np.ndarray
    """Among the channel uses, `[symbol]`."""
    bits: np.ndarray
    """`[batch, symbol, bit]`."""


class _Told(NamedTuple):
    """What the known symbols of a modulation told of some realisations."""

    mean: np.ndarray
    """Beyond the promise of the stated noise, `[realisation]` in bits a channel use."""
    variance: np.ndarray
    """Of what one symbol tells if the stated noise is right, `[realisation]`."""
    symbols: int
    """How many there are."""


def sample(law: Law, uses: int, snr_db: float, realisations: int) -> Sample:
    """That many realisations of `uses` channel uses; the same on every worker, and never those of a study's points.

    Known symbols of all modulations take turns. Where what their log-likelihood ratios tell contradicts the stated
    noise (by errors of interpolation, by interference between subcarriers, or by joint detection, whose bits are
    better), the difference is kept: a decoder sees these ratios and no others.
    """
    return _sample(law, uses, snr_db, realisations, state_of(law))


def state_of(law: Law) -> Hashable:
    """What tells when the files that a law comes from have changed."""
    return law.channel.state() if isinstance(law.channel, GridChannel) else None


@lru_cache(maxsize=2)
def _sample(law: Law, uses: int, snr_db: float, realisations: int, state: Hashable) -> Sample:
    noises: list[np.ndarray] = []
    told: list[list[_Told]] = []
    for noise, each in _batches(law, uses, snr_db, realisations):
        noises.append(noise)
        told.append(each)
        if not _fades(noises) and sum(map(len, noises)) > 1:
            break
    kept = None if _fades(noises) else 1
    unstated = {name: _certain(each)[:kept] for name, each in zip(MODULATIONS, zip(*told, strict=True), strict=True)}
    return Sample(np.concatenate(noises)[:kept], unstated)


def _fades(noises: Sequence[np.ndarray]) -> bool:
    return len({float(extreme) for noise in noises for extreme in (noise.min(), noise.max())}) > 1


def _batches(law: Law, uses: int, snr_db: float, realisations: int) -> Iterator[tuple[np.ndarray, list[_Told]]]:
    at_once = max(1, min(realisations, USES_AT_ONCE // uses))
    snr = tf.constant(snr_db, tf.float32)
    fading = law.channel.fading()
    knowledge = law.receiver.knowledge(law.channel)
    keys = {purpose: int(key_of(["law", purpose, fading]), 16) for purpose in ("source", "channel", "noise")}
    for first in range(0, realisations, at_once):
        streams = Streams(0, 0, first, keys)
        count = min(at_once, realisations - first)
        probes = _probes(law, (count, uses), streams.rng("source"))
        realisation = law.channel.draw((count, uses), snr, streams)
        arrived = realisation.carry(_symbols(probes, (count, uses)))
        received = law.receiver.receive(arrived, realisation, knowledge)
        yield received.no.numpy(), [_told(received, probe) for probe in probes]


def _probes(law: Law, shape: tuple[int, int], rng: np.random.Generator) -> list[_Probe]:
    """Random bits; the streams of a resource element share a modulation."""
    batch, uses = shape
    streams = law.channel.streams if isinstance(law.channel, GridChannel) else 1
    turns = np.arange(uses) // streams % len(MODULATIONS)
    probes = []
    for turn, modulation in enumerate(MODULATIONS):
        places = np.flatnonzero(turns == turn)
        probes.append(
            _Probe(modulation, places, rng.integers(0, 2, (batch, len(places), BITS_PER_SYMBOL[modulation]), np.int8))
        )
    return probes


def _symbols(probes: Sequence[_Probe], shape: tuple[int, int]) -> np.ndarray:
    symbols = np.zeros(shape, np.complex64)
    for modulation, places, bits in probes:
        flat = tf.constant(bits.reshape(shape[0], -1), tf.float32)
        symbols[:, places] = modulate(flat, modulation).numpy()
    return symbols


def _told(received: Received, probe: _Probe) -> _Told:
    some = slice(None, None, max(1, -(-len(probe.places) // PROBES)))
    places, bits = probe.places[some], probe.bits[:, some]
    if not len(places):
        return _Told(np.zeros(len(bits)), np.ones(len(bits)), 0)
    noise = received.no.numpy()[:, places]
    if received.joint is None:
        part = Received(tf.gather(received.y, places, axis=1), tf.constant(noise))
        llrs = demodulate(part, probe.modulation).numpy().reshape(bits.shape)
    else:
        llrs = demodulate(received, probe.modulation).numpy().reshape(len(bits), -1, bits.shape[2])[:, places]
    with np.errstate(invalid="ignore"):  # of ratios that are no numbers, for which the point fails by its metric's name
        told = np.sum(1.0 - np.logaddexp(0.0, (1.0 - 2.0 * bits) * llrs) / np.log(2.0), axis=2)
    beyond = told - information(probe.modulation, noise)
    variance = np.maximum(dispersion(probe.modulation, noise), LEAST_VARIANCE)
    return _Told(beyond.mean(axis=1), variance.mean(axis=1), len(places))


def _certain(told: Sequence[_Told]) -> np.ndarray:
    """What is certain of what a modulation told, `[realisation]`: nothing, unless chi-square contradicts nought.

    So over white noise the measured thresholds stay what they are. Short realisations speak in groups.
    """
    mean, variance = (np.concatenate([each[place] for each in told]) for place in (0, 1))
    symbols = told[0].symbols
    groups = np.array_split(np.arange(len(mean)), max(1, min(len(mean), len(mean) * symbols // PROBES)))
    means = np.array([mean[group].mean() for group in groups])
    variances = np.array([variance[group].mean() / max(1, symbols * len(group)) for group in groups])
    if np.sum(means**2 / variances) < stats.chi2.isf(FALSE_ALARM, len(groups)):
        return np.zeros(len(mean))
    return np.repeat(means, [len(group) for group in groups])
