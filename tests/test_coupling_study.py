"""The coupling study: entropies against closed forms and bounds, pairing, and what is refused or left out."""

from typing import Any

import numpy as np
import pytest

from semcom.couplers.coupled import Coupled, least_bits
from semcom.couplers.metrics import KINDS as METRICS
from semcom.couplers.metrics import CouplingMetric
from semcom.coupling import Coupling, couple_exactly, lower_bounds
from semcom.errors import UserError
from semcom.marginals import Dirichlet
from semcom.studies.coupling import CouplingStudy
from semcom.studies.coupling_point import CouplingPoint
from semcom.studies.coupling_trials import coupled_pairs
from semcom.tally import Mean
from semcom_channels import Streams
from semcom_channels.spec import name_of

ALL = [name_of(kind) for kind in METRICS]
PLAIN = {"marginals": {"one": "dirichlet"}, "couplers": {"one": "best"}, "metrics": ALL, "pairs": 40}


def point(letters: int = 4, **changes: Any) -> CouplingPoint:
    (found,) = CouplingStudy.read({**PLAIN, **changes}).points({"letters": (float(letters),)})
    assert isinstance(found.task, CouplingPoint)
    return found.task


def streams(task: CouplingPoint, chunk: int = 0) -> Streams:
    return Streams(1, 0, chunk, task.stream_keys())


def means(task: CouplingPoint, chunk: int = 0) -> dict[str, float]:
    found = task.evaluate(streams(task, chunk))
    assert all(isinstance(tally, Mean) and tally.n == 40 for tally in found.values())
    return {name: tally.mean for name, tally in found.items() if isinstance(tally, Mean)}


@pytest.fixture
def coupled(rng: np.random.Generator) -> Coupled:
    p, q = (Dirichlet().draw(4, rng) for _ in range(2))
    product = np.argwhere(np.ones((4, 4)))
    masses = np.zeros(16, np.int64)
    masses[:] = 1 << 46
    return Coupled(Coupling(product[:, 0], product[:, 1], masses, p, q), 0.25)


def test_every_metric_says_what_it_is_of_a_coupling(coupled: Coupled) -> None:
    """Sixteen equal cells: 4 bits, less the bound or the least of the marginals."""
    p, q = coupled.coupling.row_masses, coupled.coupling.column_masses
    said = {name_of(kind): kind().value(coupled) for kind in METRICS}
    assert said == pytest.approx(
        {
            "joint_entropy_bits": 4.0,
            "gap_bits": 4.0 - max(lower_bounds(p, q)),
            "excess_bits": 4.0 - couple_exactly(p, q).entropy_bits,
            "cpu_s": 0.25,
        },
        abs=1e-12,
    )


@pytest.mark.parametrize("kind", METRICS, ids=name_of)
def test_every_metric_is_documented_for_a_figure(kind: type[CouplingMetric]) -> None:
    assert kind.better == "low"
    assert kind.label.endswith((" (bit)", " (s)"))


def test_the_bound_of_two_letters_is_met_and_the_product_law_is_above_it() -> None:
    """Of two letters each the greedy coupling is exact; that of independence is above it by I(X; Y)."""
    greedy, independent = (means(point(2, couplers={"one": name})) for name in ("greedy", "independent"))
    assert greedy["gap_bits"] == pytest.approx(0.0, abs=1e-9)
    assert greedy["excess_bits"] == pytest.approx(0.0, abs=1e-9)
    task = point(2, couplers={"one": "exact"})
    told = [one.coupling.information_bits for one in coupled_pairs(task, streams(task))]
    assert independent["excess_bits"] == pytest.approx(float(np.mean(told)), abs=1e-9)


def test_the_exact_coupler_exceeds_nothing_and_the_better_one_little() -> None:
    found = {name: means(point(4, couplers={"one": name})) for name in ("exact", "best", "greedy", "comonotone")}
    assert found["exact"]["excess_bits"] <= 1e-11
    assert found["best"]["excess_bits"] <= 0.02
    assert found["best"]["excess_bits"] <= found["greedy"]["excess_bits"] <= found["comonotone"]["excess_bits"]
    assert all(one["excess_bits"] <= one["gap_bits"] + 1e-11 for one in found.values())
    assert all(one["cpu_s"] > 0.0 for one in found.values())


def test_couplers_meet_the_same_pairs_and_letters_and_families_others() -> None:
    greedy, loop = (point(couplers={"one": name}) for name in ("greedy", "argmax_loop"))
    assert greedy.stream_keys() == loop.stream_keys()
    seen = [[one.coupling.row_masses.tolist() for one in coupled_pairs(task, streams(task))] for task in (greedy, loop)]
    assert seen[0] == seen[1]
    assert means(greedy)["joint_entropy_bits"] == means(loop)["joint_entropy_bits"]
    keys = [point(3).stream_keys(), point(marginals={"one": "zipf"}).stream_keys(), greedy.stream_keys()]
    assert len({key["source"] for key in keys}) == 3


def test_the_two_marginals_of_a_pair_and_the_pairs_of_two_chunks_differ() -> None:
    task = point()
    first, other = (list(coupled_pairs(task, streams(task, chunk))) for chunk in (0, 1))
    laws = [law.tobytes() for one in (*first, *other) for law in (one.coupling.row_masses, one.coupling.column_masses)]
    assert len(set(laws)) == 160


def test_the_least_entropy_that_is_remembered_is_that_of_the_pair(rng: np.random.Generator) -> None:
    for _ in range(20):
        p, q = (Dirichlet().draw(3, rng) for _ in range(2))
        assert least_bits(p, q) == least_bits(p, q) == couple_exactly(p, q).entropy_bits


def test_points_above_the_reach_of_a_coupler_are_left_out() -> None:
    couplers = {"loop": {"kind": "argmax_loop", "up_to_letters": 4}, "greedy": "greedy"}
    points = CouplingStudy.read({**PLAIN, "couplers": couplers}).points({"letters": (2.0, 4.0, 5.0)})
    assert [one.where for one in points] == [
        *(f"marginals one, coupler loop, letters {letters}" for letters in (2.0, 4.0)),
        *(f"marginals one, coupler greedy, letters {letters}" for letters in (2.0, 4.0, 5.0)),
    ]


def test_a_concentration_can_be_swept() -> None:
    points = CouplingStudy.read(PLAIN).points({"letters": (4.0,), "marginals.concentration": (0.1, 10.0)})
    entropy = [means(one.task)["joint_entropy_bits"] for one in points if isinstance(one.task, CouplingPoint)]
    assert entropy[0] < entropy[1]


@pytest.mark.parametrize(
    ("sweep", "changes", "said"),
    [
        ({"letters": (1.5,)}, {}, r"sweep.letters: letters is 1.5; expected a whole number of 1 or more"),
        ({"letters": (0.0,)}, {}, r"sweep.letters: letters is 0.0; expected a whole number of 1 or more"),
        ({"letters": ("ten",)}, {}, r"sweep.letters: letters is 'ten'; expected a whole number of 1 or more"),
        ({"snr_db": (1.0,)}, {}, r"sweep.snr_db: no such axis; expected letters or a field such as marginals.conc"),
        ({"marginals.concentration": (1.0,)}, {}, r"sweep: a coupling study needs the axis letters; give it one value"),
        (
            {"letters": (9.0,)},
            {"couplers": {"one": {"kind": "exact", "up_to_letters": 6}}},
            r"sweep.letters: all points are left out by up_to_letters; give fewer letters",
        ),
    ],
)
def test_a_sweep_that_means_nothing_is_refused(sweep: dict[str, Any], changes: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        CouplingStudy.read({**PLAIN, **changes}).points(sweep)


@pytest.mark.parametrize(
    ("letters", "changes", "said"),
    [
        (7, {}, "excess_bits needs the exact coupling, which takes at most 6 letters; letters is 7. Take gap_bits"),
        (7, {"couplers": {"one": "exact"}}, "exact takes at most 6 letters; letters is 7"),
    ],
)
def test_letters_beyond_the_exact_coupling_are_refused(letters: int, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        point(letters, **changes).check()
    point(6, **changes).check()
