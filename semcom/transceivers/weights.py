"""Trained weights: where they are, how they are kept, how they come back."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from semcom.errors import UserError
from semcom.transceivers.learned import Learned
from semcom_channels.sionna_door import built_once

SHIPPED = Path(__file__).parent.parent / "weights"
LOCAL = Path("weights")


def file_name(transceiver: Learned) -> str:
    """The name of the file that holds a transceiver's weights: its kind and the hash of what makes them."""
    return f"{transceiver.kind}-{transceiver.weights_key}.npz"


def find(transceiver: Learned) -> Path | None:
    """The file with a transceiver's weights: in ./weights, or else in the package; None when there is none."""
    for folder in (LOCAL, SHIPPED):
        path = folder / file_name(transceiver)
        if path.is_file():
            return path
    return None


@built_once
def trained(transceiver: Learned) -> Any:
    """The networks with their weights; raises UserError when there are none or the file cannot be read."""
    path = find(transceiver)
    if path is None:
        raise UserError(
            f"{transceiver.kind} has no weights {file_name(transceiver)}; make them with `semcom train SCENARIO`"
        )
    networks = transceiver.networks(transceiver.training.seed)
    load(networks, path)
    return networks


def save(networks: Any, path: Path) -> None:
    """Keeps the weights as half-precision arrays: a relative error of 5e-4 that moves no PSNR below 45 dB."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {f"w{index:03}": value.numpy().astype(np.float16) for index, value in enumerate(networks.variables)}
    half_written = path.with_suffix(".part.npz")
    np.savez_compressed(half_written, **arrays)
    half_written.replace(path)


def load(networks: Any, path: Path) -> None:
    """Puts the kept weights into built networks; raises UserError for a torn file or one of other networks."""
    try:
        with np.load(path) as kept:
            arrays = [kept[name] for name in sorted(kept.files)]
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise UserError(f"{path} cannot be read as weights: {error}; train again") from error
    variables = networks.variables
    if [array.shape for array in arrays] != [tuple(variable.shape) for variable in variables]:
        raise UserError(f"{path} holds weights of other networks; train again")
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array.astype(np.float32))
