"""A record as NetCDF."""

from pathlib import Path
from typing import Any

import numpy as np
import xarray

from semcom.errors import OutsideError, UserError
from semcom.figures.curves import finished_lines
from semcom.record.aside import write_whole
from semcom.record.folder import RunFolder
from semcom.record.line import Finished
from semcom.tally import CONFIDENCE

ENDINGS = (".nc", ".netcdf", ".h5", ".hdf5")


def dataset(folder: RunFolder) -> xarray.Dataset:
    """Estimates, interval ends, counts and facts of what the folder's scenario shows, as its figure does.

    The axes are (transceiver, channel, receiver, ..., repeat), those of the sweep between them. Points not finished are
    NaN. A metric's variables are its name with `_estimate`, `_low`, `_high` and the fields of its tally. Raises
    UserError when nothing is finished.
    """
    lines = finished_lines(folder)
    if not lines:
        raise UserError(f"{folder.path}: no point of its scenario is finished; go on with `semcom run`")
    places = [{**line.coordinates, "repeat": line.repeat} for line in lines]
    axes = {name: list(dict.fromkeys(place[name] for place in places)) for name in places[0]}
    shape = tuple(len(values) for values in axes.values())
    arrays: dict[str, Any] = {}
    for place, line in zip(places, lines, strict=True):
        index = tuple(axes[name].index(place[name]) for name in axes)
        for name, number in _numbers(line).items():
            arrays.setdefault(name, np.full(shape, np.nan))[index] = number
    scenario = folder.scenario()
    said: dict[str, dict[str, None]] = {}
    for name, text in (each for line in lines for each in line.conventions.items()):
        said.setdefault(name, {})[text] = None
    conventions = {name: "; ".join(_whole(tuple(texts))) for name, texts in said.items()}
    attributes = {"scenario": scenario.model_dump_json(), "confidence": CONFIDENCE, **conventions}
    return xarray.Dataset({name: (tuple(axes), values) for name, values in arrays.items()}, axes, attributes)


def write(folder: RunFolder, path: Path) -> None:
    """Writes the dataset whole or not at all; raises UserError for another ending, OutsideError of the disk."""
    if path.suffix.lower() not in ENDINGS:
        raise UserError(f"{path}: a record is written as NetCDF; expected a file that ends in {', '.join(ENDINGS)}")
    found = dataset(folder)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutsideError(f"{path}: cannot be written: {error.strerror}") from error
    write_whole(path, bytes(found.to_netcdf(engine="h5netcdf")))  # in memory: HDF5 does not survive a full disk


def _whole(texts: tuple[str, ...]) -> list[str]:
    """Those that no other one begins with: what is said of beams goes on from what is said of all."""
    return [text for text in texts if not any(other != text and other.startswith(text) for other in texts)]


def _numbers(line: Finished) -> dict[str, float]:
    """All of a line's numbers by the names of their variables; facts that bear an axis' name stay that axis."""
    numbers = {f"fact_{name}": float(value) for name, value in line.facts.items()}
    for metric, tally in line.tallies.items():
        interval = dict(zip(("estimate", "low", "high"), tally.interval(), strict=True))
        numbers |= {f"{metric}_{field}": float(value) for field, value in {**interval, **tally._asdict()}.items()}
    return numbers
