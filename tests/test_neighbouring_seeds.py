"""Seeds that differ by one give numbers that have nothing to do with one another."""

import numpy as np
import pytest

from semcom_channels import Umi
from semcom_channels.sionna_door import drops, uniforms


@pytest.mark.parametrize("count", [20, pytest.param(100, marks=pytest.mark.slow)])
def test_drops_of_neighbouring_seeds_share_no_user(count: int) -> None:
    """Ten drops of 100 users have 1,000 places, and as many of each other thing that a user has."""
    users = [user for seed in range(1, 11) for user in drops._drop(Umi(users=count, drop_seed=seed))]
    places = np.array([np.asarray(user.topology.ut_loc)[0, 0] for user in users])
    turned = np.array([np.asarray(user.topology.ut_orientations)[0, 0, 0] for user in users])
    spreads = np.array([np.asarray(user.spreads) for user in users])
    assert len(np.unique(places, axis=0)) == 10 * count
    for values in (turned, spreads[:, 0], spreads[:, 3], np.array([user.gain_db for user in users])):
        assert len(np.unique(values)) > 10 * count - 5  # single numbers of 24 bits may meet by chance
    seen = np.array([bool(user.los) for user in users]).reshape(10, count)
    assert not any((seen[one, 4:] == seen[one + 1, :-4]).all() for one in range(9))


def test_numbers_of_neighbouring_seeds_are_no_shifts_of_one_another(rng: np.random.Generator) -> None:
    first = int(rng.integers(2**40))
    numbers = np.array([uniforms(first + step, (1, 2000)).numpy()[0] for step in range(50)])
    pairs = np.stack([numbers[:, :-1], numbers[:, 1:]], axis=-1).reshape(-1, 2)  # of 48 bits
    assert len(np.unique(pairs, axis=0)) == len(pairs)
