"""What a terminal shows: tables that fit it, and a line that tells what happens."""

import io
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import ROOT, environment, semcom
from scenario_text import small
from semcom.cli import progress
from semcom.cli.progress import Status, shown, spell
from semcom.cli.runs import seconds_left
from semcom.cli.table import print_tables
from semcom.cli.text_table import Cell, text_table
from semcom.record.folder import RunFolder
from semcom.studies.study import Point
from semcom.sweep.sweep import Outcome

WORD = st.text("abcdefghij", min_size=1, max_size=9)
NAME = st.lists(WORD, min_size=1, max_size=5).map(" ".join)
NUMBER = st.floats(-1e4, 1e4).map(lambda value: f"{value:.4g}")
CELL = st.builds(Cell, NUMBER, st.sampled_from(["", " *", " ±0.01"]))


@given(st.integers(1, 7), st.integers(1, 4), st.integers(60, 140), st.data())
def test_tables_fit_the_width_and_keep_every_word_and_number(
    columns: int, rows: int, width: int, data: st.DataObject
) -> None:
    header = data.draw(st.lists(NAME, min_size=columns, max_size=columns))
    names = data.draw(st.lists(NAME, min_size=rows, max_size=rows))
    cells = data.draw(st.lists(st.lists(CELL, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        table = text_table("corner", names, header, cells)
    assert max(map(len, table.splitlines())) <= width
    words = table.split()
    for word in " ".join([*header, *names, *(part for row in cells for cell in row for part in cell)]).split():
        assert word in words


def test_numbers_are_aligned_at_their_points_and_intervals_below_each_other() -> None:
    column = [Cell("20.8", " *"), Cell("-1.567e-05", " ±2e-06"), Cell("<0.0037"), Cell("101", " ±3")]
    lines = text_table("", list("abcd"), ["value"], [[cell] for cell in column]).splitlines()[2:]
    assert lines == [
        "a   20.8       *",
        "b   -1.567e-05 ±2e-06",
        "c   <0.0037",
        "d  101         ±3",
    ]


@pytest.mark.parametrize("run", ["image_vs_snr", "plain_order", "mcg_rate_reward"])
def test_tables_of_published_runs_fit_eighty_columns(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "80")
        print_tables(RunFolder(ROOT / "results" / run))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 20
    assert max(map(len, lines)) <= 80


def test_names_are_shown_as_they_are_given(tmp_path: Path) -> None:
    path = small(tmp_path, ("    QPSK:", "    Gray [ours]:"), ("    BPSK:", '    "[/red] a $5":'))
    run = tmp_path / "run"
    changes = ["--set", "sweep.snr_db=[0, 4]", "--set", "stop.min_errors=100000"]
    done = semcom("run", path, "--out", run, "--workers", 1, *changes)
    assert "Gray [ours]" in done.stdout
    assert "[/red] a $5" in done.stdout
    assert "[/red] a $5" in semcom("compare", run, "Gray [ours]").stdout


class Clock:
    """A clock that stands until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_status_counts_time_and_what_is_left_down() -> None:
    clock = Clock()
    status = Status("name", clock)
    assert status.line() == "name: 0 s gone; starting"
    clock.now += 75.0
    status.doing("importing")
    assert status.line(bar=True) == "name: 1:15 gone; importing"
    status.done("3/12 points", 0.25, 225.0)
    clock.now += 25.0
    status.doing("a point")
    assert status.line() == "name: 3/12 points, 1:40 gone, 3:20 left; a point"
    assert status.line(bar=True).startswith(f"name: [{'=' * 6}{' ' * 18}] 3/12 points")


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "0 s"), (59.4, "59 s"), (60.0, "1:00"), (3725.0, "1:02:05")])
def test_times_are_spelled_as_clocks_do(seconds: float, said: str) -> None:
    assert spell(seconds) == said


def outcome(share: float, seconds: float) -> Outcome:
    return Outcome(Point({}, None, {}), 0, share, seconds)  # type: ignore[arg-type]


def test_the_time_left_is_what_begun_points_lack_and_others_take_on_average() -> None:
    """Half of 20 s, a quarter of 40 s; two points that take the mean of 30 s; nothing of what another run computed."""
    assert seconds_left([outcome(0.5, 10.0), outcome(0.75, 30.0)], 4) == pytest.approx(10.0 + 10.0 + 60.0)
    assert seconds_left([outcome(1.0, 0.0), outcome(0.5, 10.0)], 3) == pytest.approx(10.0 + 20.0)
    assert seconds_left([outcome(1.0, 0.0)], 1) == 0.0


class Screen(io.StringIO):
    """A stream that is a terminal or is none."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def test_a_file_gets_a_plain_line_now_and_then_and_one_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "FIRST_S", 0.0)
    monkeypatch.setattr(progress, "EVERY_S", 0.01)
    screen, clock = Screen(terminal=False), Clock()
    with shown(Status("name", clock), screen) as status:
        wait_for(screen, "starting")
        status.doing("importing")
        wait_for(screen, "importing")
        status.done("2/2 points", 1.0, 0.0)
        status.doing("done")
    lines = screen.getvalue().splitlines()
    assert lines[0] == "name: 0 s gone; starting"
    assert lines[-1] == "name: 2/2 points, 0 s gone, 0 s left; done"
    assert "\x1b" not in screen.getvalue()


def wait_for(screen: Screen, text: str) -> None:
    end = time.monotonic() + 60.0
    while text not in screen.getvalue():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_what_is_refused_at_once_leaves_no_line_in_a_file() -> None:
    screen = Screen(terminal=False)
    with pytest.raises(ValueError, match="no"), shown(Status("name"), screen):
        raise ValueError("no")
    assert screen.getvalue() == ""


def test_a_terminal_that_is_closed_stops_nothing() -> None:
    screen = Screen(terminal=True)
    with shown(Status("name"), screen) as status:
        screen.close()
        status.doing("still here")
    assert status.line().endswith("still here")


def test_a_terminal_shows_from_the_start_what_happens_in_a_line_that_fits_it(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    words = ["run", str(small(tmp_path)), "--workers", "1", "--out", str(tmp_path / "run")]
    process = subprocess.Popen(
        [sys.executable, "-m", "semcom", *words],
        stderr=slave,
        stdout=subprocess.DEVNULL,
        env={**environment(), "COLUMNS": "80"},
    )
    os.close(slave)
    seen = b"".join(iter(lambda: _read(master), b""))
    os.close(master)
    assert process.wait(timeout=60) == 0
    lines = [line for line in re.split(r"\r\x1b\[2K|\r?\n", seen.decode()) if line]
    assert max(map(len, lines)) < 80
    assert lines[0].startswith("small: 0 s gone; ")
    assert "first chunk" in seen.decode()
    assert lines[-1].startswith(f"small: [{'=' * 24}] 12/12 points, ")


def _read(master: int) -> bytes:
    """What has arrived; nothing when the other end is closed, of which Linux makes an error."""
    try:
        return os.read(master, 4096)
    except OSError:
        return b""
