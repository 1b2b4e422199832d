"""Whether sums are compiled."""

from functools import lru_cache
from importlib.util import find_spec


@lru_cache(maxsize=1)
def is_fast() -> bool:
    """Whether the extra `fast`, numba, is installed; without it NumPy computes the same to rounding."""
    return find_spec("numba") is not None
