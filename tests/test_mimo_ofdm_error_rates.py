"""MIMO-OFDM error rates against Sionna's own chain, put together by hand as its tutorials do."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from near import assert_mean
from semcom.metrics import BitErrorRate
from semcom.sources import RandomBits
from semcom.studies.link_graph import run
from semcom.studies.link_point import LinkPoint
from semcom.transceivers import Uncoded
from semcom_channels import Cdl, Streams
from semcom_channels.arrays import Ula
from semcom_channels.backend import tf
from semcom_channels.modulation import BITS_PER_SYMBOL, Modulation
from semcom_channels.ofdm_grid import OfdmGrid
from semcom_channels.sionna_door import reset
from semcom_channels.units import linear
from semcom_estimation.receivers import LeastSquares, Perfect, Receiver

import sionna.phy as sionna  # isort: skip
from sionna.phy.channel import ApplyOFDMChannel, GenerateOFDMChannel
from sionna.phy.channel.tr38901 import CDL, AntennaArray
from sionna.phy.mapping import BinarySource, Demapper, Mapper
from sionna.phy.mimo import StreamManagement
from sionna.phy.ofdm import LMMSEEqualizer, LSChannelEstimator, ResourceGrid, ResourceGridMapper

UNITS = 150
STREAMS, ANTENNAS, SUBCARRIERS = 2, 4, 24
CARRIER_HZ, SPEED_M_S, SPREAD_S = 3.5e9, 20.0, 100e-9
FADES = 20250  # both chains meet the same fades, so that only bits and noise make a difference

CHANNEL = Cdl(
    profile="C",
    delay_spread_s=SPREAD_S,
    speed_m_s=SPEED_M_S,
    direction="downlink",
    base=Ula(elements=STREAMS),
    terminal=Ula(elements=ANTENNAS),
    grid=OfdmGrid(subcarriers=SUBCARRIERS),
)
GRID = ResourceGrid(
    num_ofdm_symbols=14,
    fft_size=SUBCARRIERS,
    subcarrier_spacing=30e3,
    num_tx=1,
    num_streams_per_tx=STREAMS,
    cyclic_prefix_length=CHANNEL.grid.prefix,
    pilot_pattern="kronecker",
    pilot_ofdm_symbol_indices=[2, 11],
)
MANAGEMENT = StreamManagement(np.ones((1, 1), int), STREAMS)


@cache
def fades() -> Any:
    """Gains by Sionna's models, `[unit, 1, rx, 1, stream, symbol, subcarrier]`."""
    ends = [AntennaArray(1, count, "single", "V", "omni", CARRIER_HZ) for count in (ANTENNAS, STREAMS)]
    model = CDL("C", SPREAD_S, CARRIER_HZ, *ends, "downlink", min_speed=SPEED_M_S)
    reset(FADES)
    return GenerateOFDMChannel(model, GRID)(UNITS)


def by_hand(modulation: Modulation, snr_db: float, interpolation: str | None, seed: int) -> np.ndarray:
    """Bit error rate of each unit. Sionna's streams have unit power each, so the noise is theirs times as much."""
    per_symbol = BITS_PER_SYMBOL[modulation]
    sionna.config.seed = seed
    no = STREAMS * linear(-snr_db)
    bits = BinarySource()([UNITS, 1, STREAMS, GRID.num_data_symbols * per_symbol])
    sent = ResourceGridMapper(GRID)(Mapper("qam", per_symbol)(bits))
    y = ApplyOFDMChannel()(sent, fades(), no)
    if interpolation is None:
        h, error = fades(), tf.zeros([1])
    else:
        h, error = LSChannelEstimator(GRID, interpolation_type=interpolation)(y, no)
    x, noise = LMMSEEqualizer(GRID, MANAGEMENT)(y, h, error, no)
    decided = Demapper("app", "qam", per_symbol, hard_out=True)(x, noise)
    wrong = np.asarray(decided != bits, np.float64)
    return np.asarray(wrong.mean(axis=(1, 2, 3)))


def ours(modulation: Modulation, snr_db: float, receiver: Receiver, streams: Streams) -> np.ndarray:
    """Bit error rate of each unit."""
    bits = len(CHANNEL.grid.data_elements) * STREAMS * BITS_PER_SYMBOL[modulation]
    point = LinkPoint(
        source=RandomBits(packet_bits=bits),
        transceiver=Uncoded(modulation=modulation),
        channel=CHANNEL,
        receiver=receiver,
        metrics=(BitErrorRate(),),
        batch=UNITS,
        snr_db=snr_db,
    )
    (batch,) = point.source.draw(UNITS, streams.rng("source"))
    return np.asarray(run(point, batch, streams)["ber"], np.float64) / bits


CASES: list[tuple[Modulation, float, Receiver, str | None]] = [
    ("qpsk", 2.0, Perfect(), None),
    ("qpsk", 8.0, Perfect(), None),
    ("16qam", 8.0, Perfect(), None),
    ("16qam", 16.0, Perfect(), None),
    ("qpsk", 4.0, LeastSquares(interpolation="linear"), "lin"),
    ("16qam", 14.0, LeastSquares(interpolation="linear"), "lin"),
    ("qpsk", 6.0, LeastSquares(interpolation="nearest"), "nn"),
]


class SameFades(Streams):
    """Streams whose channel has the seed that Sionna's has."""

    def number(self, purpose: str) -> int:
        return FADES if purpose == "channel" else super().number(purpose)


@pytest.mark.parametrize(("modulation", "snr_db", "receiver", "interpolation"), CASES)
def test_bit_error_rates_are_those_of_sionna_by_hand(
    modulation: Modulation, snr_db: float, receiver: Receiver, interpolation: str | None, rng: np.random.Generator
) -> None:
    keys = {purpose: int(rng.integers(2**62)) for purpose in ("source", "channel", "noise")}
    mine = ours(modulation, snr_db, receiver, SameFades(int(rng.integers(2**31)), 0, 0, keys))
    theirs = by_hand(modulation, snr_db, interpolation, int(rng.integers(2**31)))
    assert np.corrcoef(mine, theirs)[0, 1] > 0.9  # the fades are the same
    assert 1e-3 < theirs.mean() < 0.3  # on the slope, where the rates say something
    assert_mean(mine - theirs, 0.0)
