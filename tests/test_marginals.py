"""Families of distributions: their laws, and the contract that every kind keeps."""

import pickle

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

from near import FALSE_ALARM
from semcom.coupling import TOTAL
from semcom.marginals import KINDS, MARGINALS, Dirichlet, Geometric, Marginal, UniformMasses, Zipf
from semcom_channels.spec import name_of


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_every_family_draws_masses_and_the_same_ones_again(kind: type[Marginal], rng: np.random.Generator) -> None:
    family = MARGINALS.kinds[name_of(kind)].read({"kind": name_of(kind)})
    assert isinstance(family, Marginal)
    assert pickle.loads(pickle.dumps(family)) == family == kind.read(family.plain())
    seed = int(rng.integers(2**31))
    for letters in (1, 2, 7, 300):
        masses, again = (family.draw(letters, np.random.default_rng(seed)) for _ in range(2))
        assert masses.dtype == np.int64
        assert masses.shape == (letters,)
        assert masses.min() >= 0
        assert int(masses.sum()) == TOTAL
        assert np.array_equal(masses, again)
        assert letters == 1 or not np.array_equal(masses, family.draw(letters, np.random.default_rng(seed + 1)))


def test_ratios_of_zipf_and_geometric_masses_follow_one_exponent_of_the_range(rng: np.random.Generator) -> None:
    zipf, geometric = Zipf(exponents=(0.7, 0.9)).draw(50, rng), Geometric(decays=(3.0, 4.0)).draw(50, rng)
    exponents = np.log(zipf[0] / zipf[1:]) / np.log(np.arange(2, 51))
    assert 0.7 <= exponents[0] <= 0.9
    np.testing.assert_allclose(exponents, exponents[0], rtol=1e-9)
    decays = 50.0 * np.log(geometric[:-1] / geometric[1:])
    assert 3.0 <= decays[0] <= 4.0
    np.testing.assert_allclose(decays, decays[0], rtol=1e-9)


def test_a_letter_of_a_dirichlet_law_is_beta_distributed(rng: np.random.Generator) -> None:
    for concentration in (0.5, 2.0):
        first = [Dirichlet(concentration=concentration).draw(5, rng)[0] / TOTAL for _ in range(1000)]
        assert stats.kstest(first, stats.beta(concentration, 4.0 * concentration).cdf).pvalue > FALSE_ALARM


def test_the_share_of_one_of_two_uniform_weights_has_its_law(rng: np.random.Generator) -> None:
    """A / (a + b) <= t for a t below a half: a <= b t / (1 - t), of probability t / (2 (1 - t))."""
    shares = [UniformMasses().draw(2, rng)[0] / TOTAL for _ in range(2000)]
    low = [share if share <= 0.5 else 1.0 - share for share in shares]  # twice that, by symmetry
    assert stats.kstest(low, lambda t: t / (1.0 - t)).pvalue > FALSE_ALARM


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        ({"kind": "zipf", "exponents": [1.5, 0.5]}, "exponents go from 1.5 to 0.5; expected the least first"),
        ({"kind": "zipf", "exponents": [-1.0, 0.5]}, "greater than or equal to 0"),
        ({"kind": "geometric", "decays": [3.0, 1.0]}, "decays go from 3.0 to 1.0; expected the least first"),
        ({"kind": "geometric", "decays": [3.0]}, "Field required"),
        ({"kind": "dirichlet", "concentration": 0.0}, "greater than or equal to 0.01"),
    ],
)
def test_a_family_that_there_is_not_is_refused(plain: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        MARGINALS.kinds[str(plain["kind"])].read(plain)
