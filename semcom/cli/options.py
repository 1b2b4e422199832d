"""Arguments that several commands take."""

import os
from pathlib import Path
from typing import Annotated

import typer

from semcom.errors import UserError

ScenarioName = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A YAML file, or the name of a shipped scenario (see `semcom list`).")
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a field: --set seed=7 --set sweep.snr_db='[0, 10]'. The value is YAML. May be given again.",
    ),
]
Trust = Annotated[
    bool,
    typer.Option(
        "--trust",
        help="Run code that the scenario names (a policy's function, an environment that is not semcom's), which can "
        "do whatever you can.",
    ),
]
Workers = Annotated[
    int, typer.Option(help="Worker processes; the numbers do not depend on them. 0: one for each core.", min=0)
]
RunFolders = Annotated[list[Path], typer.Argument(metavar="RUN...", help="Run folders, such as runs/ber_awgn.")]


def worker_count(workers: int) -> int:
    """The number of workers, with 0 as one for each core that this process may use."""
    if workers:
        return workers
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def part_of(text: str | None) -> tuple[int, int]:
    """The numbers of `i/n`; raises UserError."""
    if text is None:
        return 1, 1
    first, slash, second = text.partition("/")
    if slash and first.isdecimal() and second.isdecimal() and 1 <= int(first) <= int(second):
        return int(first), int(second)
    raise UserError(f"--part {text}: expected i/n with 1 <= i <= n, such as 2/8")
