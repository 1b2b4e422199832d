"""What Ctrl-C, a batch system and the kernel do to a run: one line, nothing lost, the same counts in the end.

The last point of the run makes no errors and may have any number of blocks, so that the run is never over before it is
disturbed, and what a test waits for is seen, not timed: both hold on a busy machine too.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from command import environment, start
from scenario_text import small
from semcom.record.folder import RunFolder
from semcom.scenario.find import load
from semcom.sweep.sweep import run

ENDLESS = (
    ("    fading: {kind: rayleigh, coherence_uses: 1}\n", ""),
    ("    BPSK: {kind: uncoded, modulation: bpsk}\n", ""),
    ("[0, 4, 8]", "[0, 2, 4, 60]"),
    ("min_errors: 400", "min_errors: 60000"),
    ("max_blocks: 600", "max_blocks: 1000000000"),
    ("batch: 20", "batch: 100"),
)
FINITE = 3  # points of it that end
PATIENCE_S = 240.0  # for what a busy machine may take
STOPPED = "semcom: stopped; what is finished is kept, and the same command goes on from there\n"


def tallies(folder: Path) -> dict[str, Any]:
    """What the finished points of a run folder counted, by key."""
    path = folder / "points.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return {line["key"]: (line["tallies"], line["batches"]) for line in lines}


def go_on(scenario: Path, folder: Path) -> dict[str, Any]:
    """The tallies after the run has gone on in this process until all points that end are finished."""
    asked = load(str(scenario))
    outcomes = run(asked, RunFolder.create(folder, asked))
    while len(tallies(folder)) < FINITE:
        next(outcomes)
    outcomes.close()
    return tallies(folder)


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small(tmp_path_factory.mktemp("scenario"), *ENDLESS)


@pytest.fixture(scope="module")
def reference(endless: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The tallies of one worker that nobody disturbed."""
    return go_on(endless, tmp_path_factory.mktemp("reference"))


def wait_until(happens: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not happens():
        assert time.monotonic() < end, "the run did not come that far"
        time.sleep(0.01)


def has_lines(out: Path, lines: int) -> bool:
    """Whether that many points are finished, or with 0 whether one is under way."""
    path = out / ("points.jsonl" if lines else "progress.jsonl")
    return path.exists() and len(path.read_text().splitlines()) >= max(lines, 1)


def heeds(pid: int) -> bool:
    """Whether the process has set up how it takes interrupts: it then catches SIGTERM, which Python alone does not."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def relatives(pid: int) -> list[int]:
    """The other processes of its session."""
    others = (int(path.name) for path in Path("/proc").glob("[0-9]*") if int(path.name) != pid)
    return [other for other in others if _session(other) == pid]


def workers(pid: int) -> list[int]:
    """Those of its session that compute: grandchildren, forked by the fork server."""
    session = relatives(pid)
    return [other for other in session if _parent(other) in session]


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


def _parent(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


def assert_it_ends_in_one_line(process: "subprocess.Popen[str]", line: str = STOPPED) -> None:
    _, error = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert line in error
    assert "Traceback" not in error


@pytest.mark.parametrize("lines", [0, 2])
def test_a_run_that_was_killed_goes_on_to_the_same_counts(
    endless: Path, reference: Any, tmp_path: Path, lines: int
) -> None:
    process = start("run", endless, "--workers", 2, "--out", tmp_path)
    wait_until(lambda: has_lines(tmp_path, lines))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    kept = tallies(tmp_path)
    assert kept.items() <= reference.items()
    assert go_on(endless, tmp_path) == reference


def test_ctrl_c_ends_in_one_line_and_keeps_what_is_done(endless: Path, reference: Any, tmp_path: Path) -> None:
    process = start("run", endless, "--workers", 2, "--out", tmp_path)
    wait_until(lambda: has_lines(tmp_path, 1))
    os.killpg(process.pid, signal.SIGINT)
    assert_it_ends_in_one_line(process)
    assert tallies(tmp_path).items() <= reference.items()
    assert go_on(endless, tmp_path) == reference


@pytest.mark.parametrize("stage", [heeds, relatives, workers])
def test_ctrl_c_while_workers_start_ends_in_one_line(
    endless: Path, tmp_path: Path, stage: Callable[[int], object]
) -> None:
    process = start("run", endless, "--workers", 2, "--out", tmp_path)
    wait_until(lambda: bool(stage(process.pid)))
    os.killpg(process.pid, signal.SIGINT)
    assert_it_ends_in_one_line(process)


def test_a_run_that_was_told_to_ignore_ctrl_c_goes_on(tmp_path: Path) -> None:
    """As shells do with what they start in the background; the interrupt comes while workers start."""
    words = ["run", small(tmp_path), "--workers", "2", "--out", tmp_path / "run"]
    ignoring = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", sys.executable, "-m", "semcom", *map(str, words)]
    process = subprocess.Popen(
        ignoring,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_until(lambda: bool(relatives(process.pid)))
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, error


def test_a_job_whose_time_is_up_ends_as_with_ctrl_c(endless: Path, tmp_path: Path) -> None:
    process = start("run", endless, "--workers", 2, "--out", tmp_path)
    wait_until(lambda: has_lines(tmp_path, 1))
    process.terminate()
    assert_it_ends_in_one_line(process)


def test_a_killed_worker_ends_in_one_line_and_loses_nothing(endless: Path, reference: Any, tmp_path: Path) -> None:
    process = start("run", endless, "--workers", 2, "--out", tmp_path)
    wait_until(lambda: has_lines(tmp_path, 1))
    os.kill(workers(process.pid)[0], signal.SIGKILL)
    assert_it_ends_in_one_line(process, "semcom: a worker process died")
    assert go_on(endless, tmp_path) == reference
