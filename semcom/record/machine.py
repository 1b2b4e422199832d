"""What computed a record: versions, commit and devices."""

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from semcom.errors import UserError
from semcom_channels.compile_policy import policy

PACKAGES = ("semcom", "sionna-no-rt", "tensorflow", "keras", "numpy", "scipy", "pillow", "scikit-image", "scikit-learn")

CODE = ("semcom", "channels", "estimation", ":!semcom/weights")  # records keep digests of weights


def versions() -> dict[str, str]:
    """The version of each package that decides numbers."""
    return {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}}


def commit() -> str | None:
    """The commit of the checkout that semcom runs from, with "+changes" when files differ; None outside one."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        return None
    head = _git(root, "rev-parse", "HEAD")
    changed = _git(root, "status", "--porcelain", "--untracked-files=no", "--", *CODE)
    return None if head is None else head + ("+changes" if changed else "")


def processor() -> str:
    """The processor's name and its number of cores."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        named = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        name = named[0].partition(":")[2].strip() if named else name
    return f"{name}, {os.cpu_count()} cores"


def gpus() -> list[str]:
    """The NVIDIA devices that CUDA shows to this process, as the driver names them; no TensorFlow is needed."""
    files = sorted(Path("/proc/driver/nvidia/gpus").glob("*/information"))
    names = [line.partition(":")[2].strip() for file in files for line in file.read_text().splitlines()[:1]]
    return [] if os.environ.get("CUDA_VISIBLE_DEVICES") == "" else names


def describe(command: str) -> dict[str, object]:
    """The machine as plain JSON values, with the command that ran on it."""
    return {
        "command": command,
        "commit": commit(),
        "xla": _xla(),
        "versions": versions(),
        "processor": processor(),
        "gpus": gpus(),
        "platform": f"{platform.system()} {platform.machine()}",
        "executable": Path(sys.executable).name,
    }


def _xla() -> dict[str, bool]:
    try:
        return policy()
    except ValueError as error:
        raise UserError(str(error)) from None


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _git(root: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
