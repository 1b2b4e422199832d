"""The names of recurring arrays. TensorFlow has no types of its own, so they are for people."""

from typing import Any, TypeAlias

Tensor: TypeAlias = Any
Symbols: TypeAlias = Any  # [batch, uses] complex64, unit average power
Bits: TypeAlias = Any  # [batch, bits] float32, each 0 or 1
Llrs: TypeAlias = Any  # [batch, bits] float32, log P(bit = 1) / P(bit = 0)
