"""Whatever is wrong with a trace, weights, a record or a picture is told in a line, with the path."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from PIL import Image

from command import ROOT
from damage import damaged
from no_hang import no_hang
from semcom.errors import UserError
from semcom.figures.curves import panels
from semcom.figures.netcdf import dataset
from semcom.learning.weights import load, save
from semcom.record.folder import WHOLE, RunFolder
from semcom.record.line import text_of
from semcom.sources import Folder
from semcom.sweep.job import jobs_of
from semcom_channels import Trace
from semcom_channels.ofdm_grid import OfdmGrid

SHAPES = [(40, 30), (3,)]
RUN = "results/ber_awgn"
Make = Callable[[Path, np.random.Generator], None]
Read = Callable[[Path], str | None]


def make_npz(path: Path, rng: np.random.Generator) -> None:
    save = np.savez if rng.integers(2) else np.savez_compressed
    save(path, gains=rng.normal(size=(5, 1, 1, 16)) + 1j * rng.normal(size=(5, 1, 1, 16)))


def make_hdf5(path: Path, rng: np.random.Generator) -> None:
    with h5py.File(path, "w") as file:
        more: Any = {"compression": "gzip", "shuffle": True} if rng.integers(2) else {}
        file.create_dataset("gains", data=rng.normal(size=(5, 1, 1, 16)) + 1j, **more)


def read_trace(path: Path) -> str | None:
    return Trace(file=str(path), grid=OfdmGrid(subcarriers=16)).check()


def make_weights(path: Path, rng: np.random.Generator) -> None:
    save([rng.normal(size=shape) for shape in SHAPES], path)


def read_weights(path: Path) -> str | None:
    load(path, SHAPES)
    return None


def make_picture(path: Path, rng: np.random.Generator) -> None:
    pixels = np.add.outer(np.arange(32), np.arange(48))[..., None] * 3 + rng.integers(9, size=(32, 48, 3))
    picture = Image.fromarray(pixels.astype(np.uint8))
    more = {"compression": "tiff_lzw"} if path.suffix == ".tif" and rng.integers(2) else {}
    (picture.convert("P") if path.suffix == ".png" and rng.integers(2) else picture).save(path, **more)


def read_picture(path: Path) -> str | None:
    try:
        Folder(path=str(path.parent)).pictures()
    except UserError as error:
        return str(error).removeprefix("source.path: ")
    return None


def make_record(path: Path, rng: np.random.Generator) -> None:
    kept = RunFolder(ROOT / RUN)
    shutil.copytree(kept.path, path.parent, dirs_exist_ok=True)
    if path.name == "progress.jsonl":
        jobs, lines = jobs_of(kept.scenario()), kept.finished()
        for job in jobs:
            job.chunks, job.round_end, job.tallies = 1, 2, dict(lines[job.key].tallies)
            job.batches, job.contents = [job.tallies], lines[job.key].contents
        path.write_text("".join(text_of(job.under_way()) for job in jobs))


def read_record(path: Path) -> str | None:
    folder = RunFolder.open(path.parent)
    folder.under_way()
    folder.note_machine(WHOLE, {"commit": "a"})
    panels(folder)
    dataset(folder)
    return next(iter(folder.notes), None)


FILES: Mapping[str, tuple[Make, Read]] = {
    "gains.npz": (make_npz, read_trace),
    "gains.h5": (make_hdf5, read_trace),
    "weights.npz": (make_weights, read_weights),
    **{f"a.{ending}": (make_picture, read_picture) for ending in ("png", "jpg", "webp", "tif", "bmp", "ppm", "jp2")},
    **dict.fromkeys(("points.jsonl", "progress.jsonl", "machine.json"), (make_record, read_record)),
}


def told_of(name: str, folder: Path, rng: np.random.Generator) -> str | None:
    """What is said of a file that was made and damaged; fails for an exception, a hang, and more than a line."""
    make, read = FILES[name]
    path = folder / name
    make(path, rng)
    path.write_bytes(damaged(path.read_bytes(), rng))
    try:
        with no_hang():
            told = read(path)
    except UserError as error:
        told = str(error)
    if told is not None:
        assert told.startswith(str(path)) or told.startswith(f"{folder}: ")  # of a line in place of another point's
        assert told.isprintable()
        assert len(told) < 1000
    return told


def check_many(count: int, folder: Path, seed: int) -> None:
    refused = 0
    for number in range(count):
        name = list(FILES)[number % len(FILES)]
        (folder / str(number)).mkdir()
        try:
            refused += told_of(name, folder / str(number), np.random.default_rng([seed, number])) is not None
        except BaseException as error:
            raise AssertionError(f"{name} of mutant {number} of seed {seed}") from error
    assert refused > count // 2


def test_a_damaged_file_is_refused_in_a_line_with_its_path(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    check_many(100, tmp_path, request.config.getoption("--rng-seed"))


@pytest.mark.slow
def test_many_damaged_files_are_refused_in_a_line_with_their_path(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    check_many(1000, tmp_path, 1000 + request.config.getoption("--rng-seed"))


def test_what_a_library_says_of_a_damaged_file_is_not_shown(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], rng: np.random.Generator
) -> None:
    """Pillow logs, and warns of, what it finds in a header; a picture that claims 65,535 samples a pixel is one."""
    make_picture(tmp_path / "a.tif", rng)
    data = (tmp_path / "a.tif").read_bytes()
    field = data.index(b"\x15\x01\x03\x00")  # samples per pixel, a short
    (tmp_path / "a.tif").write_bytes(data[: field + 8] + b"\xff\xff" + data[field + 10 :])
    assert read_picture(tmp_path / "a.tif") is not None
    assert capfd.readouterr() == ("", "")
