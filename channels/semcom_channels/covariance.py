"""What receivers that filter know of a channel: how its gains hang together over a slot."""

from typing import NamedTuple

from semcom_channels.tensors import Tensor


class Covariance(NamedTuple):
    """E[H H*] over a slot as a sum of terms, each a product of time and frequency: sum over k of T_k x F_k."""

    time: Tensor
    """`[term, symbol, symbol]` complex128."""
    frequency: Tensor
    """`[term, subcarrier, subcarrier]` complex128 over the occupied subcarriers."""
