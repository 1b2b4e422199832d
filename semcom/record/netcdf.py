"""A record as NetCDF."""

from pathlib import Path
from typing import Any

import numpy as np
import xarray

from semcom.errors import OutsideError, UserError
from semcom.record.folder import RunFolder

FIELDS = ("estimate", "low", "high", "blocks")


def dataset(folder: RunFolder) -> xarray.Dataset:
    """For each metric its estimate, interval ends and independent blocks, on the axes (transceiver, ..., repeat).

    Points that are not finished are NaN. Raises UserError when none is.
    """
    scenario = folder.scenario()
    lines = list(folder.finished().values())
    if not lines:
        raise UserError(f"{folder.path}: no point is finished; go on with `semcom run`")
    places = [{**line.coordinates, "repeat": line.repeat} for line in lines]
    axes = {name: list(dict.fromkeys(place[name] for place in places)) for name in places[0]}
    shape = tuple(len(values) for values in axes.values())
    arrays: dict[str, Any] = {}
    for place, line in zip(places, lines, strict=True):
        index = tuple(axes[name].index(place[name]) for name in axes)
        for metric, tally in line.tallies.items():
            for field, number in zip(FIELDS, (*tally.interval(), tally[0]), strict=True):
                arrays.setdefault(f"{metric}_{field}", np.full(shape, np.nan))[index] = number
    attributes = {"scenario": scenario.model_dump_json(), "confidence": 0.95, **scenario.study.conventions()}
    return xarray.Dataset({name: (tuple(axes), values) for name, values in arrays.items()}, axes, attributes)


def write(folder: RunFolder, path: Path) -> None:
    """Writes the dataset; raises OutsideError when the disk refuses."""
    found = dataset(folder)
    try:
        found.to_netcdf(path, engine="h5netcdf")
    except OSError as error:
        raise OutsideError(f"{path}: cannot be written: {error}") from error
