"""The classical transceiver for pictures and its bound."""

import math
import pickle
from fractions import Fraction
from functools import cache
from typing import Annotated, Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy import stats

from near import FALSE_ALARM, assert_mean
from semcom.codecs import Avif, Codec, Jpeg, Jpeg2000, Pcm, Webp
from semcom.errors import UserError
from semcom.metrics import Psnr
from semcom.sources import Digits, Photographs
from semcom.studies.link_point import LinkPoint
from semcom.transceivers import TRANSCEIVERS, Csi, Separate, SeparateBound, Transceiver, separate_link
from semcom.transceivers.mcs import Mcs, threshold_db
from semcom.transceivers.scheme import Adaptive, Fixed, Scheme
from semcom_channels import Awgn, BinarySymmetric, Channel, Rayleigh, Received, Streams
from semcom_channels.backend import tf
from semcom_channels.codes import Ldpc, Polar
from semcom_channels.ldpc_decoders import LayeredMinStar
from semcom_estimation.receivers import Perfect

QUICK = Ldpc(decoder=LayeredMinStar(iterations=8))
QPSK = Mcs("qpsk", 602 / 1024)
SIXTEEN = Fixed(modulation="16qam", code_rate=0.5)
UNIT = (96, 128, 3)


@cache
def photograph() -> Any:
    return Photographs().draw(1, None)[1].data[:, 96:192, 200:328]


@cache
def digits(count: int = 40) -> Any:
    return Digits().draw(count, np.random.default_rng(7))[0].data


def csi(snr_db: float) -> Csi:
    return Csi(tf.constant(snr_db, tf.float32))


def received(symbols: Any, no: float = 1e-3) -> Received:
    return Received(symbols, tf.fill(tf.shape(symbols), no))


def over(channel: Channel, transceiver: Separate, data: Any, snr_db: float, streams: Streams) -> Any:
    """What is understood of a batch sent at an SNR."""
    known = csi(snr_db)
    symbols = transceiver.encode(tf.constant(data), known)
    realisation = channel.draw(tuple(symbols.shape), known.snr_db, streams)
    arrived = Perfect().receive(realisation.carry(symbols), realisation)
    return transceiver.decode(arrived, known, tuple(data.shape[1:])).numpy()


def own(codec: Codec, picture: Any, budget_bits: int) -> Any:
    """The codec's picture at a budget, as nothing but the codec makes it."""
    bits = codec.compress(picture, budget_bits)
    return codec.restore(np.zeros(0, np.uint8) if bits is None else bits, picture.shape)


def psnr(picture: Any, other: Any) -> float:
    return float(-10.0 * np.log10(np.mean(np.square(picture - other), dtype=np.float64)))


@pytest.mark.parametrize("codec", [Jpeg(), Webp(), Jpeg2000(), Avif(speed=9)], ids=lambda codec: str(codec.kind))
def test_at_high_snr_the_picture_is_exactly_the_codecs_own(codec: Codec, streams: Streams) -> None:
    transceiver = Separate(codec=codec, bandwidth_ratio=Fraction(1, 6), code=QUICK, scheme=SIXTEEN)
    understood = over(Awgn(), transceiver, photograph(), 20.0, streams)
    budget = transceiver.frames(UNIT, csi(20.0), 1)[0].payload_bits
    np.testing.assert_array_equal(understood[0], own(codec, photograph()[0], budget))
    assert psnr(understood[0], photograph()[0]) > 20.0


@pytest.mark.parametrize("scheme", [Adaptive(), SIXTEEN], ids=lambda scheme: str(scheme.kind))
def test_far_below_the_threshold_the_picture_is_grey(scheme: Scheme, streams: Streams) -> None:
    transceiver = Separate(codec=Jpeg2000(), bandwidth_ratio=Fraction(1, 6), code=QUICK, scheme=scheme)
    np.testing.assert_array_equal(over(Awgn(), transceiver, photograph(), -12.0, streams), 0.5)


def test_a_file_that_does_not_fit_is_not_sent_and_grey(streams: Streams) -> None:
    transceiver = Separate(codec=Jpeg(), bandwidth_ratio=Fraction(1, 96), code=QUICK, scheme=SIXTEEN)
    assert own(Jpeg(), photograph()[0], transceiver.frames(UNIT, csi(30.0), 1)[0].payload_bits).std() == 0.0
    np.testing.assert_array_equal(over(Awgn(), transceiver, photograph(), 30.0, streams), 0.5)


@pytest.mark.parametrize("lost", [0, 2])
def test_blocks_from_the_first_wrong_one_on_are_not_shown(lost: int) -> None:
    codec = Jpeg2000()
    scheme = Fixed(modulation="64qam", code_rate=0.8)
    transceiver = Separate(codec=codec, bandwidth_ratio=Fraction(1, 4), code=QUICK, scheme=scheme)
    known = csi(30.0)
    frame = transceiver.frames(UNIT, known, 1)[0]
    assert frame.blocks > lost + 1
    symbols = transceiver.encode(tf.constant(photograph()), known).numpy()
    symbols[:, lost * frame.block_uses : (lost + 1) * frame.block_uses] *= -1.0
    shown = transceiver.decode(received(tf.constant(symbols)), known, UNIT).numpy()[0]
    bits = codec.compress(photograph()[0], frame.payload_bits)
    assert bits is not None
    np.testing.assert_array_equal(shown, codec.restore(bits[: lost * frame.block_bits], UNIT))
    assert (psnr(shown, photograph()[0]) > 15.0) == (lost > 0)


def test_below_the_noise_digits_arrive_by_a_scheme_below_a_fifth(streams: Streams) -> None:
    """QPSK at 40/1024, reliable from -8.5 dB on at 32 bits: at most one block in a hundred is lost."""
    transceiver = Separate(
        codec=Pcm(), bandwidth_ratio=Fraction(410, 64), crc="CRC6", scheme=Adaptive(target_loss=0.01)
    )
    frame = transceiver.frames((8, 8, 1), csi(-8.45), 1)[0]
    assert (frame.blocks, frame.information_bits, frame.coded_bits) == (1, 32, 820)
    shown = over(Awgn(), transceiver, digits(100), -8.45, streams)
    expected = np.stack([own(Pcm(), picture, frame.payload_bits) for picture in digits(100)])
    lost = int((shown != expected).any(axis=(1, 2, 3)).sum())
    measured = stats.binomtest(20, 2000).proportion_ci(1.0 - FALSE_ALARM)  # as the threshold was
    assert stats.binom.sf(lost - 1, 100, measured.high) > FALSE_ALARM


def test_each_digit_is_a_codeword_of_its_own() -> None:
    transceiver = Separate(codec=Pcm(), bandwidth_ratio=Fraction(1), crc="CRC11", scheme=SIXTEEN)
    known = csi(30.0)
    symbols = transceiver.encode(tf.constant(digits()), known).numpy()
    symbols[3] *= -1.0
    shown = transceiver.decode(received(tf.constant(symbols)), known, (8, 8, 1)).numpy()
    budget = transceiver.frames((8, 8, 1), known, 1)[0].payload_bits
    for index, picture in enumerate(digits()):
        np.testing.assert_array_equal(shown[index], 0.5 if index == 3 else own(Pcm(), picture, budget))


def test_polar_codes_carry_digits() -> None:
    transceiver = Separate(
        codec=Pcm(), bandwidth_ratio=Fraction(1), code=Polar(list_size=1), crc="CRC6", scheme=Fixed()
    )
    known = csi(30.0)
    symbols = transceiver.encode(tf.constant(digits()), known)
    shown = transceiver.decode(received(symbols), known, (8, 8, 1)).numpy()
    budget = transceiver.frames((8, 8, 1), known, 1)[0].payload_bits
    np.testing.assert_array_equal(shown, np.stack([own(Pcm(), picture, budget) for picture in digits()]))


def test_too_few_channel_uses_are_an_outage(streams: Streams) -> None:
    transceiver = Separate(codec=Pcm(), bandwidth_ratio=Fraction(1, 64), crc="CRC6")
    assert transceiver.cost((8, 8, 1)).channel_uses == 1
    symbols = transceiver.encode(tf.constant(digits()), csi(0.0)).numpy()
    assert symbols.shape == (40, 1)
    np.testing.assert_allclose(np.abs(symbols), 1.0)
    np.testing.assert_array_equal(over(Awgn(), transceiver, digits(), 30.0, streams), 0.5)


@pytest.mark.parametrize("ratio", [Fraction(1, 12), Fraction(1, 13), Fraction(1, 48)])
def test_channel_uses_are_exact(ratio: Fraction) -> None:
    transceiver = Separate(codec=Jpeg(), bandwidth_ratio=ratio, scheme=SIXTEEN)
    uses = math.floor(ratio * 96 * 128 * 3)
    cost = transceiver.cost(UNIT)
    symbols = transceiver.encode(tf.constant(photograph()), csi(0.0))
    assert cost.channel_uses == symbols.shape[1] == uses
    frame = transceiver.frames(UNIT, csi(0.0), 1)[0]
    assert cost.coded_bits == 4 * (uses - frame.idle)
    assert cost.side_bits == 0
    adaptive = Separate(bandwidth_ratio=ratio).cost(UNIT)
    assert (adaptive.channel_uses, adaptive.coded_bits, adaptive.side_bits) == (uses, None, 5)


def test_idle_symbols_have_unit_power_too() -> None:
    scheme = Fixed(modulation="qpsk", code_rate=0.9)
    transceiver = Separate(codec=Jpeg(), bandwidth_ratio=Fraction(5, 13), scheme=scheme)
    assert transceiver.frames(UNIT, csi(0.0), 1)[0].idle > 0
    symbols = transceiver.encode(tf.constant(photograph()), csi(0.0)).numpy()
    np.testing.assert_allclose(np.abs(symbols), 1.0, rtol=1e-6)


@pytest.mark.parametrize("modulation", ["16qam", "64qam", "256qam"])
def test_symbols_have_unit_power_even_of_a_black_picture(modulation: Any) -> None:
    scheme = Fixed(modulation=modulation, code_rate=0.6)
    black = np.zeros((4, 96, 128, 3), np.float32)
    for codec, data in ((Pcm(), digits()), (Pcm(), np.zeros_like(digits())), (Jpeg(), black)):
        transceiver = Separate(codec=codec, bandwidth_ratio=Fraction(1, 2), crc="CRC6", scheme=scheme)
        symbols = transceiver.encode(tf.constant(data), csi(0.0)).numpy()
        assert_mean(np.square(np.abs(symbols)), 1.0)
        assert_mean(symbols.real, 0.0)


def test_of_equal_digits_no_two_are_sent_alike() -> None:
    transceiver = Separate(codec=Pcm(), bandwidth_ratio=Fraction(1), crc="CRC6", scheme=SIXTEEN)
    symbols = transceiver.encode(tf.zeros((30, 8, 8, 1)), csi(0.0)).numpy()
    assert len(np.unique(symbols, axis=0)) == 30


def test_one_more_snr_of_a_scheme_costs_no_trace() -> None:
    transceiver = Separate(codec=Jpeg(), bandwidth_ratio=Fraction(1, 12), code=QUICK)
    uses = transceiver.cost(UNIT).channel_uses
    low = threshold_db(QPSK, transceiver.frames(UNIT, csi(0.0), 1)[0].information_bits) + 0.3
    frame = transceiver.frames(UNIT, csi(low), 1)[0]
    assert frame == transceiver.frames(UNIT, csi(low + 0.5), 1)[0]
    ends = (separate_link.sender(transceiver.code, frame), separate_link.receiver(transceiver.code, frame))
    for snr_db in (low, low + 0.25, low + 0.5):
        symbols = transceiver.encode(tf.constant(photograph()), csi(snr_db))
        transceiver.decode(received(symbols, 10.0 ** (-snr_db / 10.0)), csi(snr_db), UNIT)
    assert symbols.shape == (1, uses)
    assert [end.experimental_get_tracing_count() for end in ends] == [1, 1]


def test_no_snr_lets_separate_pass_its_bound(streams: Streams) -> None:
    fields: dict[str, Any] = {"codec": Jpeg2000(), "bandwidth_ratio": Fraction(1, 12)}
    separate, bound = Separate(code=QUICK, **fields), SeparateBound(**fields)
    last = 0.0
    for snr_db in (-9.0, 3.0, 13.0):
        ideal = bound.ideal(tf.constant(photograph()), csi(snr_db)).numpy()
        reached = psnr(over(Awgn(), separate, photograph(), snr_db, streams), photograph())
        assert reached <= psnr(ideal, photograph())
        assert psnr(ideal, photograph()) > last
        last = psnr(ideal, photograph())
        budget = bound.budget_bits(UNIT, snr_db)
        assert budget == math.floor(3072 * math.log2(1.0 + 10.0 ** (snr_db / 10.0)))
        assert separate.frames(UNIT, csi(snr_db), 1)[0].payload_bits < budget
        np.testing.assert_array_equal(ideal[0], own(Jpeg2000(), photograph()[0], budget))


def test_the_bound_is_grey_where_nothing_fits() -> None:
    bound = SeparateBound(codec=Jpeg(), bandwidth_ratio=Fraction(1, 48))
    np.testing.assert_array_equal(bound.ideal(tf.constant(photograph()), csi(-10.0)), 0.5)


def test_digits_are_lost_in_rayleigh_fading_as_often_as_fades_are_deep(streams: Streams) -> None:
    transceiver = Separate(codec=Pcm(), bandwidth_ratio=Fraction(4), crc="CRC16", scheme=SIXTEEN)
    many = digits(400)
    shown = over(Rayleigh(), transceiver, many, 15.0, streams)
    lost = np.all(shown == 0.5, axis=(1, 2, 3))
    gains = Rayleigh().draw((400, 256), tf.constant(15.0), streams).gain.numpy()
    snr_db = 15.0 + 20.0 * np.log10(np.abs(gains[:, 0]))
    threshold = threshold_db(Mcs("16qam", 490 / 1024), transceiver.frames((8, 8, 1), csi(15.0), 1)[0].information_bits)
    assert lost[snr_db < threshold - 2.0].all()
    assert not lost[snr_db > threshold + 2.0].any()
    assert 0 < lost.sum() < 400


@pytest.mark.parametrize(
    "transceiver",
    [
        Separate(codec=Pcm(), bandwidth_ratio=Fraction(1), crc="CRC6"),
        SeparateBound(codec=Pcm(), bandwidth_ratio=Fraction(1)),
    ],
    ids=lambda transceiver: str(transceiver.kind),
)
def test_a_link_runs_it(transceiver: Transceiver, streams: Streams) -> None:
    point = LinkPoint(
        source=Digits(),
        transceiver=transceiver,
        channel=Awgn(),
        receiver=Perfect(),
        metrics=(Psnr(),),
        batch=30,
        snr_db=12.0,
    )
    point.check()
    quality = point.evaluate(streams)["psnr"]
    assert quality.interval().value > 15.0
    assert point.facts()["channel_uses"] == 64


def test_bpsk_crosses_a_binary_channel(streams: Streams) -> None:
    scheme = Fixed(modulation="bpsk", code_rate=0.4)
    transceiver = Separate(codec=Pcm(), bandwidth_ratio=Fraction(81, 16), crc="CRC11", scheme=scheme)
    assert transceiver.antipodal
    assert not transceiver.needs_snr
    symbols = transceiver.encode(tf.constant(digits()), csi(0.0)).numpy()
    np.testing.assert_array_equal(np.abs(symbols.real), 1.0)
    shown = over(BinarySymmetric(flip_probability=0.01), transceiver, digits(), 0.0, streams)
    budget = transceiver.frames((8, 8, 1), csi(0.0), 1)[0].payload_bits
    np.testing.assert_array_equal(shown, np.stack([own(Pcm(), picture, budget) for picture in digits()]))


def test_scenarios_name_its_parts() -> None:
    reader: TypeAdapter[Transceiver] = TypeAdapter(Annotated[Transceiver, TRANSCEIVERS])
    scheme = '{"kind": "adaptive", "target_loss": 0.2}'
    plain = f'{{"kind": "separate", "codec": "jpeg", "bandwidth_ratio": "1/6", "scheme": {scheme}}}'
    transceiver = reader.validate_json(plain)
    assert transceiver == Separate(codec=Jpeg(), bandwidth_ratio=Fraction(1, 6), scheme=Adaptive(target_loss=0.2))
    assert transceiver.needs_snr
    assert pickle.loads(pickle.dumps(transceiver)) == transceiver
    for kind in (Separate, SeparateBound):
        assert reader.validate_json(f'"{kind.model_fields["kind"].default}"') == kind()


def test_what_it_cannot_send_is_said() -> None:
    with pytest.raises(UserError, match="codecs take grey or colour pictures; given 2 colours"):
        Separate().cost((16, 16, 2))
    with pytest.raises(UserError, match="bandwidth_ratio 1/100 leaves no channel use for pictures of 8x8 pixels"):
        SeparateBound(bandwidth_ratio=Fraction(1, 100)).cost((8, 8, 1))
    with pytest.raises(UserError, match=r"code_rate 0\.5: 8 information bits leave no room beside the CRC24A"):
        Separate(bandwidth_ratio=Fraction(1, 8), scheme=Fixed()).cost((8, 8, 1))


def test_a_missing_codec_is_said_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import features

    monkeypatch.setattr(features, "check", lambda feature: False)
    for transceiver in (Separate(), SeparateBound()):
        with pytest.raises(UserError, match="codec avif"):
            transceiver.check()
