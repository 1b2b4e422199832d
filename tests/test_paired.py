"""Paired comparisons: against SciPy's paired t test and a worked example of Holm's procedure."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from command import ROOT, semcom
from scenario_text import small
from semcom.cli.comparisons import _cell
from semcom.errors import UserError
from semcom.figures.curves import finished_lines
from semcom.figures.paired import Comparison, Pair, _pairs, _test, batches_needed, compare, holm
from semcom.record.folder import RunFolder
from semcom.record.line import Finished
from semcom.scenario.find import load
from semcom.sweep.sweep import run

FIXED = ("min_errors: 400\n  max_blocks: 600", "min_errors: 100000\n  max_blocks: 800")  # 40 chunks


LINE = Finished("k", {"transceiver": "a"}, 0, {}, 2, 0.1, {}, {}, {})


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Each point of 40 chunks, two a batch."""
    return finished(tmp_path_factory.mktemp("paired"), FIXED)


def finished(folder: Path, *changes: tuple[str, str]) -> RunFolder:
    scenario = load(str(small(folder, *changes)))
    kept = RunFolder.create(folder / "run", scenario)
    assert all(outcome.error is None for outcome in run(scenario, kept))
    return kept


def test_holm_adjusts_as_in_a_worked_example() -> None:
    """[Holm 1979]: 0.01 x 4, then max(0.04, 0.015 x 3), then max(0.045, 0.03 x 2); the last is not adjusted."""
    assert holm([0.03, 0.01, 0.5, 0.015]) == pytest.approx([0.06, 0.04, 0.5, 0.045])
    assert holm([0.4, 0.9]) == [0.8, 0.9]


def test_batches_of_a_record_average_to_the_rate_of_its_point(kept: RunFolder) -> None:
    for line in finished_lines(kept):
        assert line.chunks == 40
        ber = line.batches["ber"]
        assert len(ber) == 20
        assert np.mean(ber) == pytest.approx(line.tallies["ber"].interval().value, rel=1e-7)


def test_differences_and_chances_are_those_of_a_paired_t_test(kept: RunFolder) -> None:
    found = compare(kept, "QPSK", "ber")
    assert len(found) == 6
    assert {one.other for one in found} == {"BPSK"}
    lines = finished_lines(kept)
    for one in found:
        pair = {
            line.coordinates["transceiver"]: line
            for line in lines
            if dict(one.place).items() <= line.coordinates.items()
        }
        test = stats.ttest_rel(pair["QPSK"].batches["ber"], pair["BPSK"].batches["ber"])
        low, high = test.confidence_interval(0.95)
        assert one.chance == pytest.approx(max(test.pvalue, 2.0**-19))
        assert (one.difference - one.half_width, one.difference + one.half_width) == pytest.approx((low, high))
        mine, other = (pair[name].tallies["ber"].interval().value for name in ("QPSK", "BPSK"))
        assert one.difference == pytest.approx(mine - other, rel=1e-6)
        assert one.certain == (one.holm < 0.05)
    assert [one.holm for one in found] == pytest.approx(holm([one.chance for one in found]))


def test_a_pair_that_is_alike_in_all_batches_may_differ_by_luck(tmp_path: Path) -> None:
    """Both names stand for the same transceiver, so they meet the same noise too."""
    kept = finished(tmp_path, FIXED, ("modulation: bpsk", "modulation: qpsk"), ("[0, 4, 8]", "[4]"))
    for one in compare(kept, "QPSK", "ber"):
        assert (one.difference, one.half_width, one.chance, one.certain) == (0.0, 0.0, 1.0, False)


@pytest.mark.parametrize(
    ("name", "metric", "message"),
    [
        ("QPS", "ber", "'QPS' is no name of this run; did you mean QPSK"),
        ("QPSK", "bers", "metric bers is not in this run; did you mean ber"),
    ],
)
def test_unknown_names_are_refused(kept: RunFolder, name: str, metric: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        compare(kept, name, metric)


def test_a_lone_curve_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    kept = finished(
        tmp_path, ("    BPSK: {kind: uncoded, modulation: bpsk}\n", ""), ("min_errors: 400", "min_errors: 20")
    )
    with pytest.raises(UserError, match="QPSK is alone; expected other names of transceiver"):
        compare(kept, "QPSK", "ber")


def test_a_batch_of_more_chunks_counts_for_more(tmp_path: Path) -> None:
    kept = finished(tmp_path, (FIXED[0], FIXED[1].replace("800", "600")), ("[0, 4, 8]", "[4]"))
    lines = finished_lines(kept)
    assert {line.chunks for line in lines} == {30}
    for one in compare(kept, "QPSK", "ber"):
        pair = {line.coordinates["transceiver"]: line for line in lines if one.place[0] in line.coordinates.items()}
        mine, other = (pair[name].tallies["ber"].interval().value for name in ("QPSK", "BPSK"))
        assert one.difference == pytest.approx(mine - other, rel=1e-6)


def test_few_batches_that_agree_prove_little() -> None:
    """Two coins that fall alike do so half of the time, however alike they are."""
    assert _test([Pair((0.95, 0.85), (0.9, 0.8), (1, 1))]) == pytest.approx((0.05, 0.0, 0.5))
    assert _test([Pair((0.5,) * 20, (0.25,) * 20, (1,) * 20)]) == (0.25, 0.0, 2.0**-19)


def test_comparisons_that_have_too_few_chunks_ever_to_be_certain_say_how_many_they_need(tmp_path: Path) -> None:
    """Five chunks that all differ the same way do so by luck in 1 of 16 cases, and there are six comparisons."""
    kept = finished(tmp_path, ("max_blocks: 600", "max_blocks: 100"), ("min_errors: 400", "min_errors: 100000"))
    found = compare(kept, "QPSK", "ber")
    assert [one.batches for one in found] == [5] * len(found)
    assert not any(one.decidable or one.certain for one in found)
    assert [one.least for one in found] == holm([2.0**-4] * len(found))
    told = semcom("compare", str(kept.path), "QPSK", "--metric", "ber")
    said = " ".join(told.stdout.split())
    assert "6 of 6 can never be certain, however they differ: they have 5 batches of chunks" in said
    assert "so many comparisons need 8; let points have as many chunks" in said


def test_comparisons_with_chunks_enough_can_be_certain(kept: RunFolder) -> None:
    assert all(one.decidable for one in compare(kept, "QPSK", "ber"))
    assert "can never be certain" not in semcom("compare", str(kept.path), "QPSK").stdout


@pytest.mark.parametrize("comparisons", [1, 2, 6, 252])
def test_one_batch_less_than_is_needed_makes_no_comparison_certain(comparisons: int) -> None:
    needed = batches_needed(comparisons)
    for batches, certain in ((needed - 1, False), (needed, True)):
        agreeing = _test([Pair((1.0,) * batches, (0.0,) * batches, (1,) * batches)])[2]
        assert (min(holm([agreeing] * comparisons)) < 0.05) == certain


def test_a_root_of_a_mean_has_no_pairs(tmp_path: Path) -> None:
    scenario = load(str(ROOT / "scenarios" / "smoke" / "sensing.yaml"))
    kept = RunFolder.create(tmp_path / "run", scenario)
    with pytest.raises(UserError, match="rmse_angle_deg is the root of a mean, of which batches are no pairs"):
        compare(kept, "PLAIN", "rmse_angle_deg")


def test_repeats_are_paired_by_their_number() -> None:
    repeats = [LINE._replace(repeat=repeat, batches={"ber": (repeat, repeat + 0.5)}) for repeat in range(3)]
    ours, theirs = ({line.repeat: line for line in some} for some in (repeats[1:], repeats[:2]))
    assert _pairs((), ours, theirs, "ber", {"k": {7}}) == [Pair((1, 1.5), (1, 1.5), (1, 1))]


@pytest.mark.parametrize(
    ("changes", "keys", "message"),
    [
        ({}, ({1}, {2}), "share no random numbers, so they are no pairs"),
        ({"chunks": 1}, ({1}, {1}), "of one chunk have no batches"),
        ({"batches": {"psnr": (1.0, 2.0)}}, ({1}, {1}), "no batches of ber, which has no number in some of them"),
    ],
)
def test_points_that_are_no_pairs_are_told(
    changes: dict[str, Any], keys: tuple[set[int], set[int]], message: str
) -> None:
    one = LINE._replace(batches={"ber": (0.0, 0.1)})._replace(**changes)
    with pytest.raises(UserError, match=message):
        _pairs((), {0: one}, {0: one._replace(key="other")}, "ber", {"k": keys[0], "other": keys[1]})


def test_points_that_stopped_by_errors_are_no_pairs(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"points of \d+ and \d+ chunks are no pairs; let stop.max_blocks end both"):
        compare(finished(tmp_path, ("min_errors: 400", "min_errors: 100"), ("[0, 4, 8]", "[8]")), "QPSK", "ber")


def test_points_of_one_chunk_have_no_batches(tmp_path: Path) -> None:
    kept = finished(tmp_path, ("max_blocks: 600", "max_blocks: 20"))
    with pytest.raises(UserError, match="points of one chunk have no batches; let them have more blocks"):
        compare(kept, "QPSK", "ber")


def test_the_command_says_what_is_better_and_counts(kept: RunFolder) -> None:
    told = semcom("compare", kept.path, "BPSK", "--metric", "ber")
    assert told.returncode == 0
    found = compare(kept, "BPSK", "ber")
    better = sum(one.certain and one.difference < 0.0 for one in found)
    assert better > 0
    assert f"of 6 comparisons it is better (+) in {better}, worse (-) in 0" in " ".join(told.stdout.split())


def test_a_difference_of_rounding_is_none() -> None:
    sums = Comparison((), "other", 0.1 + 0.2 - 0.3, 0.02, 0.5, 1.0, 20, 1.0)
    assert "".join(_cell(sums, 1.0)).strip() == "+0 ±0.02"
