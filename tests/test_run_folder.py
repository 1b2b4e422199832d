"""A run folder survives what happens to files."""

import fcntl
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import numpy as np
import pytest
from PIL import Image

from record_line import LINE, copy
from scenario_text import small
from semcom.errors import OutsideError, UserError
from semcom.record.folder import WHOLE, RunFolder
from semcom.record.journal import Journal
from semcom.record.line import UnderWay, text_of
from semcom.scenario.find import load
from semcom.sweep.sweep import run


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run, finished."""
    folder = tmp_path_factory.mktemp("finished")
    scenario = load(str(small(folder)))
    list(run(scenario, RunFolder.create(folder / "run", scenario)))
    return folder / "run"


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


def test_points_without_their_scenario_are_refused(finished: Path, tmp_path: Path) -> None:
    folder = copy(finished, tmp_path / "run")
    (folder / "scenario.yaml").unlink()
    with pytest.raises(UserError, match=r"run: holds points but no scenario\.yaml; choose another --out"):
        RunFolder.create(folder, load(str(small(tmp_path))))


@pytest.mark.parametrize("text", [b"{", b"{}", b"3", b"\0", b"\xff\xfe", b"[" * 10**5, b"[" + b"9" * 5000 + b"]"])
def test_machines_that_cannot_be_read_are_replaced_with_a_word(finished: Path, tmp_path: Path, text: bytes) -> None:
    folder = RunFolder.open(copy(finished, tmp_path / "run"))
    (folder.path / "machine.json").write_bytes(text)
    folder.note_machine(WHOLE, {"commit": "a"})
    folder.note_machine(WHOLE, {"commit": "a"})
    assert json.loads((folder.path / "machine.json").read_text()) == [{"commit": "a"}]
    (note,) = folder.notes
    assert note.startswith(f"{folder.path}/machine.json: cannot be read as a list of machines: ")
    assert note.endswith("; it is written anew")
    assert note.isprintable()


def of_pictures(folder: Path, rng: np.random.Generator) -> Path:
    """A scenario that sends a folder with one picture of noise."""
    (folder / "pictures").mkdir(exist_ok=True)
    Image.fromarray(rng.integers(256, size=(32, 32, 3), dtype=np.uint8)).save(folder / "pictures" / "a.png")
    return small(
        folder,
        ("{kind: bits, packet_bits: 120}", f"{{kind: folder, path: '{folder / 'pictures'}'}}"),
        ("QPSK: {kind: uncoded, modulation: qpsk}", "PCM: {kind: separate, codec: jpeg, bandwidth_ratio: 1}"),
        ("    BPSK: {kind: uncoded, modulation: bpsk}\n", ""),
        ("min_errors: 400", "half_width: 20"),
        ("[0, 4, 8]", "[4]"),
    )


def test_a_run_of_pictures_that_changed_does_not_go_on(tmp_path: Path, rng: np.random.Generator) -> None:
    scenario = load(str(of_pictures(tmp_path, rng)))
    folder = RunFolder.create(tmp_path / "run", scenario)
    assert all(outcome.error is None for outcome in run(scenario, folder))
    (line, _) = folder.finished().values()
    assert list(line.contents) == ["source"]
    assert all(outcome.share == 1.0 for outcome in run(scenario, folder))
    of_pictures(tmp_path, rng)
    point = "transceiver PCM, channel AWGN, receiver perfect, snr_db 4.0"
    changed = rf"run: the weights or pictures of {point} have changed since"
    with pytest.raises(UserError, match=changed):
        list(run(scenario, folder))
    (folder.path / "points.jsonl").rename(folder.path / "kept")
    under_way = UnderWay(line.key, 1, 2, 0.1, line.contents, line.tallies, (line.tallies,))
    (folder.path / "progress.jsonl").write_text(text_of(under_way))
    with pytest.raises(UserError, match=changed):
        list(run(scenario, folder))


def test_a_record_says_what_its_decibels_mean(finished: Path, tmp_path: Path) -> None:
    assert all(list(line.conventions) == ["snr_db"] for line in RunFolder.open(finished).finished().values())
    scenario = load(str(small(tmp_path)), ("sweep={ebn0_db: [4]}", "study.channels.fading={kind: awgn}"))
    lines = [outcome.line for outcome in run(scenario, RunFolder.create(tmp_path / "run", scenario)) if outcome.line]
    assert {line.conventions["ebn0_db"][:11] for line in lines} == {"Eb/N0 = SNR"}
    assert {line.conventions["snr_db"][:11] for line in lines} == {"SNR = Es/N0"}
    flips = ("study.channels={BSC: {kind: bsc}}", "sweep={channel.flip_probability: [0.1]}")
    discrete = load(str(small(tmp_path)), (*flips, "study.transceivers={BPSK: {kind: uncoded, modulation: bpsk}}"))
    lines = [outcome.line for outcome in run(discrete, RunFolder.create(tmp_path / "bsc", discrete)) if outcome.line]
    assert [line.conventions for line in lines] == [{}]


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
    with pytest.raises(UserError, match=r"scenario\.yaml:1: holds the byte 0xff, which is not"):
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


def test_a_record_of_a_link_budget_says_its_snr_and_what_that_means(tmp_path: Path) -> None:
    changes = (
        "study.channels={U: {kind: umi, users: 1, user: 0, budget: {}, grid: {subcarriers: 12}}}",
        "stop.max_blocks=2",
    )
    scenario = load(str(small(tmp_path)), (*changes, "sweep={channel.speed_m_s: [1]}"))
    (first, *_) = scenario.points()
    assert first.conventions.keys() == {"snr_db"}
    assert first.task.facts()["snr_db"] == scenario.study.channels["U"].implied_snr_db()  # type: ignore[attr-defined]
