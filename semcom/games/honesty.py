"""What holds in each step of each game."""

import numpy as np

from semcom.coupling import Bottleneck, Masses


def check_chain(chain: Bottleneck, belief: Masses, policy: Masses, rate_bits: float) -> None:
    """Raises AssertionError unless the chain keeps belief and policy to the last unit of mass, and H(T) <= R."""
    said, done = chain.encoder, chain.decoder
    for given, indices, masses in (
        (belief, said.rows, said.masses),
        (policy, done.columns, done.masses),
        (done.row_masses, said.columns, said.masses),
        (said.column_masses, done.rows, done.masses),
    ):
        if (np.bincount(indices, masses, given.size) != given).any():
            raise AssertionError("a coupling lost a unit of mass")
    if not chain.rate_bits <= rate_bits:
        raise AssertionError(f"H(T) is {chain.rate_bits!r} bits; the limit is {rate_bits!r}")
