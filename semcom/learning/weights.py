"""Weights in files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from semcom.errors import UserError
from semcom_channels.foreign import foreign
from semcom_channels.npz import Npz


def save(weights: Sequence[np.ndarray], path: Path) -> None:
    """Keeps arrays in half precision: a relative error of 5e-4.

    Raises UserError for weights that are not finite or beyond 65,504: the training went astray.
    """
    with np.errstate(over="ignore"):
        arrays: dict[str, Any] = {f"w{index:03}": value.astype(np.float16) for index, value in enumerate(weights)}
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise UserError(f"{path.name}: some weights are not finite or beyond 65,504; train with a lower learning rate")
    path.parent.mkdir(parents=True, exist_ok=True)
    half_written = path.with_suffix(".part.npz")
    try:
        np.savez_compressed(half_written, **arrays)
        half_written.replace(path)
    finally:
        half_written.unlink(missing_ok=True)


def load(path: Path, shapes: Sequence[tuple[int, ...]]) -> list[np.ndarray]:
    """The arrays of a file, float32; raises UserError for a torn file or one of other shapes, before it is read."""
    with foreign(lambda why: UserError(f"{path} cannot be read as weights: {why}; train again")):
        if not path.is_file():
            raise OSError("it is no file")  # a pipe would be waited for
        with Npz.open(path) as kept:
            headers = [kept.header(name) for name in kept.names]
            if [header.shape for header in headers] != list(shapes) or any(one.dtype.kind != "f" for one in headers):
                raise UserError(f"{path} holds weights of other networks; train again")
            arrays = [kept.array(name).astype(np.float32) for name in kept.names]
    if not all(np.isfinite(array).all() for array in arrays):
        raise UserError(f"{path} holds weights that are not finite; train again")
    return arrays
