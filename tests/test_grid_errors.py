"""Grids, arrays and receivers that do not fit are refused in words, before TensorFlow is even imported."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from command import environment, semcom
from scenario_text import small
from semcom.errors import UserError
from semcom.scenario.find import load

GRID = "study.channels.fading={kind: cdl, grid: {%s}}"
CDL = "study.channels.fading={kind: cdl, %s}"
CASES = [
    (
        "subcarriers wider than the band",
        GRID % "subcarriers: 64, bandwidth_hz: 1.0e+6",
        "64 subcarriers of 30000 Hz are 1.92e+06 Hz wide; bandwidth_hz is 1e+06",
    ),
    (
        "guards that leave nothing",
        GRID % "subcarriers: 16, guard_subcarriers: [8, 8]",
        "guard_subcarriers (8, 8) leave none of 16 subcarriers",
    ),
    (
        "pilots outside the slot",
        GRID % "pilots: {symbols: [2, 14]}",
        "pilots.symbols has 14; a slot has the symbols 0 to 13",
    ),
    ("pilots twice", GRID % "pilots: {symbols: [2, 2]}", "pilots.symbols (2, 2) names a symbol twice"),
    (
        "pilots far apart",
        GRID % "subcarriers: 16, pilots: {spacing: 16}",
        "pilots.spacing is 16; 16 subcarriers are occupied",
    ),
    (
        "nothing but pilots",
        GRID % "symbols: 1, pilots: {symbols: [0]}",
        "pilots leave no resource element for data",
    ),
    (
        "long prefix",
        GRID % "subcarriers: 16, cyclic_prefix: 17",
        "cyclic_prefix is 17; expected at most the 16 subcarriers",
    ),
    (
        "more streams than antennas",
        CDL % "terminal: {kind: ula, elements: 3}, base: {kind: ula, elements: 2}",
        "3 streams need as many antennas; the sender has 3, the receiver 2",
    ),
    (
        "more layers than antennas",
        CDL % "precoding: eigenbeams, layers: 2, base: {kind: ula, elements: 2}",
        "2 streams need as many antennas; the sender has 1, the receiver 2",
    ),
    (
        "fewer streams without precoding",
        CDL % "layers: 1, terminal: {kind: ula, elements: 2}, base: {kind: ula, elements: 2}",
        "layers is 1 with 2 transmit antennas; fewer streams than antennas need precoding: eigenbeams",
    ),
    (
        "streams without pilots",
        CDL % "terminal: {kind: ula, elements: 4}, base: {kind: ula, elements: 4}, "
        "grid: {subcarriers: 12, pilots: {spacing: 4}}",
        "4 streams share 3 pilot subcarriers; lower pilots.spacing",
    ),
    (
        "user outside the drop",
        "study.channels.fading={kind: umi, user: 100}",
        "user is 100; the drop has users 0 to 99",
    ),
    (
        "budget of nobody",
        "study.channels.fading={kind: umi, budget: {}}",
        "study.transceivers.QPSK over study.channels.fading: the link budget of umi implies the SNR; leave snr_db out "
        "of the sweep",
    ),
    (
        "budget and SNR",
        "study.channels={U: {kind: umi, user: 0, budget: {}}}",
        "study.transceivers.QPSK over study.channels.U: the link budget of umi implies the SNR; leave snr_db out of "
        "the sweep",
    ),
    (
        "bound over antennas",
        "study={kind: link, source: photographs, channels: {C: {kind: cdl, base: {kind: ula, elements: 2}}}, "
        "transceivers: {B: separate_bound}}",
        "study.transceivers.B over study.channels.C: separate_bound bounds links between one antenna and another",
    ),
    (
        "axis twice",
        "study.channels.fading={kind: trace, axes: [snapshot, subcarrier, snapshot]}",
        "axes ('snapshot', 'subcarrier', 'snapshot') names an axis twice",
    ),
    (
        "no snapshots",
        "study.channels.fading={kind: trace, axes: [rx, subcarrier]}",
        "axes are rx, subcarrier; expected snapshot and subcarrier among them",
    ),
    (
        "receiver without grid",
        "study.receivers={LS: ls}",
        "study.receivers.LS behind study.channels.AWGN: ls estimates from pilots; awgn has no grid",
    ),
    (
        "receiver without pilots",
        "study.channels={C: {kind: tdl, grid: {pilots: {symbols: []}}}}|study.receivers={M: lmmse}",
        "study.receivers.M behind study.channels.C: lmmse estimates from pilots; the grid's pilots.symbols is empty",
    ),
    (
        "covariance along beams",
        "study.channels={C: {kind: tdl, precoding: eigenbeams}}|study.receivers={M: lmmse}",
        "study.receivers.M behind study.channels.C: lmmse knows the covariance between antennas, not along eigenbeams; "
        "use ls or perfect",
    ),
]


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_does_not_fit_is_refused_with_its_words(tmp_path: Path, change: str, message: str) -> None:
    path = str(small(tmp_path))
    with pytest.raises(UserError) as refused:
        load(path, change.split("|"))
    assert str(refused.value).endswith(message)
    assert "\n" not in str(refused.value)


def test_a_trace_that_does_not_fit_is_refused_by_its_check(tmp_path: Path) -> None:
    gains = np.full((3, 1, 1, 48), np.nan, np.complex64)
    np.savez(tmp_path / "nan.npz", gains=gains)
    change = f"study.channels={{T: {{kind: trace, file: {tmp_path / 'nan.npz'}}}}}"
    points = load(str(small(tmp_path)), [change]).points()
    with pytest.raises(UserError, match=r"^trace: .*nan\.npz: gains has gains that are not finite, in 3 entries"):
        points[0].task.check()
    done = semcom("run", small(tmp_path), "--set", change, "--out", tmp_path / "run")
    assert done.returncode != 0
    assert "gains has gains that are not finite" in done.stderr
    assert "Traceback" not in done.stderr


def test_eb_n0_over_a_trace_that_is_not_there_is_refused_too(tmp_path: Path) -> None:
    """Its symbols per unit depend on the antennas of the file."""
    changes = ["study.channels={T: {kind: trace, file: /nowhere/gains.npz}}", "sweep={ebn0_db: [4]}"]
    with pytest.raises(UserError, match=r"over study\.channels\.T: trace: /nowhere/gains\.npz: no such file$"):
        load(str(small(tmp_path)), changes)


SCRIPT = """
import json, sys
from semcom.errors import UserError
from semcom.scenario.find import load
path, *changes = sys.argv[1:]
for change in changes:
    try:
        for point in load(path, change.split("|")).points():
            point.task.check()
    except UserError:
        continue
    sys.exit(f"accepted: {change}")
print(json.dumps([name for name in ("tensorflow", "sionna") if name in sys.modules]))
"""


def test_nothing_is_compiled_or_even_imported_before(tmp_path: Path) -> None:
    np.savez(tmp_path / "bad.npz", gains=np.ones((3, 1, 1, 12), np.complex64))
    trace = f"study.channels={{T: {{kind: trace, file: {tmp_path / 'bad.npz'}}}}}"
    words = [sys.executable, "-c", SCRIPT, str(small(tmp_path)), trace, *(case[1] for case in CASES)]
    done = subprocess.run(words, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


ONE_POINT = ("sweep.snr_db=[20]", "stop.max_blocks=20", "study.transceivers={QPSK: {kind: uncoded, modulation: qpsk}}")
LONG = "study.channels={C: {kind: %s, delay_spread_s: 3.0e-6, grid: {subcarriers: 12}}}"
CAUTION = (
    "paths are up to 21.1 us late; the cyclic prefix covers 2.78 us; domain: frequency leaves their interference out"
)


def test_a_long_delay_spread_leaves_a_caution_in_the_record_and_on_the_screen(tmp_path: Path) -> None:
    """The last cluster of CDL-C and tap of TDL-C come 7.0427 delay spreads late, but for a thousandth of the power."""
    (task,) = {point.task for point in load(str(small(tmp_path)), [LONG % "cdl", *ONE_POINT]).points()}
    assert task.cautions() == (CAUTION,)
    sets = [word for change in (LONG % "tdl", *ONE_POINT) for word in ("--set", change)]
    done = semcom("run", small(tmp_path), *sets, "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in (tmp_path / "run" / "points.jsonl").read_text().splitlines()]
    assert lines[-1]["cautions"] == [CAUTION]
    assert f"caution: C: {CAUTION}\n" in done.stderr


def test_air_uses_count_pilots_and_what_a_slot_leaves_empty(tmp_path: Path) -> None:
    """60 QPSK symbols of a packet; a slot has 14 x 12 elements, 2 x 12 of them pilots."""
    grid = "grid: {subcarriers: 12, subcarrier_spacing_hz: 30000, guard_subcarriers: [0, 0]}"
    path = str(small(tmp_path))
    one = f"study.channels={{C: {{kind: tdl, {grid}}}}}"
    first = load(path, [one]).points()[0].task
    assert (first.facts()["channel_uses"], first.facts()["air_uses"]) == (60.0, 168.0)
    long = load(path, [one, "study.source.packet_bits=578"]).points()[0].task  # 289 symbols; two slots hold 288
    assert (long.facts()["channel_uses"], long.facts()["air_uses"]) == (289.0, 3 * 168.0)
    ends = "terminal: {kind: ula, elements: 2}, base: {kind: ula, elements: 2}"
    two = f"study.channels={{C: {{kind: tdl, {ends}, {grid}}}}}"
    streams = load(path, [two, "study.source.packet_bits=576"]).points()[0].task  # 288 symbols on 2 x 144 elements
    assert (streams.facts()["channel_uses"], streams.facts()["air_uses"]) == (288.0, 168.0)


def test_ebn0_on_a_grid_counts_pilots_among_the_channel_uses(tmp_path: Path) -> None:
    """SNR = Eb/N0 + 10 log10(bits / elements of the slots): 120 bits in 168 elements."""
    grid = "grid: {subcarriers: 12}"
    changes = [f"study.channels={{C: {{kind: tdl, {grid}}}}}", "sweep={ebn0_db: [4]}"]
    point = load(str(small(tmp_path)), changes).points()[0]
    assert point.task.facts()["snr_db"] == pytest.approx(4.0 + 10.0 * np.log10(120 / 168), abs=1e-9)
    assert "pilots" in point.conventions["ebn0_db"]
