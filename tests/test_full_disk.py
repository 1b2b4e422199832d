"""A disk that is full: one line, and nothing is left that is not whole.

The kernel refuses what goes beyond a process' largest file size just as it refuses what goes onto a full disk.
"""

import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from command import ROOT
from semcom.errors import OutsideError, UserError
from semcom.figures.draw import draw
from semcom.figures.netcdf import write
from semcom.record.folder import WHOLE, RunFolder

ROOM = 4096  # bytes, less than a record or a figure takes


@contextmanager
def full() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.open(Path(shutil.copytree(ROOT / "results" / "ber_awgn", tmp_path / "run")))


def exports(folder: RunFolder) -> None:
    write(folder, folder.path / "record.nc")


def draws(folder: RunFolder) -> None:
    draw([folder], folder.path)


def notes(folder: RunFolder) -> None:
    folder.note_machine(WHOLE, {"command": "x" * ROOM})


@pytest.mark.parametrize(
    ("act", "name"),
    [(exports, "record.nc"), (draws, "curves.png"), (notes, "machine.json")],
    ids=["exports", "draws", "notes"],
)
@pytest.mark.parametrize("there", [True, False])
def test_what_does_not_fit_the_disk_leaves_all_as_it_was(
    act: Callable[[RunFolder], None], name: str, there: bool, folder: RunFolder
) -> None:
    (folder.path / name).unlink(missing_ok=True)
    if there:
        (folder.path / name).write_text("[]")
    before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
    with full(), pytest.raises(OutsideError, match=rf"{name}: cannot be written: File too large$"):
        act(folder)
    assert {path.name: path.read_bytes() for path in folder.path.iterdir()} == before


def test_a_record_in_a_folder_that_cannot_be_is_refused_in_a_line(folder: RunFolder) -> None:
    with pytest.raises(OutsideError, match=r"points\.jsonl/record\.nc: cannot be written: [A-Z][a-z ]+$"):
        write(folder, folder.path / "points.jsonl" / "record.nc")


@pytest.mark.parametrize("name", ["record.csv", "record", "record.mat"])
def test_a_record_is_not_written_under_the_name_of_another_format(name: str, folder: RunFolder) -> None:
    with pytest.raises(UserError, match=rf"{name}: a record is written as NetCDF; expected a file that ends in \.nc, "):
        write(folder, folder.path / name)
    assert not (folder.path / name).exists()
