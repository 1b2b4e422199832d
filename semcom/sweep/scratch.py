"""A folder for what libraries leave in the system's temporary folder, which does not outlive its run for long."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

PREFIX = "semcom-"
ALIVE = "alive"  # the file in it that its run keeps locked; the kernel unlocks it, however the run ends


@contextlib.contextmanager
def scratch() -> Iterator[str]:
    """A new folder, removed at the end; first those go whose runs were killed, with whoever would have removed them."""
    _remove_orphans(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        fresh = Path(folder, "new")
        with fresh.open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            fresh.rename(fresh.with_name(ALIVE))  # nobody sees it unlocked
            yield folder


def _remove_orphans(where: Path) -> None:
    """Removes the folders of this user that no run keeps locked."""
    for alive in where.glob(f"{PREFIX}*/{ALIVE}"):
        folder = alive.parent
        with contextlib.suppress(OSError), alive.open("rb") as file:  # of another user, or gone meanwhile
            if folder.lstat().st_uid == os.getuid() and not folder.is_symlink() and _unlocked(file):
                shutil.rmtree(folder, ignore_errors=True)


def _unlocked(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
