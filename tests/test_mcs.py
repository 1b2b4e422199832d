"""Modulation and coding schemes: thresholds, frames and choices."""

import json
import math
from typing import get_args

import pytest
from scipy import stats

from near import FALSE_ALARM
from semcom.errors import UserError
from semcom.transceivers import measure_mcs
from semcom.transceivers.frame import Crc, Frame, frame_of
from semcom.transceivers.mcs import INDEX_BITS, TABLE, THRESHOLDS, Mcs, name_of, threshold_db
from semcom.transceivers.scheme import Adaptive, Fixed
from semcom.transceivers.transceiver import Csi
from semcom_channels.backend import tf
from semcom_channels.codes import CRC_BITS, Ldpc, Polar
from semcom_channels.modulation import BITS_PER_SYMBOL

LENGTHS = [length.information_bits for length in measure_mcs.LENGTHS]


def csi(snr_db: float) -> Csi:
    return Csi(tf.constant(snr_db, tf.float32))


def frame(mcs: Mcs, uses: int, crc: Crc = "CRC24A") -> Frame:
    found = frame_of(Ldpc(), crc, mcs, uses)
    assert isinstance(found, Frame), found
    return found


def test_the_table_goes_from_slow_to_fast_and_its_index_fits() -> None:
    assert len(TABLE) <= 2**INDEX_BITS
    for length in LENGTHS:
        thresholds = [threshold_db(mcs, length) for mcs in TABLE]
        assert thresholds == sorted(thresholds)
    speeds = [mcs.bits_per_use for mcs in TABLE]
    assert speeds == sorted(speeds)


@pytest.mark.parametrize("mcs", TABLE, ids=name_of)
def test_no_scheme_is_above_capacity_at_its_threshold_and_long_blocks_come_near(mcs: Mcs) -> None:
    gaps = [threshold_db(mcs, bits) - 10.0 * math.log10(2.0**mcs.bits_per_use - 1.0) for bits in LENGTHS]
    assert min(gaps) > 0.0
    assert gaps[-1] == min(gaps) < 3.5


def test_thresholds_were_measured_with_the_default_code_for_every_scheme() -> None:
    measured = json.loads(THRESHOLDS.read_text())
    assert measured["code"] == Ldpc().plain()
    assert list(measured["snr_db"]) == [name_of(mcs) for mcs in TABLE]
    assert measured["information_bits"] == LENGTHS
    assert measured["block_error_rate"] == [length.most_errors / length.blocks for length in measure_mcs.LENGTHS]
    found = (
        (length, mcs, measured["snr_db"][name_of(mcs)][place])
        for place, length in enumerate(measure_mcs.LENGTHS)
        for mcs in TABLE
    )
    assert measure_mcs.record(found, measured["command"]) == measured


@pytest.mark.parametrize(("mcs", "place"), [(TABLE[2], 1), (TABLE[9], 2), (TABLE[20], 3)], ids=str)
def test_at_its_threshold_a_scheme_is_reliable_and_a_decibel_below_it_is_not(mcs: Mcs, place: int) -> None:
    length = measure_mcs.LENGTHS[place]
    found = frame(mcs, round(length.information_bits / mcs.bits_per_use), measure_mcs.CRC)
    threshold, blocks, fresh = threshold_db(mcs, length.information_bits), 60 if length.most_errors < 10 else 400, 1000
    passed = stats.binomtest(length.most_errors, length.blocks).proportion_ci(1.0 - FALSE_ALARM)
    errors = measure_mcs.wrong_blocks(found, threshold, blocks, fresh)
    assert stats.binom.sf(errors - 1, blocks, passed.high) > FALSE_ALARM
    errors = measure_mcs.wrong_blocks(found, threshold - 1.0, blocks, fresh)
    assert stats.binom.sf(errors - 1, blocks, length.most_errors / length.blocks) < FALSE_ALARM


def test_thresholds_between_measured_lengths_lie_between_theirs() -> None:
    for mcs in TABLE:
        short, long = threshold_db(mcs, 128), threshold_db(mcs, 512)
        assert threshold_db(mcs, 256) == pytest.approx((short + long) / 2.0)
        assert threshold_db(mcs, 8) == threshold_db(mcs, 32)
        assert threshold_db(mcs, 8448) == threshold_db(mcs, 3800)


@pytest.mark.parametrize("uses", [500, 3001, 20_000, 66_560])
@pytest.mark.parametrize("mcs", TABLE, ids=name_of)
def test_frames_use_every_channel_use_and_the_fewest_blocks(mcs: Mcs, uses: int) -> None:
    found = frame(mcs, uses)
    per_symbol = BITS_PER_SYMBOL[mcs.modulation]
    assert found.coded_bits % per_symbol == 0
    assert found.blocks * found.coded_bits // per_symbol + found.idle == uses
    assert 0 <= found.idle < found.blocks
    assert Ldpc().check(found.information_bits, found.coded_bits) is None
    assert abs(found.information_bits - mcs.code_rate * found.coded_bits) <= 1.0
    assert found.payload_bits == found.blocks * (found.information_bits - 24)
    if found.blocks > 1:
        longer = uses // (found.blocks - 1) * per_symbol
        assert Ldpc().check(math.floor(mcs.code_rate * longer), longer) is not None


@pytest.mark.parametrize("uses", [64, 5000])
def test_over_white_noise_the_adaptive_scheme_sends_most_of_what_is_reliable(uses: int) -> None:
    for snr_db in range(-10, 31):
        (chosen,) = Adaptive(target_loss=0.01).frames(Ldpc(), "CRC6", uses, csi(float(snr_db)), 1)
        found = [(mcs, frame_of(Ldpc(), "CRC6", mcs, uses)) for mcs in TABLE]
        frames = [(mcs, one) for mcs, one in found if isinstance(one, Frame)]
        reliable = [one for mcs, one in frames if threshold_db(mcs, one.information_bits) <= snr_db]
        best = max((one.payload_bits for one in reliable), default=frames[0][1].payload_bits)
        assert chosen.payload_bits == best


@pytest.mark.parametrize("snr_db", range(-3, 25, 3))
def test_the_adaptive_scheme_stays_below_capacity_where_it_is_reliable(snr_db: float) -> None:
    (chosen,) = Adaptive().frames(Ldpc(), "CRC24A", 30_000, csi(snr_db), 1)
    assert chosen.payload_bits / 30_000 < math.log2(1.0 + 10.0 ** (snr_db / 10.0))


def test_without_a_block_short_enough_nothing_is_sent() -> None:
    (chosen,) = Adaptive().frames(Polar(), "CRC6", 3, csi(0.0), 1)
    assert (chosen.blocks, chosen.payload_bits, chosen.idle) == (0, 0, 3)


@pytest.mark.parametrize(("place", "most"), [(1, 8192), (12, 1087)])
def test_polar_frames_keep_to_its_blocks(place: int, most: int) -> None:
    """Long ones only where they carry less than 360 bits."""
    found = frame_of(Polar(), "CRC11", TABLE[place], 5000)
    assert isinstance(found, Frame)
    assert found.coded_bits <= most
    assert found.blocks == math.ceil(10_000 / most)


@pytest.mark.parametrize(
    ("code_rate", "uses", "words"),
    [
        (0.99, 5000, "5000 channel uses of qpsk at code_rate 0.99: code rate 0.9881; the 5G LDPC code has rates up to"),
        (0.5, 20, "20 channel uses of qpsk at code_rate 0.5: 20 information bits leave no room beside the CRC24A"),
    ],
)
def test_an_impossible_fixed_scheme_is_said(code_rate: float, uses: int, words: str) -> None:
    with pytest.raises(UserError) as error:
        Fixed(code_rate=code_rate).frame(Ldpc(), "CRC24A", uses)
    assert words in str(error.value)


@pytest.mark.parametrize("crc", get_args(Crc))
def test_a_block_carries_its_crc(crc: Crc) -> None:
    found = frame(TABLE[2], 900, crc)
    assert found.information_bits - found.block_bits == CRC_BITS[crc]
    assert set(get_args(Crc)) == set(CRC_BITS)
