"""Gains from files: npz and HDF5 in the layouts that people have, and clear words for those they should not have."""

import io
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from scipy import stats

from near import FALSE_ALARM
from semcom_channels import Streams, Trace
from semcom_channels.backend import tf
from semcom_channels.ofdm_grid import OfdmGrid, Pilots
from semcom_channels.trace_file import gains_of
from semcom_estimation.receivers import LinearMmse

GRID = OfdmGrid(subcarriers=16)
SHAPE = (9, 3, 2, 16)  # snapshot, rx, tx, subcarrier
AXES = ("snapshot", "rx", "tx", "subcarrier")


@pytest.fixture
def gains(rng: np.random.Generator) -> np.ndarray:
    """Of no special power."""
    scale = rng.uniform(0.1, 3.0, size=(SHAPE[0], 1, 1, 1)) * 1e-4
    return np.asarray((scale * (rng.normal(size=SHAPE) + 1j * rng.normal(size=SHAPE))).astype(np.complex64))


def trace(path: Path, **more: Any) -> Trace:
    return Trace(file=str(path), grid=GRID, **more)


def scaled(gains: np.ndarray) -> np.ndarray:
    """What is read, `[snapshot, rx, tx, 1, subcarrier]` of unit mean power."""
    return np.asarray(gains[:, :, :, None] / np.sqrt(np.mean(np.abs(gains.astype(complex)) ** 2)))


def saved(path: Path, array: np.ndarray, name: str = "gains") -> Path:
    if path.suffix == ".npz":
        arrays: Any = {name: array}
        np.savez(path, **arrays)
    else:
        with h5py.File(path, "w") as file:
            file[name] = array
    return path


def parts(gains: np.ndarray) -> np.ndarray:
    """A last axis of real and imaginary parts."""
    return np.stack([gains.real, gains.imag], axis=-1)


def compound(gains: np.ndarray, names: tuple[str, str]) -> np.ndarray:
    """Records of two numbers, as MATLAB's HDF5 has them."""
    records = np.zeros(gains.shape, [(name, "f8") for name in names])
    records[names[0]], records[names[1]] = gains.real, gains.imag
    return records


@pytest.mark.parametrize("suffix", [".npz", ".h5", ".hdf5", ".mat"])
def test_every_layout_reads_equal(suffix: str, gains: np.ndarray, tmp_path: Path) -> None:
    layouts = [gains, parts(gains)]
    if suffix != ".npz":
        layouts += [compound(gains, ("real", "imag"))]
    for index, layout in enumerate(layouts):
        channel = trace(saved(tmp_path / f"{index}{suffix}", layout))
        assert channel.check() is None
        np.testing.assert_allclose(gains_of(channel), scaled(gains), rtol=1e-5)
    assert (channel.receive_antennas, channel.streams) == SHAPE[1:3]


@pytest.mark.parametrize("suffix", [".npz", ".h5"])
def test_permuted_axes_read_equal(suffix: str, gains: np.ndarray, tmp_path: Path) -> None:
    path = saved(tmp_path / f"turned{suffix}", np.transpose(gains, (3, 0, 2, 1)), "users/h" if suffix == ".h5" else "h")
    name = "users/h" if suffix == ".h5" else "h"
    channel = trace(path, array=name, axes=("subcarrier", "snapshot", "tx", "rx"))
    assert channel.check() is None
    np.testing.assert_allclose(gains_of(channel), scaled(gains), rtol=1e-5)


def test_axes_that_are_not_named_have_length_one(gains: np.ndarray, tmp_path: Path) -> None:
    channel = trace(saved(tmp_path / "siso.npz", gains[:, 0, 0]), axes=("snapshot", "subcarrier"))
    assert channel.check() is None
    assert gains_of(channel).shape == (9, 1, 1, 1, 16)
    over_time = np.repeat(gains[..., None, :], 14, axis=3)
    moving = trace(saved(tmp_path / "moving.npz", over_time), axes=("snapshot", "rx", "tx", "symbol", "subcarrier"))
    assert moving.check() is None
    assert gains_of(moving).shape == (9, 3, 2, 14, 16)


def holed(gains: np.ndarray) -> np.ndarray:
    holed = gains.copy()
    holed[2, 0, 0, 5] = np.nan
    holed[7, 1] = np.inf
    return holed


BAD = [
    ("one axis less", lambda h: h[:, 0], "gains has the shape (9, 2, 16) of complex64; expected axes {axes}"),
    ("real", lambda h: h.real, "gains has the shape (9, 3, 2, 16) of float32; expected axes {axes}"),
    ("empty", lambda h: h[:0], "gains has the shape (0, 3, 2, 16) of complex64; expected axes {axes}"),
    ("subcarriers", lambda h: h[..., :12], "gains has 12 subcarriers; grid.subcarriers gives 16"),
    ("axes swapped", lambda h: np.swapaxes(h, 0, 3), "gains has 9 subcarriers; grid.subcarriers gives 16"),
    ("holes", holed, "gains has gains that are not finite, in 2 entries of snapshot"),
    ("silence", np.zeros_like, "gains holds no power"),
    ("senders", lambda h: np.swapaxes(h, 1, 2), "3 transmit antennas send streams to 2 receive antennas"),
]

UNREADABLE = "cannot be read as npz (np.savez) or HDF5 (h5py, or MATLAB's save -v7.3)"


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_array_is_refused_in_words(change: Any, message: str, gains: np.ndarray, tmp_path: Path) -> None:
    path = saved(tmp_path / "bad.npz", change(gains))
    assert trace(path).check() == f"{path}: " + message.format(axes=", ".join(AXES))


def test_a_bad_file_is_refused_in_words(gains: np.ndarray, tmp_path: Path) -> None:
    path = saved(tmp_path / "good.npz", gains)
    assert trace(path, array="h").check() == f"{path}: has no array h; it has gains"
    assert trace(tmp_path / "none.npz").check() == f"{tmp_path / 'none.npz'}: no such file"
    (tmp_path / "empty.npz").touch()
    np.save(tmp_path / "array.npy", gains)
    (tmp_path / "cut.npz").write_bytes(path.read_bytes()[:-40])
    for name in ("text.npz", "text.h5"):
        (tmp_path / name).write_text("gains")
    for name in ("text.npz", "text.h5", "empty.npz", "array.npy", "cut.npz"):
        assert trace(tmp_path / name).check() == f"{tmp_path / name}: {UNREADABLE}"
    pickled = tmp_path / "pickled.npz"
    np.savez(pickled, gains=np.array([{"a": 1}], object))
    assert trace(pickled).check() == f"{pickled}: {UNREADABLE}"
    group = tmp_path / "group.h5"
    with h5py.File(group, "w") as file:
        file.create_group("gains")
    assert trace(group).check() == f"{group}: has no array gains; it has gains"
    moving = saved(tmp_path / "moving.npz", np.repeat(gains[..., None, :], 5, axis=3))
    channel = trace(moving, axes=("snapshot", "rx", "tx", "symbol", "subcarrier"))
    assert channel.check() == f"{moving}: gains has 5 symbols; a slot of the grid has 14"


def test_more_streams_than_pilots_are_refused(gains: np.ndarray, tmp_path: Path) -> None:
    path = saved(tmp_path / "gains.npz", gains)
    sparse = OfdmGrid(subcarriers=16, pilots=Pilots(spacing=15))
    assert Trace(file=str(path), grid=sparse).check() is None
    path = saved(tmp_path / "wide.npz", np.repeat(gains[:, :, :1], 3, axis=2))
    assert (
        Trace(file=str(path), grid=sparse).check()
        == f"{path}: 3 streams share 2 pilot subcarriers; lower pilots.spacing"
    )


def test_a_file_that_changes_is_read_again(gains: np.ndarray, tmp_path: Path) -> None:
    channel = trace(saved(tmp_path / "gains.npz", gains))
    assert channel.check() is None
    saved(tmp_path / "gains.npz", gains[:5] * np.nan)
    assert "5 entries of snapshot" in str(channel.check())


def test_what_a_receiver_knows_of_a_file_is_made_anew_when_it_changes(gains: np.ndarray, tmp_path: Path) -> None:
    channel, receiver = trace(saved(tmp_path / "gains.npz", gains)), LinearMmse()
    before = receiver.knowledge(channel)
    assert receiver.knowledge(channel) is before
    saved(tmp_path / "gains.npz", np.concatenate([gains, np.ones_like(gains)]))
    assert float(receiver.knowledge(channel)[0].powers[-1]) != float(before[0].powers[-1])


def test_snapshots_are_drawn_uniformly(gains: np.ndarray, streams: Streams, tmp_path: Path) -> None:
    channel = trace(saved(tmp_path / "gains.npz", gains))
    realisation: Any = channel.draw((3000, 2 * len(GRID.data_elements) * 2), tf.constant(0.0), streams)
    drawn = np.asarray(realisation.gain).reshape(3000, 2, 3, 2, 14, 16)
    np.testing.assert_array_equal(drawn[:, 0], drawn[:, 1])  # both slots of a unit meet its snapshot
    np.testing.assert_array_equal(drawn[..., 0, :], drawn[..., 13, :])
    distance = np.abs(drawn[:, None, 0, 0, 0, 0] - scaled(gains)[:, 0, 0, 0]).sum(axis=-1)
    assert distance.min(axis=1).max() < 1e-4
    counts = np.bincount(distance.argmin(axis=1), minlength=9)
    assert stats.chisquare(counts).pvalue > FALSE_ALARM


def test_the_covariance_is_that_of_the_sample(gains: np.ndarray, tmp_path: Path) -> None:
    channel = trace(saved(tmp_path / "gains.npz", gains))
    law = channel.covariance()
    rows = scaled(gains).astype(complex)[:, :, :, 0].reshape(-1, 16)
    np.testing.assert_allclose(law.frequency[0], rows.T @ rows.conj() / len(rows), atol=1e-6)
    np.testing.assert_array_equal(law.time[0], np.ones((14, 14)))
    assert LinearMmse().check(channel) is None


@pytest.mark.parametrize("suffix", [".npz", ".h5"])
@pytest.mark.parametrize("scale", [1e300, 1e101, 1e-101, 1e-310])
def test_gains_that_arithmetic_does_not_bear_are_refused(suffix: str, scale: float, tmp_path: Path) -> None:
    path = saved(tmp_path / f"far{suffix}", np.full(SHAPE, scale + 0j))
    expected = f"{path}: gains has {scale:.3g} as its largest gain; expected 1e-100 to 1e+100, as ratios of amplitudes"
    assert trace(path).check() == expected


@pytest.mark.parametrize("scale", [1e100, 1e-100])
def test_the_scale_of_gains_means_nothing(scale: float, gains: np.ndarray, tmp_path: Path) -> None:
    largest = max(np.abs(gains.real).max(), np.abs(gains.imag).max())
    channel = trace(saved(tmp_path / "far.npz", gains.astype(complex) / largest * scale))
    assert channel.check() is None
    np.testing.assert_allclose(gains_of(channel), scaled(gains), rtol=1e-5)


def test_gains_of_more_than_64_bits_are_told_as_infinite(tmp_path: Path) -> None:
    path = saved(tmp_path / "long.npz", np.full(SHAPE, np.longdouble("1e4000") + 0j))
    assert trace(path).check() == f"{path}: gains has gains that are not finite, in 9 entries of snapshot"


def claiming(path: Path, shape: tuple[int, ...]) -> Path:
    """An npz file whose header claims an array of that shape."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<c8", "fortran_order": False, "shape": shape})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("gains.npy", head.getvalue() + bytes(100))
    return path


HUGE = (10**6, 3, 2, 10**6)


def test_a_claim_of_more_than_two_gigabytes_is_refused_before_memory_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in HDF5, where an array of chunks takes no room until it is written."""
    monkeypatch.setattr(np.lib.format, "read_array", lambda *_, **__: pytest.fail("it is read"))
    path = claiming(tmp_path / "a.npz", HUGE)
    assert trace(path).check() == f"{path}: gains: it claims an array of 4.47e+04 GiB; expected at most 2 GiB"
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("gains", HUGE, "c8", chunks=(1, 3, 2, 16))
        file.create_dataset("few", SHAPE, "c8", chunks=(10**3, 1, 1, 10**6 // 2), maxshape=(None,) * 4)
    assert trace(path).check() == f"{path}: gains: it claims an array of 4.47e+04 GiB; expected at most 2 GiB"
    assert trace(path, array="few").check() == f"{path}: few: it claims an array of 3.73 GiB; expected at most 2 GiB"


def test_an_array_in_another_file_is_not_followed(gains: np.ndarray, tmp_path: Path) -> None:
    """By a link, by a dataset that is a view of others, or by one whose bytes stand elsewhere."""
    other, path = saved(tmp_path / "other.h5", gains), tmp_path / "gains.h5"
    (tmp_path / "bytes").write_bytes(gains.tobytes())
    with h5py.File(path, "w") as file:
        file["linked"] = h5py.ExternalLink(str(other), "gains")
        file["soft"] = h5py.SoftLink("/linked")
        file["group/linked"] = h5py.ExternalLink(str(other), "/")
        view = h5py.VirtualLayout(SHAPE, "c8")
        view[:] = h5py.VirtualSource(str(other), "gains", SHAPE)
        file.create_virtual_dataset("view", view)
        file.create_dataset("outside", SHAPE, "c8", external=[(str(tmp_path / "bytes"), 0, h5py.h5f.UNLIMITED)])
    for name in ("linked", "soft", "group/linked/gains"):
        assert trace(path, array=name).check() == f"{path}: {name} is a link; expected the array itself"
    for name in ("view", "outside"):
        assert trace(path, array=name).check() == f"{path}: {name} stands in other files; expected the array itself"


def test_a_name_of_an_array_is_told_on_one_line(gains: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "many.npz"
    names: Any = {f"a\x1b[2J{number}": gains for number in range(100)}
    np.savez(path, **names)
    said = str(trace(path).check())
    assert said.startswith(f"{path}: has no array gains; it has a\\x1b[2J0, ")
    assert said.endswith(", and 92 more")
    assert said.isprintable()
