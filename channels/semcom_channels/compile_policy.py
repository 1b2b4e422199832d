"""Which blocks XLA compiles: a processor and a GPU may want different ones.

The environment variable SEMCOM_XLA names the blocks that XLA compiles, separated by commas, or says `all` or `none`.
Without it each block has the default below. The LDPC decoder computes the same whole numbers either way; the arithmetic
of rays differs in the last digits, so records keep the policy.
"""

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
VARIABLE = "SEMCOM_XLA"
DEFAULTS: Mapping[str, bool] = MappingProxyType({"ldpc_decoder": True, "rays": True})
"""Every block that can be switched, and whether XLA compiles it when nothing else is said."""


def policy() -> dict[str, bool]:
    """Whether XLA compiles each block; raises ValueError for a block in SEMCOM_XLA that does not exist."""
    said = os.environ.get(VARIABLE, "").strip()
    if not said:
        return dict(DEFAULTS)
    if said in ("all", "none"):
        return dict.fromkeys(DEFAULTS, said == "all")
    named = {name.strip() for name in said.split(",")}
    unknown = sorted(named - set(DEFAULTS))
    if unknown:
        raise ValueError(f"{VARIABLE} names {', '.join(unknown)}; expected all, none or some of {', '.join(DEFAULTS)}")
    return {block: block in named for block in DEFAULTS}


def compiled(block: str) -> Callable[[F], F]:
    """Makes a function a graph of TensorFlow, compiled by XLA where the policy says so for `block`."""
    from semcom_channels.backend import tf

    by_xla = policy()[block]

    def compile_it(function: F) -> F:
        made: F = tf.function(function, jit_compile=by_xla, autograph=False)
        return made

    return compile_it
