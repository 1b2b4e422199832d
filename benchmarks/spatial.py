"""Gains of 3GPP channels at each resource element: 4 antennas to 16, 128 subcarriers, 14 symbols, 64 units a batch.

The peer is Sionna's own model with `cir_to_ofdm_channel`, in the faster of two ways: all of it under XLA, or paths in
a graph and their response under XLA. Both draw new paths for each batch, and UMi also new users.

python benchmarks/spatial.py
"""

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from measure import SEED, Peer, Row, fastest, installed, missing, per_second, show, side_by_side

BATCH, SUBCARRIERS, SYMBOLS = 64, 128, 14
CARRIER_HZ, SPACING_HZ, SPEED_M_S, DELAY_SPREAD_S = 3.5e9, 30e3, 10.0, 100e-9
LEAST_RATIO = {"cdl": 2.0, "umi": 2.0}
CALLS = 5  # before the peak of memory is read


def ours(kind: str) -> Callable[[], Any]:
    """What a channel of semcom draws, but for noise."""
    from semcom_channels import Cdl, Umi
    from semcom_channels.arrays import Ula
    from semcom_channels.backend import tf
    from semcom_channels.grid_channel import PathChannel
    from semcom_channels.grid_draw import frequency_response
    from semcom_channels.ofdm_grid import OfdmGrid

    grid = OfdmGrid(subcarriers=SUBCARRIERS, symbols=SYMBOLS, subcarrier_spacing_hz=SPACING_HZ)
    fields: dict[str, Any] = {
        "grid": grid,
        "carrier_hz": CARRIER_HZ,
        "speed_m_s": SPEED_M_S,
        "terminal": Ula(elements=4),
        "base": Ula(elements=16),
    }
    channel: PathChannel = Cdl(delay_spread_s=DELAY_SPREAD_S, **fields) if kind == "cdl" else Umi(**fields)
    frequencies = tf.constant(grid.frequencies_hz, tf.float32)

    def gains() -> Any:
        paths, delays = channel.paths(SEED, BATCH, SYMBOLS, 1.0 / grid.symbol_s)
        return frequency_response(paths, delays, frequencies, 1)

    return gains


def sionna(kind: str, whole: bool) -> Callable[[], Any]:
    """Sionna's gains, under XLA as a whole or in their response only."""
    from semcom_channels.backend import tf

    from sionna.phy.channel import cir_to_ofdm_channel, subcarrier_frequencies  # isort: skip
    from sionna.phy.channel import gen_single_sector_topology  # isort: skip
    from sionna.phy.channel.tr38901 import CDL, AntennaArray, UMi  # isort: skip

    terminal, base = (AntennaArray(1, count, "single", "V", "omni", CARRIER_HZ) for count in (4, 16))
    rate_hz = SPACING_HZ * SUBCARRIERS / (SUBCARRIERS + 9)
    frequencies = subcarrier_frequencies(SUBCARRIERS, SPACING_HZ)
    if kind == "cdl":
        model = CDL("C", DELAY_SPREAD_S, CARRIER_HZ, terminal, base, "uplink", min_speed=SPEED_M_S)

        def paths() -> Any:
            return model(BATCH, SYMBOLS, rate_hz)
    else:
        cell = UMi(CARRIER_HZ, "low", terminal, base, "uplink", enable_pathloss=False, enable_shadow_fading=False)

        def paths() -> Any:
            speeds = {"min_ut_velocity": SPEED_M_S, "max_ut_velocity": SPEED_M_S}
            cell.set_topology(*gen_single_sector_topology(BATCH, 1, "umi", **speeds))
            return cell(SYMBOLS, rate_hz)

    if whole:
        return partial(tf.function(lambda: cir_to_ofdm_channel(frequencies, *paths()), jit_compile=True))
    drawn = tf.function(paths)
    response = tf.function(partial(cir_to_ofdm_channel, frequencies), jit_compile=True)
    return lambda: response(*drawn())


def hermespy(kind: str) -> Callable[[], Any]:
    """One frame of HermesPy's gains: impulse responses at 14 instants, by FFT at 128 subcarriers."""
    import numpy as np
    from hermespy.channel import CDL, CDLType, UrbanMicrocells
    from hermespy.core import Transformation
    from hermespy.simulation import SimulatedDevice, SimulatedIdealAntenna, SimulatedUniformArray

    def device(antennas: int, place: tuple[float, float, float], speed_m_s: float) -> Any:
        return SimulatedDevice(
            carrier_frequency=CARRIER_HZ,
            antennas=SimulatedUniformArray(SimulatedIdealAntenna, 0.5 * 3e8 / CARRIER_HZ, (antennas, 1, 1)),
            pose=Transformation.From_Translation(np.array(place)),
            velocity=np.array([speed_m_s, 0.0, 0.0]),
        )

    terminal, base = device(4, (60.0, 30.0, 1.5), SPEED_M_S), device(16, (0.0, 0.0, 10.0), 0.0)
    channel = CDL(CDLType.C, DELAY_SPREAD_S) if kind == "cdl" else UrbanMicrocells()

    def gains() -> Any:
        sample = channel.realize().sample(terminal, base, 0.0, CARRIER_HZ, SPACING_HZ * SUBCARRIERS)
        return sample.state(SYMBOLS, SUBCARRIERS // 2).to_frequency_selectivity(SUBCARRIERS).dense_state()

    assert gains().shape == (16, 4, SYMBOLS, SUBCARRIERS)
    return gains


def peak_gb(who: str, kind: str) -> float:
    """The peak of a process that draws a few batches, in GB."""
    words = [sys.executable, __file__, "--peak", who, kind]
    return float(subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()[-1])


WORK = {"cdl": "CDL-C 4x16, 128 subcarriers x 14 symbols", "umi": "UMi drop 4x16, 128 subcarriers x 14 symbols"}


def speed_row(kind: str) -> Row:
    """Frames a second."""
    peers = [per_second(BATCH, sionna(kind, whole), 2.0) for whole in (True, False)]
    peer = Peer(f"Sionna {installed('sionna-no-rt')} under XLA", fastest(peers))
    return side_by_side(WORK[kind], "frames/s", per_second(BATCH, ours(kind), 2.0), peer, LEAST_RATIO[kind])


def hermespy_row(kind: str) -> Row:
    """Frames a second against HermesPy, which draws them one by one."""
    if installed("hermespy") is None:
        return missing(WORK[kind], "frames/s", "hermespy", " (AGPL-3.0)")
    peer = Peer(f"HermesPy {installed('hermespy')}", per_second(1, hermespy(kind), 2.0))
    return side_by_side(WORK[kind], "frames/s", per_second(BATCH, ours(kind), 2.0), peer, None)


def memory_row() -> Row:
    """The peak of memory, turned over so that more is better."""
    peer = Peer(f"Sionna {installed('sionna-no-rt')} under XLA", lambda: 1.0 / peak_gb("sionna", "cdl"))
    work = "CDL-C as above, peak memory"
    return side_by_side(work, "processes/GB", lambda: 1.0 / peak_gb("ours", "cdl"), peer, 1.0)


def rows() -> list[Row]:
    """The rows of this module."""
    return [*map(speed_row, WORK), *map(hermespy_row, WORK), memory_row()]


def main() -> None:
    """Measures, or reads the peak of one side."""
    if "--peak" in sys.argv:
        who, kind = sys.argv[-2:]
        draw = ours(kind) if who == "ours" else sionna(kind, whole=True)
        for _ in range(CALLS):
            draw()
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        print(int(status.partition("VmHWM:")[2].split()[0]) / 1e6)
    else:
        show(rows())


if __name__ == "__main__":
    main()
