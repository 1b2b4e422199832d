"""A run folder survives what happens to files."""

import fcntl
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from scenario_text import small
from semcom.errors import OutsideError, UserError
from semcom.record.folder import WHOLE, RunFolder
from semcom.record.journal import Journal
from semcom.record.line import Finished, line_of, text_of
from semcom.scenario.find import load
from semcom.sweep.sweep import run
from semcom.tally import Mean, Rate

LINE = Finished("k", {"transceiver": "a", "snr_db": 0.1}, 0, {"channel_uses": 3.0}, 2, 0.5, {"snr_db": "defined"}, {
    "ber": Rate(3, 2, 30, 4), "psnr": Mean(3, 0.1 + 0.2, 1e-17),
})  # fmt: skip


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run, finished."""
    folder = tmp_path_factory.mktemp("finished")
    scenario = load(str(small(folder)))
    list(run(scenario, RunFolder.create(folder / "run", scenario)))
    return folder / "run"


def copy(finished: Path, to: Path) -> Path:
    to.mkdir()
    for path in finished.iterdir():
        (to / path.name).write_bytes(path.read_bytes())
    return to


def test_a_line_comes_back_to_the_last_digit() -> None:
    assert line_of(Finished, text_of(LINE)) == LINE


def test_a_torn_last_line_is_dropped_with_a_word_and_computed_again(finished: Path, tmp_path: Path) -> None:
    folder = copy(finished, tmp_path / "run")
    whole = (folder / "points.jsonl").read_text()
    (folder / "points.jsonl").write_text(whole[:-40])
    opened = RunFolder.open(folder)
    assert len(opened.finished()) == 11
    assert opened.notes == [f"{folder}/points.jsonl: its last line was cut off and is dropped"]
    list(run(opened.scenario(), opened))
    assert set(RunFolder.open(folder).finished()) == set(RunFolder.open(finished).finished())


def test_a_bad_line_in_the_middle_is_refused_with_its_place(finished: Path, tmp_path: Path) -> None:
    folder = copy(finished, tmp_path / "run")
    lines = (folder / "points.jsonl").read_text().splitlines(keepends=True)
    (folder / "points.jsonl").write_text("".join([lines[0], "{}\n", *lines[1:]]))
    with pytest.raises(UserError, match=r"points\.jsonl:2: no line of a record; remove it"):
        RunFolder.open(folder).finished()


def test_the_folder_of_another_scenario_is_refused(finished: Path, tmp_path: Path) -> None:
    other = load(str(small(tmp_path, ("name: small", "name: other"))))
    with pytest.raises(UserError, match=r"holds a run of small, not of other; choose another --out"):
        RunFolder.create(finished, other)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("seed: 3", "seed: 4"), "seed"),
        (("120", "240"), r"study\.source"),
        (("min_errors: 400", "min_errors: 5"), "stop"),
    ],
)
def test_the_folder_of_another_version_is_refused_with_what_differs(
    finished: Path, tmp_path: Path, change: tuple[str, str], field: str
) -> None:
    with pytest.raises(UserError, match=rf"holds a run of small with another {field}; choose another --out"):
        RunFolder.create(finished, load(str(small(tmp_path, change))))


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    with pytest.raises(UserError, match="is a file; choose another --out"):
        RunFolder.create(tmp_path / "run", load(str(small(tmp_path))))


def test_an_unreadable_scenario_is_refused(finished: Path, tmp_path: Path) -> None:
    folder = copy(finished, tmp_path / "run")
    (folder / "scenario.yaml").write_text("name: [")
    with pytest.raises(UserError, match=r"scenario\.yaml:1: not YAML"):
        RunFolder.open(folder)
    (folder / "scenario.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="is no run folder"):
        RunFolder.open(folder)


def test_two_runs_never_write_one_file(finished: Path, tmp_path: Path) -> None:
    folder = RunFolder.open(copy(finished, tmp_path / "run"))
    points, progress = folder.journals(WHOLE)
    with pytest.raises(UserError, match="another run is writing here"):
        folder.journals(WHOLE)
    points.close()
    progress.close()
    again = folder.journals(WHOLE)
    for journal in again:
        journal.close()


def test_parts_of_a_job_array_may_create_their_folder_at_once(tmp_path: Path) -> None:
    script, scenario = Path(__file__).with_name("create_often.py"), small(tmp_path)
    words = [sys.executable, str(script), str(scenario), str(tmp_path / "run"), str(time.time() + 5.0), "150"]
    parts = [subprocess.Popen(words, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [part.communicate(timeout=120)[1] for part in parts] == [""] * 4
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["scenario.yaml"]


def test_a_line_that_another_run_wrote_just_before_the_lock_is_kept(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder.open(copy(finished, tmp_path / "run"))
    before = folder.finished()
    lock = fcntl.flock

    def late(file: IO[bytes], operation: int) -> None:
        if str(file.name).endswith("points.jsonl"):
            with (folder.path / "points.jsonl").open("a") as other:
                other.write(text_of(LINE))
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    for journal in folder.journals(WHOLE):
        journal.close()
    assert folder.finished() == {**before, LINE.key: LINE}


def test_a_full_disk_says_so() -> None:
    journal = Journal(Path("/dev/full"), lambda: 0)
    with pytest.raises(OutsideError, match=r"/dev/full: cannot be written: No space left on device"):
        journal.append("x\n")
    journal.close()
