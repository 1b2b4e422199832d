"""The command line: commands, exit codes and what a user sees of a failure."""

import errno
import os
import signal
import sys
import traceback
from types import FrameType
from typing import NoReturn

import typer

from semcom.cli import about, comparisons, plots, runs, trainings
from semcom.errors import OutsideError, UserError

HELP = """Simulates semantic and classical transceivers over wireless channels: a YAML scenario in, honest curves out.

Start with `semcom list`, then `semcom run ber_awgn`. Every run leaves a folder runs/NAME with its scenario, machine,
counts and figures; the same command goes on where it was cut off.

Exit codes: 0 done, 2 a mistake in what was given, 1 a failure. --debug anywhere shows the traceback of a failure.
"""

KEPT = {
    "run": "; what is finished is kept, and the same command goes on from there",
    "train": "; weights that are finished are kept, and the same command begins the others anew",
}
"""What is left of a command that was interrupted."""
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""One thread a worker, unless the user says otherwise: those of several workers would wait for one another."""
INTERRUPTED = 130  # what Typer makes of Ctrl-C

app = typer.Typer(
    name="semcom",
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("run")(runs.run)
app.command("train")(trainings.train)
app.command("plot")(plots.plot)
app.command("compare")(comparisons.compare)
app.command("list")(about.list_)
app.command("schema")(about.schema)
app.command("export")(plots.export)
app.command("cite")(about.cite)
app.command("doctor")(about.doctor)


def main() -> NoReturn:
    """Runs the command that the arguments name; a failure is one line on standard error."""
    debug = "--debug" in sys.argv
    told: list[int] = []
    for variable in THREADS:
        os.environ.setdefault(variable, "1")
    try:
        _heed_interrupts(told)
        app([word for word in sys.argv[1:] if word != "--debug"])
    except Exception as error:
        if told:  # what was interrupted may have made another error of it, as pydantic does
            _stop()
        if debug:
            traceback.print_exc()
        _leave(error)
    except KeyboardInterrupt:  # before Typer or after it
        _stop()
    except SystemExit as leaving:
        if leaving.code != INTERRUPTED:
            raise
        _stop()
    sys.exit(0)


def _heed_interrupts(told: list[int]) -> None:
    """Interrupts are kept in the list; SIGTERM is one too, for a job array's time is up: leave as with Ctrl-C."""

    def interrupted(number: int, frame: FrameType | None) -> NoReturn:
        told.append(number)
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else whoever started us wants it ignored
        signal.signal(signal.SIGINT, interrupted)
    signal.signal(signal.SIGTERM, interrupted)


def _stop() -> NoReturn:
    _say(f"stopped{KEPT.get(next(iter(sys.argv[1:]), ''), '')}")
    sys.exit(1)


def _leave(error: Exception) -> NoReturn:
    if isinstance(error, UserError | OutsideError):
        _say(str(error))
        sys.exit(2 if isinstance(error, UserError) else 1)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        _say(f"{error.filename or 'the output'}: {error.strerror}")
        sys.exit(1)
    _say(f"{type(error).__name__}: {error} (--debug shows where)")
    sys.exit(1)


def _say(text: str) -> None:
    sys.stderr.write(f"semcom: {text}\n")
