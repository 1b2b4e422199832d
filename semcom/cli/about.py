"""`semcom list`, `schema`, `cite` and `doctor`."""

from pathlib import Path
from typing import Annotated

import typer

from semcom.cli.options import Changes, ScenarioName
from semcom.errors import OutsideError


def list_() -> None:
    """List the scenarios that come with semcom and every kind that a scenario can name, with one line on each."""
    from semcom.catalogue import families, first_sentence, usable
    from semcom.scenario.find import question, shipped

    typer.echo("Scenarios (semcom run NAME)")
    for name, path in shipped():
        typer.echo(f"  {name:28} {question(path)}")
    for family, kinds in families().items():
        typer.echo(f"\n{family}")
        found, complaints = usable(kinds)
        for name, kind in found.items():
            typer.echo(f"  {name:28} {first_sentence(kind)}")
        for complaint in complaints:
            typer.echo(f"semcom: {complaint}", err=True)


def schema(
    out: Annotated[Path | None, typer.Option(help="Write it here; else it is printed.")] = None,
) -> None:
    """Write the JSON Schema of scenario files, with which editors complete and check YAML.

    Scenarios name it in a comment: # yaml-language-server: $schema=schema.json
    """
    from semcom.scenario.schema import schema_text

    if out is None:
        typer.echo(schema_text(), nl=False)
    else:
        try:
            out.write_text(schema_text(), encoding="utf-8")
        except OSError as error:
            raise OutsideError(f"{out}: cannot be written: {error.strerror}") from error


def cite(scenario: ScenarioName, changes: Changes = None) -> None:
    """Print BibTeX of the methods, data and tools that a scenario uses."""
    from semcom.catalogue import bibliography
    from semcom.scenario.find import load

    typer.echo(bibliography(load(scenario, changes or (), trust=True)))  # it is read, and nothing of it runs


def doctor() -> None:
    """Print versions, devices, missing extras and weights: what to put into a bug report."""
    from semcom.cli.checkup import checkup

    for line in checkup():
        typer.echo(line)
