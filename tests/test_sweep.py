"""The numbers of a run depend on nothing but the scenario and its seed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from command import semcom
from failing_task import Failing
from scenario_text import small
from semcom.record.folder import WHOLE, Part, RunFolder
from semcom.scenario.find import load
from semcom.studies.link_point import LinkPoint
from semcom.studies.study import Point
from semcom.sweep import sweep
from semcom.sweep.crew import crew
from semcom.sweep.failure import PointError
from semcom.sweep.job import Chunk, Job
from semcom.sweep.sweep import Outcome, evaluate, run
from semcom.tally import Rate, Tallies
from semcom_channels import Streams

ONE = (
    "sweep.snr_db=[4]",
    "study.channels={AWGN: {kind: awgn}}",
    "study.transceivers={QPSK: {kind: uncoded, modulation: qpsk}}",
)
LONG = (
    ("min_errors: 400", "min_errors: 100000000"),
    ("max_blocks: 600", "max_blocks: 6000"),
    ("batch: 20", "batch: 100"),
)


def tallies(folder: Path) -> dict[str, Any]:
    """What every points file of a run folder counted, whole and in batches, by key."""
    lines = [json.loads(line) for path in folder.glob("points*.jsonl") for line in path.read_text().splitlines()]
    assert len({line["key"] for line in lines}) == len(lines)
    return {line["key"]: (line["tallies"], line["batches"]) for line in lines}


def run_here(scenario: Path, folder: Path, *changes: str, part: Part = WHOLE) -> list[Outcome]:
    asked = load(str(scenario), changes)
    return list(run(asked, RunFolder.create(folder, asked), part=part))


@pytest.fixture(scope="module")
def long_scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small(tmp_path_factory.mktemp("scenario"), *LONG)


@pytest.fixture(scope="module")
def reference(long_scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The tallies of one worker that nobody disturbed."""
    folder = tmp_path_factory.mktemp("reference")
    run_here(long_scenario, folder)
    found = tallies(folder)
    assert len(found) == 12
    return found


def test_four_workers_count_the_same_as_one(long_scenario: Path, reference: Any, tmp_path: Path) -> None:
    done = semcom("run", long_scenario, "--workers", 4, "--out", tmp_path / "four")
    assert done.returncode == 0, done.stderr
    assert tallies(tmp_path / "four") == reference


@pytest.mark.parametrize(
    ("traced", "told"),
    [
        (True, r"^ValueError: Dimension size must be evenly divisible by 4 but is 6"),
        (False, r"^InvalidArgumentError: .*Input to reshape is a tensor with 6 values"),
    ],
)
def test_an_error_of_tensorflow_crosses_from_a_worker_in_its_one_line(traced: bool, told: str) -> None:
    with crew(2) as executor, pytest.raises(PointError, match=told) as caught:
        executor.submit(evaluate, Failing(traced=traced), 1, 0, 0, 1).result(timeout=120)
    assert "\n" not in str(caught.value)
    assert "evaluate" in str(caught.value.__cause__)  # the traceback in the worker


def test_pictures_through_networks_and_codecs_count_the_same_on_two_workers(tmp_path: Path) -> None:
    for workers in (1, 2):
        done = semcom("run", "smoke/images", "--workers", workers, "--out", tmp_path / str(workers))
        assert done.returncode == 0, done.stderr
    assert tallies(tmp_path / "1") == tallies(tmp_path / "2")


def test_a_point_that_was_under_way_goes_on_from_its_last_chunk(
    long_scenario: Path, reference: Any, tmp_path: Path
) -> None:
    asked = load(str(long_scenario))
    outcomes = run(asked, RunFolder.create(tmp_path, asked))
    while next(outcomes).line is None:
        pass
    outcome = next(outcomes)
    assert outcome.line is None
    outcomes.close()
    (kept,) = [way for way in RunFolder.open(tmp_path).under_way().values() if way.key not in tallies(tmp_path)]
    assert kept.chunks > 0
    drawn: list[int] = []
    original = LinkPoint.evaluate

    def watched(self: LinkPoint, streams: Streams) -> Tallies:
        drawn.append(streams.chunk)
        return original(self, streams)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LinkPoint, "evaluate", watched)
        list(run(asked, RunFolder.create(tmp_path, asked)))
    assert drawn[0] == kept.chunks
    assert tallies(tmp_path) == reference


def test_a_point_that_stops_by_its_confidence_stops_there_wherever_it_was_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of a round is kept too: the rule asks at the same chunks as in a run that nobody disturbed."""
    monkeypatch.setattr(sweep, "PIECE_SECONDS", 1e-9)  # a piece is a chunk, so that any chunk may be the last
    asked = load(str(small(tmp_path, ("min_errors: 400", "min_errors: 3000"), ("600", "100000"))), ONE)
    list(run(asked, RunFolder.create(tmp_path / "whole", asked)))
    whole = tallies(tmp_path / "whole")
    ((_, batches),) = whole.values()
    for cut in range(1, len(batches["ber"]) - 1):
        folder = RunFolder.create(tmp_path / str(cut), asked)
        outcomes = run(asked, folder)
        assert [next(outcomes).line for _ in range(cut)] == [None] * cut
        outcomes.close()
        list(run(asked, folder))
        assert tallies(folder.path) == whole


def test_points_added_to_the_sweep_leave_the_others_as_they_are(
    long_scenario: Path, reference: Any, tmp_path: Path
) -> None:
    run_here(long_scenario, tmp_path, "sweep.snr_db=[8]")
    first = tallies(tmp_path)
    assert len(first) == 4
    run_here(long_scenario, tmp_path)
    assert tallies(tmp_path) == reference
    assert first.items() <= reference.items()


def test_parts_merge_to_the_whole(long_scenario: Path, reference: Any, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        run_here(long_scenario, tmp_path, part=Part(number, 3))
        assert (tmp_path / f"points-{number}-of-3.jsonl").exists()
    assert tallies(tmp_path) == reference
    assert all(outcome.line is not None for outcome in run_here(long_scenario, tmp_path))
    assert not (tmp_path / "points.jsonl").exists()


def test_a_failed_point_is_shown_and_the_rest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = LinkPoint.evaluate

    def broken(self: LinkPoint, streams: Streams) -> Tallies:
        if self.snr_db == 4.0:
            raise ArithmeticError("it fails here")
        return original(self, streams)

    monkeypatch.setattr(LinkPoint, "evaluate", broken)
    outcomes = run_here(small(tmp_path), tmp_path / "run")
    failed = [outcome for outcome in outcomes if outcome.error is not None]
    assert [outcome.point.coordinates["snr_db"] for outcome in failed] == [4.0] * 4
    assert len(tallies(tmp_path / "run")) == 8
    monkeypatch.undo()
    run_here(tmp_path / "small.yaml", tmp_path / "run")
    assert len(tallies(tmp_path / "run")) == 12


def test_a_point_that_fails_late_keeps_its_chunks(
    long_scenario: Path, reference: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = LinkPoint.evaluate
    drawn: list[int] = []

    def broken(self: LinkPoint, streams: Streams) -> Tallies:
        drawn.append(streams.chunk)
        if streams.chunk == 10:
            raise ArithmeticError("it fails here")
        return original(self, streams)

    monkeypatch.setattr(LinkPoint, "evaluate", broken)
    run_here(long_scenario, tmp_path)
    kept = [way.chunks for way in RunFolder.open(tmp_path).under_way().values()]
    assert len(kept) == 12
    assert min(kept) > 0
    monkeypatch.undo()
    run_here(long_scenario, tmp_path)
    assert tallies(tmp_path) == reference
    assert not list(tmp_path.glob("progress*"))


def test_a_whole_run_goes_on_where_a_part_was_cut_off(long_scenario: Path, reference: Any, tmp_path: Path) -> None:
    asked = load(str(long_scenario))
    outcomes = run(asked, RunFolder.create(tmp_path, asked), part=Part(2, 3))
    next(outcomes)
    next(outcomes)
    outcomes.close()
    assert len(RunFolder.open(tmp_path).under_way()) == 1
    assert [path.name for path in tmp_path.glob("progress*")] == ["progress-2-of-3.jsonl"]
    run_here(long_scenario, tmp_path)
    assert tallies(tmp_path) == reference
    assert not list(tmp_path.glob("progress*"))


def test_a_point_stops_by_its_confidence(tmp_path: Path) -> None:
    path = small(tmp_path, ("min_errors: 400", "min_errors: 50\n  relative_half_width: 0.2"), ("600", "100000"))
    rule = load(str(path)).stop
    for outcome in run_here(path, tmp_path / "run"):
        if outcome.line is not None:
            tally = outcome.line.tallies["ber"]
            assert rule.enough(tally)
            assert tally[0] < rule.max_blocks


@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_intervals_cover_the_truth_under_the_stop_rule(spread: float, tmp_path: Path, rng: np.random.Generator) -> None:
    """Stopping when an interval is narrow prefers points whose errors vary little; the intervals must bear that."""
    path = small(tmp_path, ("min_errors: 400", "min_errors: 100"), ("600", "100000"))
    rule, runs, trials, rate = load(str(path)).stop, 400, 120, 0.02
    covered = 0
    for _ in range(runs):
        job = Job(Point({}, Failing(traced=True), {}), 0, "key")
        enough = False
        while not enough:
            for chunk in range(job.chunks, job.round_end):
                rates = np.minimum(rate * rng.lognormal(-(spread**2) / 2.0, spread, 20), 1.0)  # of fades
                job.waiting[chunk] = Chunk({"ber": Rate.of(rng.binomial(trials, rates), trials)}, 1.0)
            enough = job.fold(rule, "ber")
        _, low, high = job.tallies["ber"].interval()
        covered += low <= rate <= high
    assert stats.binomtest(covered, runs, 0.94, alternative="less").pvalue > 1e-6
