"""What a run leaves in the system's temporary folder."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from command import environment
from semcom.sweep.scratch import ALIVE, PREFIX, scratch

HOLD = (
    "from semcom.sweep.scratch import scratch\nwith scratch() as folder:\n    print(folder, flush=True)\n    input()\n"
)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def holder(where: Path) -> "subprocess.Popen[str]":
    """Another run, with a folder of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**environment(), "TMPDIR": str(where)},
    )


def test_a_folder_is_gone_at_the_end() -> None:
    with scratch() as folder:
        Path(folder, "left").touch()
        assert Path(folder).is_dir()
    assert not Path(folder).exists()


def test_the_folder_of_a_killed_run_is_removed_by_the_next_and_that_of_a_running_one_stays(tmp_path: Path) -> None:
    running = holder(tmp_path)
    assert running.stdout is not None
    folder = Path(running.stdout.readline().strip())
    assert folder.is_dir()
    with scratch() as mine, scratch():
        assert folder.is_dir()
        assert Path(mine).is_dir()
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    assert folder.is_dir()
    with scratch():
        assert not folder.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_link_or_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / ALIVE).touch()
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "precious")
    (tmp_path / f"{PREFIX}other").mkdir()
    with scratch():
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["precious", f"{PREFIX}link", f"{PREFIX}other"]
    assert (tmp_path / "precious" / ALIVE).exists()
