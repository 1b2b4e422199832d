"""The lines of a record: what comes back, what is refused, and how long a file of them grows."""

import fcntl
import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

import pytest

from record_line import LINE, copy
from scenario_text import small
from semcom.errors import UserError
from semcom.figures.curves import finished_lines
from semcom.record import journal as journal_module
from semcom.record.aside import aside
from semcom.record.folder import WHOLE, RunFolder
from semcom.record.journal import LEAST_ROOM, Journal
from semcom.record.line import Finished, UnderWay, key_of, line_of, text_of
from semcom.scenario.find import load
from semcom.sweep.sweep import run
from semcom.tally import Mean, Tallies


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run, finished."""
    folder = tmp_path_factory.mktemp("finished")
    scenario = load(str(small(folder)))
    list(run(scenario, RunFolder.create(folder / "run", scenario)))
    return folder / "run"


def line_under_way(key: str, chunks: int, letters: int = 0) -> str:
    return text_of(
        UnderWay(key, chunks, chunks + 1, 1.0, {"long": "x" * letters}, LINE.tallies, (LINE.tallies,) * min(chunks, 20))
    )


def test_a_line_comes_back_to_the_last_digit() -> None:
    assert line_of(Finished, text_of(LINE).encode()) == LINE


@pytest.mark.parametrize(
    "change",
    [
        {"key": 3},
        {"chunks": "two"},
        {"facts": {"channel_uses": "many"}},
        {"tallies": {"ber": {"n": 1, "mean": 2.0}}},
        {"tallies": {"ber": {"n": 1, "mean": 2.0, "m2": None}}},
        {"more": 1},
        {"chunks": 0},
        {"chunks": 10**4000},
        {"repeat": -1},
        {"seconds": float("nan")},
        {"facts": {"channel_uses": float("inf")}},
        {"coordinates": {"snr_db": float("nan")}},
        {"tallies": {"ber": {"blocks": -1, "errors": 0, "trials": 30, "squares": 0}}},
        {"tallies": {"ber": {"blocks": 3, "errors": 31, "trials": 30, "squares": 961}}},
        {"tallies": {"ber": {"blocks": 3, "errors": 2, "trials": 30, "squares": 1}}},
        {"tallies": {"ber": {"blocks": 3, "errors": 2, "trials": 30, "squares": 21}}},
        {"tallies": {"ber": {"n": 3, "mean": 1.0, "m2": -1e-9}}},
        {"tallies": {"ber": {"n": 0, "mean": 1.0, "m2": 0.0}}},
        {"tallies": {"ber": {"n": 3, "mean": 1e300, "m2": 0.0}}},
        {"tallies": {"ber": {"n": 3, "mean_square": -1.0, "m2": 0.0}}},
        {"tallies": {"ber": {"n": 0, "mean_square": 1.0, "m2": 0.0}}},
        {"batches": {"ser": [0.1, 0.2]}},
        {"batches": {"ber": [0.1]}},
        {"batches": {"ber": [0.1, float("-inf")]}},
    ],
)
def test_a_line_that_no_run_gives_is_no_line(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Finished"):
        line_of(Finished, json.dumps({**json.loads(text_of(LINE)), **change}).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"chunks": 0},
        {"round_end": 4},
        {"batches": []},
        {"batches": [{"ber": Mean(1, 1.0, 0.0)._asdict()}] * 4},
        {
            "batches": [
                {"ber": {**LINE.tallies["ber"]._asdict(), "errors": -1}, "psnr": LINE.tallies["psnr"]._asdict()}
            ]
            * 4
        },
    ],
)
def test_progress_that_no_run_makes_is_no_line(change: dict[str, object]) -> None:
    text = line_under_way("key", 4)
    assert line_of(UnderWay, text.encode()).chunks == 4
    with pytest.raises(ValueError, match="UnderWay"):
        line_of(UnderWay, json.dumps({**json.loads(text), **change}).encode())


@pytest.mark.parametrize("file", ["points.jsonl", "progress.jsonl"])
@pytest.mark.parametrize(
    "other", [{"ber": LINE.tallies["ber"]}, {"ber": LINE.tallies["ber"], "bler": Mean(1, 1.0, 0.0)}]
)
def test_a_line_that_counts_something_else_than_its_point_is_refused(
    file: str, other: Tallies, finished: Path, tmp_path: Path
) -> None:
    folder = RunFolder.open(copy(finished, tmp_path / "run"))
    line = list(folder.finished().values())[-1]
    under_way = UnderWay(line.key, 1, 2, 0.1, line.contents, other, (other,))
    kept = (folder.path / "points.jsonl").read_text().splitlines(keepends=True)[:-1]
    added = {"points.jsonl": text_of(line._replace(tallies=other, batches={})), "progress.jsonl": text_of(under_way)}
    (folder.path / "points.jsonl").write_text("".join(kept))
    with (folder.path / file).open("a") as text:
        text.write(added[file])
    told = r"run: the line of transceiver .*, snr_db 8\.0 counts other things than ber, bler; remove it"
    with pytest.raises(UserError, match=told):
        list(run(folder.scenario(), folder))
    if file == "points.jsonl":
        with pytest.raises(UserError, match=told):
            finished_lines(folder)


@pytest.mark.parametrize("bad", [b"\0" * 50, b"\xff\xfe{}", b"{}", b"[" * 10**6, b"", b"\r", b'{"key": NaN}'])
@pytest.mark.parametrize("last", [True, False])
def test_a_line_of_anything_is_refused_with_its_place(bad: bytes, last: bool, finished: Path, tmp_path: Path) -> None:
    folder = RunFolder.open(copy(finished, tmp_path / "run"))
    lines = (folder.path / "points.jsonl").read_bytes().splitlines()
    put = [*lines, bad] if last else [lines[0], bad, *lines[1:]]
    (folder.path / "points.jsonl").write_bytes(b"\n".join(put) + b"\n")
    with pytest.raises(UserError, match=rf"points\.jsonl:{len(put) if last else 2}: no line of a record; remove it"):
        folder.finished()


def test_progress_stays_within_a_megabyte_and_keeps_the_latest_of_each_point(finished: Path, tmp_path: Path) -> None:
    folder = RunFolder.open(copy(finished, tmp_path / "run"))
    points, progress = folder.journals(WHOLE)
    largest = 0
    for chunks in range(1, 61):
        for key in ("one", "other"):
            progress.append(line_under_way(key, chunks, 20_000))
            largest = max(largest, (folder.path / "progress.jsonl").stat().st_size)
        if chunks == 1:
            progress.append(line_under_way("early", 1))
    assert {key: line.chunks for key, line in folder.under_way().items()} == {"one": 60, "other": 60, "early": 1}
    assert largest <= LEAST_ROOM
    assert sorted(path.name for path in folder.path.iterdir()) == sorted(
        [*(path.name for path in finished.iterdir()), "progress.jsonl"]
    )
    with pytest.raises(UserError, match="another run is writing here"):  # what shrank is locked as before
        Journal(folder.path / "progress.jsonl", lambda: 0)
    points.close()
    progress.close()


def test_progress_of_many_points_is_not_written_anew_at_each_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It shrinks once it has doubled, so that a line costs the same whatever the number of points."""
    monkeypatch.setattr(journal_module, "LEAST_ROOM", 1)
    shrunk: list[int] = []

    def counted(path: Path) -> AbstractContextManager[Path]:
        shrunk.append(1)
        return aside(path)

    monkeypatch.setattr(journal_module, "aside", counted)
    journal = Journal(tmp_path / "progress.jsonl", lambda: 0, key_of)
    for number in range(64):
        journal.append(line_under_way(str(number), 1))
    assert len(shrunk) <= 7
    journal.close()


def test_a_run_that_opened_progress_before_it_shrank_does_not_write_into_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, lock = tmp_path / "progress.jsonl", fcntl.flock
    path.touch()

    def late(file: IO[bytes], operation: int) -> None:
        (tmp_path / "new").touch()
        (tmp_path / "new").replace(path)
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    with pytest.raises(UserError, match="another run is writing here"):
        Journal(path, lambda: 0)
