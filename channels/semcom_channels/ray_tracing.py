"""Ray tracing as a part of a scenario, and what it needs."""

import ctypes
import os
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Literal

from pydantic import Field

from semcom_channels.spec import Spec

LEAST_LLVM = 19
SIONNA_RT = "2.2."
EXTRA = "pip install 'semcom[rt]'"
DEBIAN_LLVM = "/usr/lib/x86_64-linux-gnu/libLLVM.so.19.1"
REMEDY = f"apt install libllvm19, then export DRJIT_LIBLLVM_PATH={DEBIAN_LLVM}"
Scene = Literal[
    "box",
    "box_knife",
    "box_one_screen",
    "box_two_screens",
    "double_reflector",
    "etoile",
    "floor_wall",
    "florence",
    "munich",
    "san_francisco",
    "simple_reflector",
    "simple_street_canyon",
    "simple_street_canyon_with_cars",
    "simple_wedge",
    "triple_reflector",
]


class RayTracing(Spec):
    """Paths found by Sionna RT in a scene where reflectors are targets of constant radar cross section.

    They take the place of free space and the radar equation. Gains stay relative to free space, so the power that walls
    add or take shows. Static paths from the scene's walls back to the radar are left out.
    """

    scene: Scene | None = None
    """A scene of Sionna RT; null: empty space."""
    base_position_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Where the base station stands in the scene."""
    heading_deg: float = 0.0
    """Which way its array looks, from the scene's x axis towards y."""
    reflections: Annotated[int, Field(ge=0, le=5)] = 0
    """Reflections and refractions at most, on each leg of a path."""
    samples: Annotated[int, Field(ge=1000, le=10_000_000)] = 100_000
    """Rays that look for reflections, from each source."""

    def missing(self) -> str | None:
        """What the machine lacks for it, in words."""
        try:
            found = version("sionna-rt")
        except PackageNotFoundError:
            return f"tracing needs the extra rt: {EXTRA}"
        if not found.startswith(SIONNA_RT):
            return f"tracing needs sionna-rt {SIONNA_RT}*; {found} is installed. {EXTRA}"
        if "tensorflow" in sys.modules and "drjit" not in sys.modules:  # importing it now would crash the process
            return "tracing needs Dr.Jit, which loads before TensorFlow alone; import semcom_channels before"
        return llvm_missing(os.environ.get("DRJIT_LIBLLVM_PATH", DEBIAN_LLVM))


def llvm_missing(path: str) -> str | None:
    """What is wrong with the LLVM library at a path, in words; None when Dr.Jit can use it. LLVM 14 and 15 crash."""
    try:
        library = ctypes.CDLL(path)
    except OSError:
        return f"tracing needs LLVM {LEAST_LLVM}; {path} cannot be loaded. {REMEDY}"
    if not hasattr(library, "LLVMGetVersion"):
        return f"tracing needs LLVM {LEAST_LLVM}; {path} is older than 16. {REMEDY}"
    major, minor, patch = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
    library.LLVMGetVersion(ctypes.byref(major), ctypes.byref(minor), ctypes.byref(patch))
    if major.value < LEAST_LLVM:
        return f"tracing needs LLVM {LEAST_LLVM}; {path} is {major.value}.{minor.value}. {REMEDY}"
    return None
