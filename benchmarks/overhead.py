"""What a chunk costs beside its arithmetic: a packet of two bits, so small that nothing else is left.

The whole of it counts: seeds, draws, the compiled graph, the tally, the stop rule and the journal's share, in a point
of 3000 chunks as `semcom run` computes it. The peer is an iteration of `sim_ber` for the same packet.

python benchmarks/overhead.py
"""

import contextlib
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measure import Peer, Row, installed, show, side_by_side, timed

WORK, UNIT = "engine overhead: a chunk of one packet of 2 bits", "chunks/s"
CHUNKS = 3000
MOST_MS = 0.3


def semcom() -> float:
    """Chunks a second of `semcom run`'s sweep, in a folder of its own."""
    from semcom.record.folder import RunFolder
    from semcom.scenario.scenario import Scenario
    from semcom.sweep.sweep import run

    plain = {
        "name": "tiny",
        "study": {
            "kind": "link",
            "source": {"kind": "bits", "packet_bits": 2},
            "channels": {"AWGN": "awgn"},
            "transceivers": {"QPSK": "uncoded"},
            "metrics": ["ber"],
            "batch": 1,
        },
        "sweep": {"snr_db": [6.0]},
        "stop": {"min_errors": 10 * CHUNKS, "max_blocks": CHUNKS},
    }
    scenario = Scenario.read(plain)
    with tempfile.TemporaryDirectory() as folder:
        record = RunFolder.create(Path(folder), scenario)
        seconds = timed(lambda: list(run(scenario, record)))
        (line,) = record.finished().values()
    assert line.chunks == CHUNKS
    return CHUNKS / seconds


def sionna(verbose: bool) -> Peer:
    """Iterations a second of `sim_ber` in graph mode; it prints after each unless told not to."""
    from sionna.phy.utils import sim_ber
    from sionna_links import UncodedLink

    from semcom_channels.backend import tf

    model = tf.function(UncodedLink(2))
    iterations = CHUNKS // 6

    def speed() -> float:
        with contextlib.redirect_stdout(io.StringIO()):
            seconds = timed(
                lambda: sim_ber(
                    model,
                    [6.0],
                    batch_size=1,
                    max_mc_iter=iterations,
                    soft_estimates=True,
                    graph_mode="graph",
                    early_stop=False,
                    verbose=verbose,
                )
            )
        return iterations / seconds

    how = "as it comes (it prints)" if verbose else "silent"
    return Peer(f"Sionna {installed('sionna-no-rt')} `sim_ber`, graph, {how}", speed)


def rows() -> Iterator[Row]:
    """The bar is semcom's own time; Sionna's stands beside it."""
    for verbose in (True, False):
        row = side_by_side(WORK, UNIT, semcom, sionna(verbose), None)
        mine = 1e3 / row.ours
        bar = f"semcom at most {MOST_MS} ms a chunk"
        yield row._replace(
            unit="ms a chunk", ours=mine, theirs=1e3 / (row.theirs or 1.0), bar=bar, passed=mine <= MOST_MS
        )


if __name__ == "__main__":
    show(list(rows()))
