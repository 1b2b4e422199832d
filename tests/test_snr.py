"""The one definition of SNR: E|h x|^2 / E|w|^2 at the receive antennas is what is stated, to a tenth of a decibel."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from near import FALSE_ALARM, assert_mean
from scenario_text import small
from semcom.figures.curves import panels
from semcom.record.folder import RunFolder
from semcom.scenario.find import load
from semcom.sweep.sweep import run
from semcom_channels import Awgn, Cdl, Channel, PointTargets, Rayleigh, Rician, Rma, Streams, Tdl, Trace, Uma, Umi
from semcom_channels.arrays import Ula, Upa
from semcom_channels.backend import tf
from semcom_channels.grid_channel import GridChannel, PathChannel
from semcom_channels.ofdm_grid import OfdmGrid, Pilots
from semcom_channels.units import BEFORE_GAIN

STATED_DB = 7.0
TENTH = 10.0**0.01 - 1.0  # of a decibel
SILENT = Pilots(symbols=())
FAST: dict[str, Any] = {
    "grid": OfdmGrid(subcarriers=2, subcarrier_spacing_hz=15e3, symbols=56, cyclic_prefix=0, pilots=SILENT),
    "speed_m_s": 500.0,
    "carrier_hz": 6e9,
}
"""Units that meet many fades."""
STILL: dict[str, Any] = {"grid": OfdmGrid(subcarriers=128, symbols=3, pilots=SILENT)}
CROSSED = Upa(rows=2, columns=1, polarisation="cross", pattern="38.901")
BOTH = Ula(polarisation="vertical-horizontal")
DOWN: dict[str, Any] = {"direction": "downlink", "precoding": "eigenbeams"}
slow = pytest.mark.slow


def heard(channel: Channel, batch: int, rng: np.random.Generator, streams: Streams) -> tuple[np.ndarray, np.ndarray]:
    """The power of what is sent and of the noise at the receive antennas, each of `[unit]`."""
    uses = len(channel.grid.data_elements) * channel.streams if isinstance(channel, GridChannel) else 1
    signs = rng.integers(0, 2, (2, batch, uses)) * 2.0 - 1.0
    sent = tf.constant(signs[0] + 1j * signs[1], tf.complex64) * 2.0**-0.5
    realisation = channel.draw((batch, uses), tf.constant(STATED_DB), streams)
    noise = realisation.carry(tf.zeros_like(sent))
    powers = (tf.square(tf.abs(part)) for part in (realisation.carry(sent) - noise, noise))
    signal, disturbance = (np.asarray(power, np.float64).reshape(batch, -1).mean(axis=1) for power in powers)
    return signal, disturbance


def assert_stated(signal: np.ndarray, noise: np.ndarray, gain: float = 1.0) -> None:
    """Fails when an SNR contradicts what is stated, and when a tenth of a decibel could not be told."""
    assert_mean(noise, 10.0 ** (-STATED_DB / 10.0))
    assert_mean(signal, gain)
    assert stats.norm.isf(FALSE_ALARM / 2) * signal.std() / np.sqrt(len(signal)) < TENTH * gain


ISOTROPIC = [
    pytest.param(Awgn(), 10, id="awgn"),
    pytest.param(Rayleigh(), 110_000, id="rayleigh"),
    pytest.param(Rician(k_factor_db=0.0), 80_000, id="rician"),
    pytest.param(Trace(grid=OfdmGrid(subcarriers=48, symbols=1, pilots=SILENT)), 55_000, id="trace"),
    pytest.param(Tdl(profile="A", base=Ula(elements=2), **FAST), 1500, id="tdl, an array"),
    pytest.param(Tdl(profile="D", terminal=BOTH, base=BOTH, **FAST), 600, id="tdl, two streams"),
    pytest.param(PointTargets(terminal=Ula(elements=2), **FAST), 1000, id="point_targets"),
    pytest.param(Cdl(profile="A", terminal=BOTH, base=CROSSED, **FAST), 4000, id="cdl, crossed", marks=slow),
    pytest.param(Cdl(profile="E", base=Ula(pattern="38.901"), **FAST), 1500, id="cdl, a line of sight", marks=slow),
    pytest.param(Umi(terminal=BOTH, base=CROSSED, **FAST), 3000, id="umi, crossed", marks=slow),
    pytest.param(Uma(base=Ula(elements=2, pattern="38.901"), **FAST), 4000, id="uma, an array", marks=slow),
    pytest.param(Rma(**FAST), 6000, id="rma", marks=slow),
]


@pytest.mark.parametrize(("channel", "batch"), ISOTROPIC)
def test_without_beams_the_snr_is_the_stated_one(
    channel: Channel, batch: int, rng: np.random.Generator, streams: Streams
) -> None:
    """All streams together have unit power, and pairs of antennas unit mean gain, whatever arrays and elements are."""
    assert_stated(*heard(channel, batch, rng, streams))


BEAMS = [
    pytest.param(Tdl(profile="A", **DOWN, base=Ula(elements=4), layers=1, **FAST), 300, id="tdl, 1 of 4"),
    pytest.param(
        Cdl(profile="A", **DOWN, base=Ula(elements=4), terminal=BOTH, layers=2, **FAST),
        *(300,),
        id="cdl, 2 of 4",
        marks=slow,
    ),
    pytest.param(Cdl(profile="E", **DOWN, base=Ula(elements=16), layers=1, **FAST), 300, id="cdl, 1 of 16", marks=slow),
    pytest.param(Umi(**DOWN, base=CROSSED, layers=1, **FAST), 600, id="umi, 1 of 4", marks=slow),
]


@cache
def gain_of_beams(channel: PathChannel, batch: int, seed: int) -> np.ndarray:
    """Of each unit: the mean power of its gains, times the mean of the strongest eigenvalues of the transmit covariance
    over the mean of all. `[unit]`, from paths by a transform of our own.
    """
    times = channel.grid.symbols
    gains, delays = (np.asarray(part) for part in channel.paths(seed, batch, times, 1.0 / channel.grid.symbol_s))
    turns = np.exp(-2j * np.pi * delays[..., None] * np.asarray(channel.grid.frequencies_hz))
    response = np.einsum("brtpn,bpf->brtnf", gains, np.broadcast_to(turns, (batch, *turns.shape[-2:])))
    rows = np.moveaxis(response, 2, -1).reshape(batch, -1, response.shape[2])
    values = np.linalg.eigvalsh(np.swapaxes(rows.conj(), 1, 2) @ rows)
    strongest = values[:, -channel.streams :].mean(axis=1)
    return np.asarray(strongest / values.mean(axis=1) * np.mean(np.abs(rows) ** 2, axis=(1, 2)))


@pytest.mark.parametrize(("channel", "batch"), BEAMS)
def test_with_beams_the_snr_is_the_stated_one_and_the_gain_of_the_beams(
    channel: PathChannel, batch: int, rng: np.random.Generator, streams: Streams
) -> None:
    signal, noise = heard(channel, batch, rng, streams)
    gain = gain_of_beams(channel, batch, streams.number("channel"))
    assert_mean(noise, 10.0 ** (-STATED_DB / 10.0))
    assert_mean(signal - gain, 0.0)  # the same fades
    assert stats.norm.isf(FALSE_ALARM / 2) * (signal - gain).std() / np.sqrt(batch) < TENTH * gain.mean()
    assert gain.mean() > 1.0 + 10.0 * TENTH


IN_TIME = [
    pytest.param(Tdl(profile="A", terminal=BOTH, base=BOTH, **STILL), id="tdl, two streams"),
    pytest.param(Tdl(profile="C", **DOWN, base=Ula(elements=4), layers=1, **STILL), id="tdl, 1 of 4"),
    pytest.param(Cdl(profile="C", **DOWN, base=Ula(elements=4), layers=1, **STILL), id="cdl, 1 of 4", marks=slow),
    pytest.param(Umi(base=CROSSED, terminal=BOTH, **STILL), id="umi, crossed", marks=slow),
]


@pytest.mark.parametrize("channel", IN_TIME)
def test_samples_have_the_snr_of_resource_elements(
    channel: PathChannel, rng: np.random.Generator, streams: Streams
) -> None:
    """In `domain: time` over the same fades, which do not move, with the same symbols."""
    batch, symbols = 200, int(rng.integers(2**31))
    samples = channel.model_copy(update={"domain": "time"})
    signal, noise = heard(samples, batch, np.random.default_rng(symbols), streams)
    expected, _ = heard(channel, batch, np.random.default_rng(symbols), streams)
    assert_mean(noise, 10.0 ** (-STATED_DB / 10.0))
    difference = signal - expected
    spread = stats.norm.isf(FALSE_ALARM / 2) * difference.std() / np.sqrt(batch)
    assert abs(difference.mean()) + spread < TENTH * expected.mean()


def test_records_and_axes_say_that_the_snr_is_before_the_gain_of_beams(tmp_path: Path) -> None:
    """Of SNR and Eb/N0, and only where streams go along beams."""
    plain = "one: {kind: tdl, grid: {subcarriers: 12}}"
    beams = "two: {kind: tdl, direction: downlink, base: {kind: ula, elements: 2}, layers: 1, precoding: eigenbeams}"
    few = ("study.batch=2", "study.transceivers={QPSK: {kind: uncoded}}", "stop={max_blocks: 2}")
    for channels, expected in ((plain, {}), (f"{plain}, {beams}", {"two"})):
        for axis in ("ebn0_db", "snr_db"):
            changes = (f"study.channels={{{channels}}}", f"sweep={{{axis}: [4]}}", *few)
            scenario = load(str(small(tmp_path)), changes)
            meant = {point.coordinates["channel"]: point.conventions[axis] for point in scenario.points()}
            assert {name for name, text in meant.items() if BEFORE_GAIN in text} == set(expected)
        folder = RunFolder.create(tmp_path / f"run{len(expected)}", scenario)
        assert all(outcome.error is None for outcome in run(scenario, folder))
        assert panels(folder)[0].axis_label == f"SNR = Es/N0{f' {BEFORE_GAIN}' if expected else ''} (dB)"
