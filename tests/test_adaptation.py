"""Link adaptation: how often files are lost over fading, and what feedback gains."""

import math
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq

from near import FALSE_ALARM, assert_mean, assert_rate
from semcom.codecs import Pcm
from semcom.sources import Digits
from semcom.studies.link_point import LinkPoint
from semcom.tally import Rate
from semcom.transceivers import Csi, Law, Separate, adaptation, law_sample, measure_mcs, separate_link
from semcom.transceivers.frame import frame_of
from semcom.transceivers.mcs import TABLE, threshold_db
from semcom.transceivers.reliability import Reach, by_blocks, reach_of
from semcom.transceivers.scheme import Adaptive, FastAdaptive, Fixed, Scheme
from semcom_channels import Awgn, Cdl, Channel, Rayleigh, Realisation, Received, Rician, Streams, Umi
from semcom_channels.arrays import Ula
from semcom_channels.backend import tf
from semcom_channels.bit_information import dispersion, information
from semcom_channels.codes import Ldpc
from semcom_channels.ldpc_decoders import LayeredMinStar
from semcom_channels.tdl import Tdl
from semcom_channels.units import linear
from semcom_estimation.receivers import LeastSquares, LinearMmse, Perfect, Receiver

QUICK = Ldpc(decoder=LayeredMinStar(iterations=8))
USES, UNIT = 256, (8, 8, 1)
FOUR = Ula(elements=2, polarisation="cross")


class Boaster(Perfect):
    """States a third of the noise that its symbols see."""

    kind: Any = "boaster"

    def receive(self, arrived: Any, realisation: Realisation, knowledge: Any = ()) -> Received:
        """Right symbols, wrong noise."""
        received = super().receive(arrived, realisation, knowledge)
        return received._replace(no=received.no / 3.0)


def separate(scheme: Scheme) -> Separate:
    return Separate(codec=Pcm(), bandwidth_ratio=Fraction(4), code=QUICK, crc="CRC16", scheme=scheme)


def csi(snr_db: float, law: Law | None = None, noise: Any = None) -> Csi:
    return Csi(tf.constant(snr_db, tf.float32), law or Law(), noise)


def point(scheme: Scheme, channel: Channel, receiver: Receiver, snr_db: float | None, batch: int) -> LinkPoint:
    return LinkPoint(
        source=Digits(),
        transceiver=separate(scheme),
        channel=channel,
        receiver=receiver,
        metrics=(),
        batch=batch,
        snr_db=snr_db,
    )


def assert_few_lost(lost: Any, target: float) -> None:
    assert isinstance(lost, Rate)
    assert stats.binom.sf(lost.errors - 1, lost.trials, target) > FALSE_ALARM


@cache
def reaches() -> tuple[Reach, ...]:
    return adaptation._reaches(QUICK, "CRC16", USES)


def needed_db(reach: Reach, target: float) -> float:
    """The SNR from which a file that meets one gain is lost at most so often."""

    def excess(snr_db: float) -> float:
        told = np.array([information(reach.frame.modulation, 10.0 ** (-snr_db / 10.0))])
        return float(reach.lost(told)) - target

    return float(brentq(excess, reach.threshold_db - 5.0, reach.threshold_db + 5.0))


@pytest.mark.parametrize("snr_db", [5.0, 20.0])
def test_slow_adaptation_loses_at_most_its_target_over_rayleigh_fading(snr_db: float, streams: Streams) -> None:
    lost = point(Adaptive(target_loss=0.1), Rayleigh(), Perfect(), snr_db, 400).evaluate(streams)["file_loss"]
    assert_few_lost(lost, 0.1)
    assert isinstance(lost, Rate)
    assert lost.errors > 0  # it does not hide behind the most robust scheme


def test_thresholds_of_white_noise_at_the_mean_snr_lose_half_of_the_files(streams: Streams) -> None:
    transceiver, known = separate(Adaptive(target_loss=0.1)), csi(15.0)  # a sender that knows no law takes white noise
    data = Digits().draw(400, streams.rng("source"))[0].data
    symbols = transceiver.encode(tf.constant(data), known)
    realisation = Rayleigh().draw((400, USES), known.snr_db, streams)
    lost = transceiver.deliver(Perfect().receive(realisation.carry(symbols), realisation), known, UNIT).lost.numpy()
    assert stats.binom.sf(int(lost.sum()) - 1, 400, 0.1) < FALSE_ALARM


FADING = {
    "Rician, two gains a block": (Rician(coherence_uses=128), Perfect(), 12.0),
    "CDL-C at 100 m/s, LMMSE": (Cdl(profile="C", delay_spread_s=3e-7, speed_m_s=100.0), LinearMmse(), 14.0),
    "CDL-C at 15 m/s, LS": (Cdl(profile="C", delay_spread_s=3e-7, speed_m_s=15.0), LeastSquares(), 8.0),
    "UMi, four antennas": (Umi(users=20, speed_m_s=1.0, base=FOUR), LinearMmse(), 4.0),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FADING)
def test_slow_adaptation_loses_at_most_its_target_over(name: str, streams: Streams) -> None:
    channel, receiver, snr_db = FADING[name]
    for target in (0.03, 0.2):
        lost = point(Adaptive(target_loss=target), channel, receiver, snr_db, 300).evaluate(streams)["file_loss"]
        assert_few_lost(lost, target)


@pytest.mark.slow
def test_four_antennas_are_counted(streams: Streams) -> None:
    alone, four = (
        point(Adaptive(), Umi(users=20, speed_m_s=1.0, base=base), Perfect(), 4.0, 300).evaluate(streams)
        for base in (Ula(), FOUR)
    )
    assert_few_lost(four["file_loss"], 0.1)
    assert four["payload_rate"].interval().value > 2.0 * alone["payload_rate"].interval().value


@pytest.mark.parametrize("target", [0.03, 0.2])
def test_slow_adaptation_chooses_the_best_constant_rate_of_that_outage(target: float) -> None:
    snr_db, count = 18.0, adaptation.realisations(target, USES)
    (frame,) = Adaptive(target_loss=target).frames(QUICK, "CRC16", USES, csi(snr_db, Law(Rayleigh())), 1)
    outage = {reach.frame: 1.0 - math.exp(-linear(needed_db(reach, 0.5)) / linear(snr_db)) for reach in reaches()}
    allowed = stats.beta(20.0, count - 19.0)  # of the twentieth worst of `count` gains
    assert outage[frame] < allowed.isf(FALSE_ALARM)
    bolder = [chance for other, chance in outage.items() if other.payload_bits > frame.payload_bits]
    assert min(bolder) > allowed.ppf(FALSE_ALARM)


def test_feedback_gains_on_rayleigh_blocks_what_theory_says(streams: Streams) -> None:
    snr_db, target, batch = 15.0, 0.05, 1000
    found = point(FastAdaptive(target_loss=target), Rayleigh(), Perfect(), snr_db, batch)
    noise = 1.0 / (np.random.default_rng(streams.seed).exponential(size=(batch, 1)) * linear(snr_db))
    known = csi(snr_db, Law(Rayleigh()), np.broadcast_to(noise, (batch, USES)))
    frames = found.transceiver.frames(UNIT, known, batch)  # type: ignore[attr-defined]
    steps = sorted((needed_db(reach, target), reach.frame.payload_bits) for reach in reaches())
    expected, most = 0.0, 0
    for at_db, payload in steps:  # E of the largest payload whose step the gain, of exponential law, has passed
        if payload > most:
            expected += (payload - most) * math.exp(-linear(at_db) / linear(snr_db))
            most = payload
    assert_mean([frame.payload_bits for frame in frames], expected)
    (slow,) = Adaptive(target_loss=target).frames(QUICK, "CRC16", USES, known, 1)
    assert expected > 3.0 * slow.payload_bits


@pytest.mark.parametrize("channel", [Rayleigh(), Rayleigh(coherence_uses=64), Rician()], ids=str)
@pytest.mark.parametrize("snr_db", [-10.0, 5.0, 30.0])
def test_with_feedback_no_unit_is_sent_more_than_its_capacity(
    channel: Channel, snr_db: float, streams: Streams
) -> None:
    gain = channel.draw((200, USES), tf.constant(snr_db), streams).gain.numpy()
    noise = np.broadcast_to(1.0 / (np.square(np.abs(gain)) * linear(snr_db)), (200, USES))
    frames = FastAdaptive().frames(QUICK, "CRC16", USES, csi(snr_db, Law(channel), noise), 200)
    capacity = np.log2(1.0 + 1.0 / noise).sum(axis=1)
    assert (np.array([frame.payload_bits for frame in frames]) <= capacity).all()


@pytest.mark.slow
def test_files_sent_by_feedback_arrive_each_by_its_own_scheme(streams: Streams) -> None:
    found = point(FastAdaptive(), Rician(k_factor_db=17.0), Perfect(), 15.0, 100).evaluate(streams)
    assert_few_lost(found["file_loss"], 0.1)
    assert found["payload_rate"][2] > 0.0  # a spread: schemes differ


def test_units_of_several_frames_share_a_batch() -> None:
    data = Digits().draw(7, np.random.default_rng(3))[0].data
    robust, swift = (Fixed(modulation=name, code_rate=0.5).frame(QUICK, "CRC16", USES) for name in ("qpsk", "16qam"))
    frames = (swift, robust, robust, swift, adaptation.silence("CRC16", USES), swift, swift)
    symbols = separate_link.encode(Pcm(), QUICK, frames, data)
    noise = tf.fill((7, USES), 1e-3)
    pictures, lost, rate = separate_link.deliver(Pcm(), QUICK, frames, Received(symbols, noise), UNIT)
    np.testing.assert_array_equal(lost, [0, 0, 0, 0, 1, 0, 0])
    np.testing.assert_allclose(rate, [frame.payload_bits / USES for frame in frames], rtol=1e-6)
    for picture, shown, frame in zip(data, pictures.numpy(), frames, strict=True):
        bits = Pcm().compress(picture, frame.payload_bits)
        np.testing.assert_array_equal(shown, Pcm().restore(np.zeros(0) if bits is None else bits, UNIT))


def test_a_receiver_that_states_too_little_noise_costs_rate_and_no_files(streams: Streams) -> None:
    channel, target, snr_db, batch = Rician(k_factor_db=10.0), 0.1, 15.0, 400
    gain = channel.draw((batch, USES), tf.constant(snr_db), streams).gain.numpy()
    noise = np.broadcast_to(1.0 / (np.square(np.abs(gain)) * linear(snr_db)), (batch, USES))
    known = csi(snr_db, Law(channel, Boaster()), noise / 3.0)
    by_frame = {reach.frame: reach for reach in reaches()}
    for scheme in (Adaptive(target_loss=target), FastAdaptive(target_loss=target)):
        lost = [
            float(by_frame[frame].lost(by_blocks(information(frame.modulation, each[None]), frame))[0])
            for frame, each in zip(scheme.frames(QUICK, "CRC16", USES, known, batch), noise, strict=True)
            if frame.blocks
        ]
        assert stats.binom.sf(sum(lost) - 1.0, batch, target) > FALSE_ALARM
        assert len(lost) > 0.9 * batch


@pytest.mark.parametrize("uses", [256, 512])
def test_with_feedback_short_units_are_sent_behind_a_receiver_that_leaves_errors_out(
    uses: int, streams: Streams
) -> None:
    """Least squares over a fast channel: hardly less than without feedback goes, however few groups tell of the law."""
    law = Law(Tdl(delay_spread_s=3e-7, speed_m_s=40.0), LeastSquares(), uses)
    snr = tf.constant(30.0, tf.float32)
    realisation = law.channel.draw((20, uses), snr, streams)
    heard = law.receiver.receive(realisation.carry(tf.ones((20, uses), tf.complex64)), realisation)
    known = csi(30.0, law, tf.broadcast_to(heard.no, (20, uses)))
    frames = FastAdaptive().frames(QUICK, "CRC16", uses, known, 20)
    (slow,) = Adaptive().frames(QUICK, "CRC16", uses, known, 1)
    assert np.mean([frame.payload_bits for frame in frames]) > 0.8 * slow.payload_bits


def test_the_stated_noise_is_believed_where_it_is_right() -> None:
    for channel in (Awgn(), Rayleigh(coherence_uses=16)):
        for snr_db in (-5.0, 10.0, 35.0):
            found = law_sample.sample(Law(channel), USES, snr_db, 59)
            assert len(found.noise) == (1 if isinstance(channel, Awgn) else 59)
            assert all((unstated == 0.0).all() for unstated in found.unstated.values())
    found = law_sample.sample(Law(Rayleigh(coherence_uses=16), Boaster()), USES, 10.0, 59)
    assert all((unstated < 0.0).all() for unstated in found.unstated.values())


def test_what_a_law_promises_is_no_draw_of_a_point_and_always_the_same() -> None:
    first, again = (law_sample._sample.__wrapped__(Law(Rayleigh()), USES, 10.0, 29, None) for _ in range(2))
    np.testing.assert_array_equal(first.noise, again.noise)
    keys = point(Adaptive(), Rayleigh(), Perfect(), 10.0, 29).stream_keys()
    theirs = Rayleigh().draw((29, USES), tf.constant(10.0), Streams(0, 0, 0, keys)).gain.numpy()
    assert not np.isclose(1.0 / first.noise[:, :1] / 10.0, np.square(np.abs(theirs))).any()


def test_shorter_units_meet_the_first_of_the_same_realisations() -> None:
    law = Law(Rayleigh(coherence_uses=64), Perfect(), 2 * USES)
    (frame,) = Adaptive().frames(QUICK, "CRC16", USES, csi(20.0, law), 1)
    assert law_sample.sample(law, 2 * USES, 20.0, adaptation.realisations(0.1, 2 * USES)).noise.shape == (199, 2 * USES)
    assert frame.blocks * frame.block_uses + frame.idle == USES


@pytest.mark.parametrize(("place", "length"), [(10, 1), (21, 2)])
@pytest.mark.parametrize("below_db", [0.3, 0.7])
def test_below_its_threshold_a_block_is_lost_as_often_as_dispersion_says(
    place: int, length: int, below_db: float
) -> None:
    mcs, bits, blocks = TABLE[place], measure_mcs.LENGTHS[length].information_bits, 400
    frame = frame_of(measure_mcs.CODE, measure_mcs.CRC, mcs, round(bits / mcs.bits_per_use))
    assert not isinstance(frame, str)
    snr_db = round(threshold_db(mcs, bits) - below_db, 1)
    told = np.array([information(mcs.modulation, 10.0 ** (-snr_db / 10.0))])
    wrong = measure_mcs.wrong_blocks(frame, snr_db, blocks, 900)
    assert_rate(wrong, blocks, float(reach_of(measure_mcs.CODE, mcs, frame).lost(told)))


def test_a_file_is_lost_when_any_of_its_blocks_is() -> None:
    frame = frame_of(Ldpc(), "CRC24A", TABLE[16], 20_000)
    assert not isinstance(frame, str)
    reach = reach_of(Ldpc(), TABLE[16], frame)
    needed = float(information("16qam", 1.0 / linear(reach.threshold_db)))
    plenty = np.full((1, frame.blocks), needed + 1.0)
    at_threshold, one_short = plenty.copy(), plenty.copy()
    at_threshold[:] = needed
    one_short[0, 1] = 0.0
    assert reach.lost(plenty) < 1e-12
    assert reach.lost(one_short) > 1.0 - 1e-9
    assert reach.lost(at_threshold) == pytest.approx(1.0 - (1.0 - reach.error_rate) ** frame.blocks, rel=1e-3)
    assert dispersion("16qam", 0.1) > 0.0


def test_the_risk_of_the_next_realisation_is_bounded_by_those_before(rng: np.random.Generator) -> None:
    """Of the worst two of 29, the next one is worse two times in thirty."""
    worse = []
    for _ in range(2000):
        quality = rng.normal(size=30)
        kept = np.sort(quality[:29])
        allowed = max(place for place in range(30) if adaptation.risk(np.arange(29) < place) <= 0.1)
        worse.append(quality[29] < kept[allowed - 1])
    assert_mean(worse, allowed / 30.0)
    assert allowed == 2
    assert adaptation.realisations(0.1, 2**16) == 39
    assert adaptation.realisations(0.1, USES) == 199
    assert adaptation.risk(np.array([0.07])) == 0.07
    assert adaptation.risk(np.zeros(9)) == 0.1  # nine that arrive do not promise that the tenth does
