"""How cells fade, clause by clause against section 7.5 of 3GPP TR 38.901. Verdicts: `benchmarks/tr38901.md`."""

from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from links_38901 import CELLS, CHANNELS, FADING, LOSSES, Places, entry, every, link, model_of
from test_cell_laws import SPREADS
from words_38901 import spelled, value

PARAMETERS = ("DS", "ASD", "ASA", "SF", "K", "ZSA", "ZSD")
"""In the order of Sionna's."""
LOWEST_GHZ = {"umi": 2.0, "uma": 6.0, "rma": 0.0}
"""Below which carriers count as that in the table. [its notes 6 and 7]"""
REDRAWN: dict[tuple[str, str], dict[str, Any]] = {
    ("uma", "LOS"): {"cASD": 5.0},
    ("uma", "NLOS"): {"cASD": 2.0},
    ("uma", "O2I"): {"ASD": (1.25, 0.42), "cASD": 5.0},
}
"""What version 19 changed for UMi and UMa, to include 7 to 24 GHz, besides SPREADS: as in releases 14 to 18."""
CLUSTER_DS_NS = 3.91
"""Where the table has none. [section 7.5, step 11]"""
CARRIER_HZ = 3.5e9
RAYS = np.array([float(each.offset_angle) for each in FADING.ray_offset_angles])
OFFSETS = np.stack([RAYS, -RAYS], axis=-1).ravel()
PARTS = [[int(ray) - 1 for ray in each.mapping_to_rays.split(",")] for each in FADING.sub_cluster_info]


@cache
def one_link(kind: str, state: str, carrier_hz: float) -> Any:
    """A model with a terminal at 90 m."""
    return model_of(CELLS[kind](carrier_hz=carrier_hz), state, Places(np.array([90.0]), np.array([1.5])), 1, seen=False)


def ghz(kind: str, carrier_hz: float) -> float:
    return max(carrier_hz / 1e9, LOWEST_GHZ[kind])


def normal(kind: str, state: str, name: str, carrier_hz: float) -> tuple[float, float]:
    """Mean and deviation of the logarithm of a parameter, as table 7.5-6 of release 16 has them; K in dB / 10."""
    if name == "K":
        found = entry(kind, state)
        return (float(found.mu_K) / 10.0, float(found.sigma_K) / 10.0) if state == "LOS" else (0.0, 0.0)
    if name in REDRAWN.get((kind, state), {}):
        mean, deviation = REDRAWN[kind, state][name]
        return mean, deviation
    if kind != "rma" and state != "O2I":
        mean, by_carrier, deviation, wider = SPREADS[kind, state == "LOS"][name.lower()]
        decades = np.log10(ghz(kind, carrier_hz) + (1.0 if kind == "umi" else 0.0))
        return mean + by_carrier * decades, deviation + wider * decades
    found = entry(kind, state)
    return float(getattr(found, f"mu_lg{name}")), float(getattr(found, f"sigma_lg{name}"))


@pytest.mark.parametrize(("kind", "state"), CHANNELS)
def test_spreads_have_the_medians_and_deviations_of_the_table(kind: str, state: str) -> None:
    """DS, ASD, ASA, ZSA and K at carriers below and above the lowest that counts. [table 7.5-6]"""
    for carrier_hz in (0.9e9, 28e9):
        scenario = one_link(kind, state, carrier_hz)._scenario
        for place, name in enumerate(PARAMETERS):
            if name not in ("SF", "ZSD"):
                found = np.array([scenario.lsp_log_mean[0, 0, 0, place], scenario.lsp_log_std[0, 0, 0, place]])
                np.testing.assert_allclose(found, normal(kind, state, name, carrier_hz), atol=1e-5, err_msg=name)


@pytest.mark.parametrize("seen", [True, False], ids=["in sight", "hidden"])
@pytest.mark.parametrize("state", ["outdoors", "O2I"])
@pytest.mark.parametrize("kind", CELLS)
def test_zenith_spreads_and_offsets_of_departure_are_those_of_the_tables(kind: str, state: str, seen: bool) -> None:
    """Over distances and heights; into buildings those of the way outside, but in RMa. [tables 7.5-7 to 7.5-9]"""
    sight = "LOS" if seen else "NLOS"
    places = every(np.geomspace(10.0, 5000.0, 30), (1.5, 7.5, 22.5))
    scenario = model_of(CELLS[kind](carrier_hz=8e9), sight if state == "outdoors" else "O2I", places, 2, seen)._scenario
    column = "O2I" if kind == "rma" and state == "O2I" else sight
    words = FADING.zsd_zod_offset(scenario=LOSSES[kind], condition=column)
    given = places.given(kind, 8e9)
    note = "a(fc) = 0.208log10(fc)- 0.782; b(fc) = 25; c(fc) = -0.13log10(fc)+2.03; e(fc) = 7.66log10(fc)-5.96."
    assert note in FADING._data.zsd_zod_offset_parameters["UMa"].note
    for part in note.rstrip(".").split(";"):
        name, right = part.split("=")
        given[name.strip()[0]] = lambda fc, right=right: value(right, fc=fc)
    for found, expected in (
        (scenario.lsp_log_mean[..., 6], value(words.mu_lgZSD, **given)),
        (scenario.lsp_log_std[..., 6], float(words.sigma_lgZSD)),
        (scenario.zod_offset, value(words.mu_offset_ZOD, **given)),
    ):
        np.testing.assert_allclose(link(found), np.broadcast_to(expected, places.d2.shape), atol=2e-4)


@pytest.mark.parametrize(("kind", "state"), CHANNELS)
def test_constants_of_a_link_are_those_of_the_table(kind: str, state: str) -> None:
    """Shadows, clusters, rays, XPR, scalings and correlations. [tables 7.4.1-1, 7.5-2, 7.5-4 and 7.5-6]"""
    scenario = one_link(kind, state, CARRIER_HZ)._scenario
    found, changed = entry(kind, state), REDRAWN.get((kind, state), {})
    clusters = int(found.number_of_clusters)
    expected = {
        "rTau": float(found.delay_scaling_parameter_r_tau),
        "zeta": float(found.per_cluster_shadowing_std_zeta_db),
        "muXPR": float(found.mu_XPR),
        "sigmaXPR": float(found.sigma_XPR),
        "cASD": changed.get("cASD", float(found.cluster_ASD_deg.split(",")[0])),
        "cASA": float(found.cluster_ASA_deg),
        "cZSA": float(found.cluster_ZSA_deg),
        "numClusters": clusters,
        "cDS": CLUSTER_DS_NS if found.cluster_DS_ns == "N/A" else value(found.cluster_DS_ns, fc=ghz(kind, CARRIER_HZ)),
        "CPhiNLoS": _scaling(FADING.scaling_factors_aoa_aod_generation, clusters, "c_phi_nlos"),
        "CThetaNLoS": _scaling(FADING.scaling_factors_zoa_zod_generation, clusters, "c_theta_nlos"),
    }
    for name in PARAMETERS:
        metres = getattr(found, f"corr_distance_{name}_m")
        expected |= {} if metres == "N/A" else {f"corrDist{name}": float(metres)}
    for name, number in expected.items():
        assert float(scenario.get_param(name)[0, 0, 0]) == pytest.approx(number, rel=1e-6), name
    assert int(scenario.rays_per_cluster) == int(found.number_of_rays_per_cluster) == len(OFFSETS)
    shadow = {"umi": (4.0, 7.82), "uma": (4.0, 6.0), "rma": (4.0, 8.0)}[kind]  # table 7.4.1-1
    deviation = float(found.sigma_SF) if state == "O2I" else shadow[state == "NLOS"]
    assert float(scenario.lsp_log_std[0, 0, 0, 3]) == pytest.approx(deviation / 10.0)


def _scaling(table: Any, clusters: int, name: str) -> float:
    return next(float(getattr(row, name)) for row in table if row.num_clusters == clusters)


@pytest.mark.parametrize(("kind", "state"), CHANNELS)
def test_parameters_of_a_link_have_the_cross_correlations_of_the_table(kind: str, state: str) -> None:
    """[table 7.5-6]"""
    sampler = one_link(kind, state, CARRIER_HZ)._lsp_sampler
    factor = np.asarray(sampler._cross_lsp_correlation_matrix_sqrt, np.float64)[0, 0, 0]
    given = entry(kind, state)
    for (row, one), (column, other) in combinations(enumerate(PARAMETERS), 2):
        words = getattr(given, f"corr_{one}_{other}", None) or getattr(given, f"corr_{other}_{one}")
        expected = 0.0 if words == "N/A" else float(spelled(words))
        assert (factor @ factor.T)[row, column] == pytest.approx(expected, abs=1e-6), (one, other)
