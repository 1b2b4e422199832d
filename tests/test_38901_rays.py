"""Clusters and rays of cells, step by step against section 7.5 of 3GPP TR 38.901. Verdicts: `benchmarks/tr38901.md`."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from links_38901 import CELLS, CHANNELS, FADING, entry, link, spread
from near import FALSE_ALARM, assert_law, assert_mean
from semcom_channels.backend import tf
from semcom_channels.sionna_door import drops, reset
from semcom_channels.sionna_door.rays import Rayed
from test_38901_fading import CARRIER_HZ, OFFSETS, PARAMETERS, PARTS, REDRAWN

COUNT = 400
AZIMUTHS, ZENITHS = ("aoa", "aod"), ("zoa", "zod")


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """One for all tests, so that they share their draws."""
    return int(request.config.getoption("--rng-seed"))


def of_rays(rays: Any, name: str) -> np.ndarray:
    """`[link, cluster]`, or `[link, cluster, ray]` in degrees for angles."""
    values = link(getattr(rays, name))
    return np.asarray(np.rad2deg(values) if name in (*AZIMUTHS, *ZENITHS) else values)


def around(degrees: np.ndarray) -> np.ndarray:
    return np.asarray((degrees + 180.0) % 360.0 - 180.0)


def in_decibels(model: Any) -> np.ndarray:
    return np.asarray(10.0 * np.log10(link(model._lsp.k_factor)))


def with_line(model: Any, powers: np.ndarray) -> np.ndarray:
    """Powers from which angles are made, the line of sight within the first. [7.5-8]"""
    if not np.asarray(model._scenario.los).any():
        return powers
    k = link(model._lsp.k_factor)[:, None]
    first = np.arange(powers.shape[1]) == 0
    return np.asarray((powers + k * first) / (k + 1.0))


@pytest.mark.parametrize(("kind", "state"), CHANNELS)
def test_clusters_have_the_delays_and_powers_of_steps_5_and_6(kind: str, state: str, seed: int) -> None:
    """N exponential delays of mean r DS after the first, scaled by C_tau in line of sight, and a cluster's own shadow
    on a slope; clusters 25 dB below the strongest are away. [7.5-1 to 7.5-6]
    """
    model, rays = spread(kind, state, CARRIER_HZ, COUNT, seed)
    table = entry(kind, state)
    clusters, scale = int(table.number_of_clusters), float(table.delay_scaling_parameter_r_tau)
    delays, powers = (of_rays(rays, name)[:, :clusters] for name in ("delays", "powers"))
    later = of_rays(rays, "powers")[:, clusters:]
    assert (later == 0.0).all()
    ds = link(model._lsp.ds)[:, None]
    if state == "LOS":
        k = in_decibels(model)[:, None]
        delays = delays * (0.7705 - 0.0433 * k + 0.0002 * k**2 + 0.000017 * k**3)
    after = (delays / (scale * ds)).mean(axis=1)
    assert_mean(after, 1.0 - 1.0 / clusters)
    assert_law(np.diff(delays, axis=1)[:, -1] / (scale * ds[:, 0]), "expon")  # between the last two
    slope = 10.0 / np.log(10.0) * delays * (scale - 1.0) / (scale * ds)
    with np.errstate(divide="ignore"):
        residual = 10.0 * np.log10(powers) + slope
    pair = residual[:, 0] - residual[:, 1]
    shadow = float(table.per_cluster_shadowing_std_zeta_db)
    assert_law(pair[np.isfinite(pair)] / (shadow * np.sqrt(2.0)), "norm")
    strongest = powers.max(axis=1, keepdims=True)
    assert ((powers == 0.0) | (powers >= 10.0**-2.5 * strongest)).all()
    assert (powers == 0.0).any()
    assert (powers.sum(axis=1) > 0.9).all()  # what is left is not scaled up


@pytest.mark.parametrize("name", [*AZIMUTHS, *ZENITHS])
@pytest.mark.parametrize(("kind", "state"), CHANNELS)
def test_rays_of_a_cluster_have_the_offsets_of_the_table(kind: str, state: str, name: str, seed: int) -> None:
    """[7.5-13, 7.5-18 and 7.5-20, table 7.5-3]"""
    model, rays = spread(kind, state, CARRIER_HZ, COUNT, seed)
    angles = of_rays(rays, name)
    if name == "zod":
        width = 0.375 * 10.0 ** link(model._scenario.lsp_log_mean[..., 6])
    else:
        width = np.broadcast_to(_width(kind, state, name), len(angles))
    middle = angles.mean(axis=-1)
    reach = 3.0 * width[:, None]
    limits = (0.0, 180.0) if name in ZENITHS else (-180.0, 180.0)
    whole = (middle - reach > limits[0]) & (middle + reach < limits[1])
    offsets = np.sort(angles, axis=-1) - middle[..., None]
    inside = whole & (np.ptp(angles, axis=-1) < 2.0 * reach)  # none went around
    expected = np.broadcast_to(np.sort(OFFSETS) * width[:, None, None], angles.shape)
    np.testing.assert_allclose(offsets[inside], expected[inside], atol=3e-4)
    assert inside.mean() > 0.3


def _width(kind: str, state: str, name: str) -> float:
    """Of a cluster in degrees, as table 7.5-6 of release 16 has it."""
    printed = entry(kind, state)
    if name == "aod" and "cASD" in REDRAWN.get((kind, state), {}):
        return float(REDRAWN[kind, state]["cASD"])
    return float({"aoa": printed.cluster_ASA_deg, "aod": printed.cluster_ASD_deg, "zoa": printed.cluster_ZSA_deg}[name])


@pytest.mark.parametrize("name", [*AZIMUTHS, *ZENITHS])
@pytest.mark.parametrize(("kind", "state"), CHANNELS)
def test_clusters_stand_where_step_7_puts_them(kind: str, state: str, name: str, seed: int) -> None:
    """On either side of the middle by how weak they are, and a normal seventh of the spread beside that.

    Azimuths by a Gaussian, zeniths by a Laplacian; the middle is the line of sight, for arrivals in zenith indoors 90
    degrees, and for departures in zenith the offset besides; in line of sight the first cluster lies on it.
    [7.5-9 to 7.5-19]
    """
    model, rays = spread(kind, state, CARRIER_HZ, COUNT, seed)
    powers = of_rays(rays, "powers")
    shares = with_line(model, powers)
    first_is_strongest = shares.argmax(axis=1) == 0
    width = link(getattr(model._lsp, {"aoa": "asa", "aod": "asd", "zoa": "zsa", "zod": "zsd"}[name]))[:, None]
    middle = link(getattr(model._scenario, f"los_{name}"))[:, None]
    middle = np.where(middle > 180.0, 360.0 - middle, middle) if name in ZENITHS else middle
    if name == "zoa" and state == "O2I":
        middle = np.full_like(middle, 90.0)
    if name == "zod":
        middle = middle + link(model._scenario.zod_offset)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        weak = -np.log(shares / shares.max(axis=1, keepdims=True))
        away = width / _c(model, state, name) * (weak if name in ZENITHS else 2.0 / 1.4 * np.sqrt(weak))
    clusters = int(entry(kind, state).number_of_clusters)
    angles = around(of_rays(rays, name) - middle[..., None])
    beside = angles[..., 0] + around(angles - angles[..., :1]).mean(axis=-1)
    jitter = np.sqrt(2.0) * width / 7.0 if state == "LOS" else width / 7.0
    room = np.minimum(middle, 180.0 - middle) - 8.0 if name in ZENITHS else 165.0 - 55.0 * (kind == "umi")
    fits = (powers > 0.0) & (away > 6.5 * jitter) & (away + 6.5 * jitter < room)
    fits &= np.arange(powers.shape[1]) < clusters
    if state == "LOS":
        fits &= first_is_strongest[:, None] & (np.arange(powers.shape[1]) > 0)
        np.testing.assert_allclose(beside[:, 0][np.abs(beside[:, 0]) < 90.0], 0.0, atol=2e-3)
    one = np.argmax(fits, axis=1)  # one of each link, so that all are independent
    rows = np.flatnonzero(fits.any(axis=1))
    found = (np.abs(beside) - away) / jitter
    sample = found[rows, one[rows]]
    assert len(sample) > 30
    assert_law(sample, "norm")
    signs = int((beside[rows, one[rows]] > 0.0).sum())
    assert stats.binomtest(signs, len(rows), 0.5).pvalue > FALSE_ALARM


def _c(model: Any, state: str, name: str) -> np.ndarray:
    """C_phi or C_theta. [7.5-10 and 7.5-15]"""
    letter = "Phi" if name in AZIMUTHS else "Theta"
    hidden = link(model._scenario.get_param(f"C{letter}NLoS"))[:, None]
    if state != "LOS":
        return hidden
    k = in_decibels(model)[:, None]
    if letter == "Phi":
        return hidden * (1.1035 - 0.028 * k - 0.002 * k**2 + 0.0001 * k**3)
    return hidden * (1.3086 + 0.0339 * k - 0.0077 * k**2 + 0.0002 * k**3)


@pytest.mark.parametrize(("kind", "state"), [("umi", "NLOS"), ("rma", "LOS")])
def test_rays_of_strong_clusters_are_coupled_within_sub_clusters(kind: str, state: str, seed: int) -> None:
    """The parts of table 7.5-5 keep the offsets that it gives them, whatever the coupling; others mix. [step 8]"""
    _, rays = spread(kind, state, CARRIER_HZ, COUNT, seed)
    powers = of_rays(rays, "powers")
    ranks = np.argsort(np.argsort(-powers, axis=1), axis=1)
    width = _width(kind, state, "aod")
    angles = of_rays(rays, "aod")
    offsets = (angles - angles.mean(axis=-1, keepdims=True)) / width
    whole = np.ptp(angles, axis=-1) < 5.0 * width
    strong = offsets[whole & (ranks < 2)]
    for part in PARTS:
        found = np.sort(strong[:, part], axis=-1)
        np.testing.assert_allclose(found, np.broadcast_to(np.sort(OFFSETS[part]), found.shape), atol=1e-3)
    assert len(np.unique(np.round(strong, 2), axis=0)) > len(strong) / 2  # in random order
    weak = whole & (ranks > 1) & (powers > 0.0)
    kept = np.isclose(offsets[weak][:, PARTS[0]][..., None], OFFSETS[PARTS[0]], atol=1e-3).any(axis=-1)
    assert_mean(kept.mean(axis=1), 0.5)  # half of all rays have those offsets
    for chosen in (weak, whole & (ranks < 2)):  # departures know nothing of arrivals
        arrivals = around(of_rays(rays, "aoa") - of_rays(rays, "aoa")[..., :1])[chosen]
        arrivals = arrivals - arrivals.mean(axis=-1, keepdims=True)
        for part in PARTS[:1]:
            apart = offsets[chosen][:, part] - offsets[chosen][:, part].mean(axis=-1, keepdims=True)
            assert_mean((apart * arrivals[:, part]).mean(axis=-1), 0.0)


@pytest.mark.parametrize(("kind", "state"), [("umi", "LOS"), ("uma", "O2I")])
def test_cross_polarisation_ratios_are_log_normal(kind: str, state: str, seed: int) -> None:
    """[7.5-21]"""
    _, rays = spread(kind, state, CARRIER_HZ, COUNT, seed)
    printed = entry(kind, state)
    ratios = 10.0 * np.log10(of_rays(rays, "xpr"))
    assert_law((ratios[:20] - float(printed.mu_XPR)) / float(printed.sigma_XPR), "norm")


@pytest.mark.parametrize("kind", CELLS)
def test_the_two_strongest_clusters_have_three_parts(kind: str, seed: int) -> None:
    """At 0, 1.28 and 2.56 times the cluster's delay spread after its own delay, with 10, 6 and 4 of its rays.
    [7.5-26, table 7.5-5]
    """
    model, rays = spread(kind, "NLOS", CARRIER_HZ, COUNT, seed)
    one = tf.ones([*rays.aoa.shape, 1], tf.complex64)
    spread_s = 1e-9 * model._scenario.get_param("cDS")
    alike = Rayed(one, one, (1, 1))
    gains, delays = model._cir_sampler._step_11_reduce_nlos(alike, rays, spread_s)
    counts = np.real(np.asarray(gains))[:, 0, 0, :, 0, 0, 0]
    later = [float(each.delay_offset.split("\\")[0]) for each in FADING.sub_cluster_info]
    every = zip(of_rays(rays, "delays"), of_rays(rays, "powers"), link(delays), counts, strict=True)
    for own, powers, found, rays_of_each in list(every)[:50]:
        strong = np.argsort(-powers)[:2]
        parts = own[strong][:, None] + float(spread_s[0, 0, 0]) * np.array(later)
        expected = np.concatenate([np.delete(own, strong), parts.ravel()])
        order = np.argsort(expected, kind="stable")
        np.testing.assert_allclose(found, expected[order], rtol=1e-5, atol=1e-12)
        shares = np.concatenate([np.full(len(own) - 2, 20.0), np.tile([len(part) for part in PARTS], 2)])
        np.testing.assert_allclose(rays_of_each, shares[order], rtol=1e-5)


def test_neighbours_keep_the_cross_correlations_of_the_table(seed: int) -> None:
    """Fields have their correlation distances before they are mixed, so that no neighbour takes from the table's
    cross-correlations; the first of them, of shadows, keeps its own distance. [step 4]
    """
    crowd, drops_of_them = 12, 1000
    model = drops._model(CELLS["uma"]())
    reset(seed)
    at = np.stack([90.0 + 2.0 * np.arange(crowd), np.zeros(crowd), np.full(crowd, 1.5)], axis=-1)
    still = np.zeros((drops_of_them, crowd, 3), np.float32)
    base = np.broadcast_to(np.array([0.0, 0.0, 25.0], np.float32), (drops_of_them, 1, 3))
    inside = np.zeros((drops_of_them, crowd), bool)
    model.set_topology((at + still).astype(np.float32), base, still, still[:, :1], still, inside, los=True)
    lsp, scenario = model._lsp, model._scenario
    values = np.stack([np.asarray(getattr(lsp, name))[:, 0] for name in drops.SPREADS], axis=-1)
    centred = np.log10(values) - np.asarray(scenario.lsp_log_mean)[:, 0]
    normals = centred / np.asarray(scenario.lsp_log_std)[:, 0]
    last = normals[:, -1]
    table = entry("uma", "LOS")
    pairs = [("DS", "SF"), ("ASA", "DS"), ("ASD", "DS"), ("ZSD", "DS")]
    for one, other in pairs:
        rho = float(getattr(table, f"corr_{one}_{other}"))
        a, b = (last[:, PARAMETERS.index(name)] for name in (one, other))
        assert_mean(a * b, rho)
    metres = float(table.corr_distance_SF_m)
    assert_mean(normals[:, 0, 3] * normals[:, 4, 3], np.exp(-8.0 / metres))
