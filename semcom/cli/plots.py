"""`semcom plot` and `semcom export`."""

from pathlib import Path
from typing import Annotated

import typer

from semcom.cli.options import RunFolders


def plot(
    runs: RunFolders,
    out: Annotated[Path | None, typer.Option(help="Where the figures go; the first run's folder unless given.")] = None,
) -> None:
    """Draw the figures of a run again from its folder, or overlay several runs that sweep the same axis.

    Examples:
    semcom plot runs/ber_awgn

    semcom plot runs/mine runs/theirs --out figures
    """
    from semcom.figures.draw import draw
    from semcom.record.folder import RunFolder

    folders = [RunFolder.open(path) for path in runs]
    where = out or folders[0].path
    paths = draw(folders, where)
    for folder in folders:
        for note in folder.notes:
            typer.echo(f"semcom: {note}", err=True)
    for path in paths:
        typer.echo(f"figure: {path}")


def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder, such as runs/ber_awgn.")],
    out: Annotated[Path | None, typer.Option(help="The NetCDF file; RUN/record.nc unless given.")] = None,
) -> None:
    """Write a run as NetCDF for xarray, MATLAB or Julia: estimates, intervals and counts on named axes.

    Example: semcom export runs/ber_awgn --out ber.nc, then xarray.open_dataset("ber.nc").
    """
    from semcom.figures.netcdf import write
    from semcom.record.folder import RunFolder

    path = out or run / "record.nc"
    write(RunFolder.open(run), path)
    typer.echo(f"record: {path}")
