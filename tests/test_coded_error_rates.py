"""The coded chain against Sionna's own blocks, put together by hand."""

from functools import reduce
from typing import Any

import numpy as np
import pytest

from near import assert_same_rate
from semcom.metrics import BlockErrorRate
from semcom.sources import RandomBits
from semcom.studies.link_point import LinkPoint
from semcom.tally import Rate
from semcom.transceivers import Coded
from semcom_channels import Awgn, Streams, closed_form
from semcom_channels.backend import tf
from semcom_channels.codes import Code, Ldpc, Polar
from semcom_channels.ldpc_decoders import Boxplus
from semcom_channels.modulation import BITS_PER_SYMBOL, Modulation
from semcom_channels.units import snr_db_of_ebn0
from semcom_estimation.receivers import Perfect

import sionna.phy as sionna  # isort: skip
from sionna.phy.channel import AWGN
from sionna.phy.fec.ldpc import LDPC5GDecoder, LDPC5GEncoder
from sionna.phy.fec.polar import Polar5GDecoder, Polar5GEncoder
from sionna.phy.mapping import BinarySource, Demapper, Mapper
from sionna.phy.utils import ebnodb2no

BATCH = 250  # blocks


def ours(code: Code, modulation: Modulation, bits: int, snr_db: float, blocks: int, seed: int) -> Rate:
    """Block errors of the transceiver `coded` at rate 1/2 over AWGN."""
    point = LinkPoint(
        source=RandomBits(packet_bits=bits),
        transceiver=Coded(code=code, code_rate=0.5, modulation=modulation),
        channel=Awgn(),
        receiver=Perfect(),
        metrics=(BlockErrorRate(),),
        batch=BATCH,
        snr_db=snr_db,
    )
    keys = point.stream_keys()
    tallies = [point.evaluate(Streams(seed, 0, chunk, keys))["bler"] for chunk in range(blocks // BATCH)]
    return reduce(Rate.merge, [tally for tally in tallies if isinstance(tally, Rate)])


def by_hand(encoder: Any, decoder: Any, modulation: Modulation, ebn0_db: float, blocks: int, seed: int) -> int:
    """Block errors of Sionna's source, code, mapper, channel and demapper, as its tutorials put them together."""
    per_symbol = BITS_PER_SYMBOL[modulation]
    source, mapper, channel = BinarySource(), Mapper("qam", per_symbol), AWGN()
    demapper = Demapper("app", "qam", per_symbol)

    def errors() -> int:
        bits = source([BATCH, encoder.k])
        no = ebnodb2no(ebn0_db, per_symbol, encoder.k / encoder.n)
        decided = decoder(demapper(channel(mapper(encoder(bits)), no), no))
        return int(tf.reduce_sum(tf.cast(tf.reduce_any(decided != bits, axis=1), tf.int32)))

    sionna.config.seed = seed
    return sum(errors() for _ in range(blocks // BATCH))


@pytest.mark.parametrize(
    ("modulation", "ebn0_db"), [("qpsk", 1.0), ("qpsk", 2.0), ("16qam", 3.0), ("16qam", 4.2)], ids=str
)
def test_ldpc_block_error_rates_are_those_of_sionna_by_hand(
    modulation: Modulation, ebn0_db: float, rng: np.random.Generator
) -> None:
    blocks = 1500
    per_symbol = BITS_PER_SYMBOL[modulation]
    encoder = LDPC5GEncoder(100, 200, num_bits_per_symbol=per_symbol)
    decoder = LDPC5GDecoder(encoder, num_iter=20)
    theirs = by_hand(encoder, decoder, modulation, ebn0_db, blocks, int(rng.integers(2**31)))
    snr_db = snr_db_of_ebn0(ebn0_db, 0.5 * per_symbol)
    mine = ours(Ldpc(decoder=Boxplus()), modulation, 100, snr_db, blocks, int(rng.integers(2**31)))
    assert mine.trials == blocks
    assert_same_rate(mine.errors, theirs, blocks)


def test_polar_block_error_rates_are_those_of_sionna_by_hand(rng: np.random.Generator) -> None:
    blocks = 500
    encoder = Polar5GEncoder(30, 60)
    decoder = Polar5GDecoder(encoder, dec_type="SCL", list_size=4)
    theirs = by_hand(encoder, decoder, "qpsk", 2.0, blocks, int(rng.integers(2**31)))
    mine = ours(Polar(list_size=4), "qpsk", 30, snr_db_of_ebn0(2.0, 1.0), blocks, int(rng.integers(2**31)))
    assert mine.trials == blocks
    assert_same_rate(mine.errors, theirs, blocks)


@pytest.mark.parametrize("per_symbol", [1, 2, 4, 6])
def test_ldpc_words_and_decisions_are_those_of_sionna(per_symbol: int, rng: np.random.Generator) -> None:
    bits = tf.constant(rng.integers(2, size=(50, 100)), tf.float32)
    encoder = LDPC5GEncoder(100, 240, num_bits_per_symbol=per_symbol)
    words = Ldpc(decoder=Boxplus(iterations=8)).encode(bits, 240, per_symbol)
    np.testing.assert_array_equal(words, encoder(bits))
    llrs = (2.0 * words - 1.0) * 2.0 + tf.constant(rng.normal(0.0, 2.0, words.shape), tf.float32)
    theirs = LDPC5GDecoder(encoder, num_iter=8, cn_update="boxplus")(llrs)
    decided = Ldpc(decoder=Boxplus(iterations=8)).decode(llrs, 100, per_symbol)
    np.testing.assert_array_equal(decided, theirs)


@pytest.mark.parametrize("modulation", ["qpsk", "16qam"])
def test_no_long_code_word_survives_below_the_shannon_limit(modulation: Modulation, rng: np.random.Generator) -> None:
    """The strong converse at 1 dB below it; 2,000 bits leave no other chance. [Polyanskiy, Poor, Verdu 2010]"""
    limit = closed_form.shannon_limit_db(Awgn(), 0.5 * BITS_PER_SYMBOL[modulation])
    assert limit is not None
    tally = ours(Ldpc(), modulation, 2000, limit - 1.0, BATCH, int(rng.integers(2**31)))
    assert tally.errors == tally.trials
