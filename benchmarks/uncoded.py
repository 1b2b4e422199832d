"""Bits a second of uncoded QPSK over AWGN: source, symbols, noise, decisions and counting.

python benchmarks/uncoded.py
"""

from collections.abc import Iterator

import numpy as np
from measure import SEED, Peer, Row, Speed, fastest, installed, missing, per_second, show, side_by_side

WORK, UNIT = "uncoded QPSK over AWGN at 6 dB", "Mbit/s"
PACKET_BITS, SNR_DB = 1200, 6.0
BATCHES = (100, 500, 2000)  # packets in a chunk; everyone gets the best of them
BAR = 4.0


def semcom(batch: int) -> Speed:
    """The call that a sweep makes for a piece of ten chunks."""
    from semcom.metrics import BitErrorRate
    from semcom.sources import RandomBits
    from semcom.studies.link_point import LinkPoint
    from semcom.sweep.sweep import evaluate
    from semcom.transceivers import Uncoded
    from semcom_channels import Awgn
    from semcom_estimation.receivers import Perfect

    point = LinkPoint(
        source=RandomBits(packet_bits=PACKET_BITS),
        transceiver=Uncoded(modulation="qpsk"),
        channel=Awgn(),
        receiver=Perfect(),
        metrics=(BitErrorRate(),),
        batch=batch,
        snr_db=SNR_DB,
    )
    chunks = 10
    return per_second(chunks * batch * PACKET_BITS / 1e6, lambda: evaluate(point, SEED, 0, 0, chunks))


def sionna(batch: int, graph_mode: str) -> Speed:
    """`sim_ber` with the chain of Sionna's tutorials, traced once for all its calls."""
    from sionna.phy.utils import sim_ber
    from sionna_links import UncodedLink

    from semcom_channels.backend import tf

    model = tf.function(UncodedLink(PACKET_BITS), jit_compile=graph_mode == "xla")
    iterations = max(2_400_000 // (batch * PACKET_BITS), 1)

    def run() -> None:
        sim_ber(
            model,
            [SNR_DB],
            batch_size=batch,
            max_mc_iter=iterations,
            soft_estimates=True,
            graph_mode=graph_mode,
            verbose=False,
        )

    return per_second(iterations * batch * PACKET_BITS / 1e6, run)


def by_hand(batch: int) -> Speed:
    """NumPy as one would write it for this one link, float32 throughout."""
    rng = np.random.default_rng(SEED)
    deviation = np.float32(np.sqrt(0.5 * 10.0 ** (-SNR_DB / 10.0)))
    amplitude = np.float32(np.sqrt(0.5))

    def run() -> int:
        bits = rng.integers(0, 2, (batch, PACKET_BITS), np.uint8)
        heard = (1.0 - 2.0 * bits.astype(np.float32)) * amplitude
        heard += deviation * rng.standard_normal(bits.shape, np.float32)
        return int(((heard < 0.0) != bits).sum())

    return per_second(batch * PACKET_BITS / 1e6, run)


def commpy(batch: int) -> Speed:
    """scikit-commpy's modem and its function for AWGN."""
    from commpy.channels import awgn
    from commpy.modulation import QAMModem

    rng = np.random.default_rng(SEED)
    modem = QAMModem(4)

    def run() -> int:
        bits = rng.integers(0, 2, batch * PACKET_BITS, np.uint8)
        heard = awgn(modem.modulate(bits), SNR_DB)
        return int((modem.demodulate(heard, "hard") != bits).sum())

    return per_second(batch * PACKET_BITS / 1e6, run)


def komm(batch: int) -> Speed:
    """A constellation of komm and its closest symbols."""
    import komm as library

    rng = np.random.default_rng(SEED)
    constellation = library.PSKConstellation(4)
    deviation = np.sqrt(0.5 * 10.0 ** (-SNR_DB / 10.0))

    def run() -> int:
        bits = rng.integers(0, 2, (batch * PACKET_BITS // 2, 2))
        sent = constellation.indices_to_symbols(GRAY[2 * bits[:, 0] + bits[:, 1]])
        parts = rng.standard_normal((2, sent.size)) * deviation
        heard = sent + parts[0] + 1j * parts[1]
        return int((BITS_OF[constellation.closest_indices(heard)] != bits).sum())

    return per_second(batch * PACKET_BITS / 1e6, run)


GRAY = np.array([0, 1, 3, 2])  # the place on the circle of each pair of bits
BITS_OF = np.array([[0, 0], [0, 1], [1, 1], [1, 0]])


def rows() -> Iterator[Row]:
    """Sionna's `sim_ber` in graph mode, which the bar names, and whoever else can do it."""
    ours = fastest([semcom(batch) for batch in BATCHES])
    name = f"Sionna {installed('sionna-no-rt')} `sim_ber`"
    for mode, bar in (("graph", BAR), ("xla", None)):
        peer = Peer(f"{name}, {mode}", fastest([sionna(batch, mode) for batch in BATCHES]))
        yield side_by_side(WORK, UNIT, ours, peer, bar)
    peer = Peer(f"NumPy {np.__version__} by hand", fastest([by_hand(batch) for batch in BATCHES]))
    yield side_by_side(WORK, UNIT, ours, peer, None)
    for package, build, note in (("scikit-commpy", commpy, ""), ("komm", komm, " (GPL-3.0)")):
        if installed(package) is None:
            yield missing(WORK, UNIT, package, note)
        else:
            peer = Peer(f"{package} {installed(package)}", fastest([build(batch) for batch in BATCHES[:2]]))
            yield side_by_side(WORK, UNIT, ours, peer, None)


if __name__ == "__main__":
    show(list(rows()))
