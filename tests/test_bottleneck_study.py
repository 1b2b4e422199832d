"""The bottleneck study: codes against closed forms and the converse, pairing, and what is refused or left out."""

import pickle
from typing import Any

import numpy as np
import pytest

from semcom.coupling import TOTAL, Coupling, entropy_bits, to_masses
from semcom.encoders import ENCODERS, KINDS, Encoder
from semcom.encoders.metrics import KINDS as METRICS
from semcom.errors import UserError
from semcom.marginals import Dirichlet
from semcom.studies.bottleneck import BottleneckStudy
from semcom.studies.bottleneck_point import BottleneckPoint
from semcom.tally import Mean, Rate
from semcom_channels import Streams
from semcom_channels.spec import name_of

ALL = [name_of(kind) for kind in METRICS]
PLAIN = {"marginals": {"one": "dirichlet"}, "encoders": {"one": "ebim"}, "metrics": ALL, "sources": 40}


def point(rate: float = 1.0, letters: int = 8, **changes: Any) -> BottleneckPoint:
    sweep = {"rate_bits": (rate,), "letters": (float(letters),)}
    (found,) = BottleneckStudy.read({**PLAIN, **changes}).points(sweep)
    assert isinstance(found.task, BottleneckPoint)
    return found.task


def values(task: BottleneckPoint) -> dict[str, float]:
    """Means and shares of 40 sources."""
    found = task.evaluate(Streams(1, 0, 0, task.stream_keys()))
    assert isinstance(found["informative"], Rate)
    assert found["informative"].trials == 40
    means = {name: tally.mean for name, tally in found.items() if isinstance(tally, Mean)}
    return {**means, "informative": found["informative"].errors / 40}


def encoder(name: str) -> Encoder:
    found = ENCODERS.kinds[name].read({"kind": name})
    assert isinstance(found, Encoder)
    return found


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_every_encoder_keeps_its_source_and_its_rate(kind: type[Encoder], rng: np.random.Generator) -> None:
    one = encoder(name_of(kind))
    assert pickle.loads(pickle.dumps(one)) == one == kind.read(one.plain())
    for rate in (0.0, 0.3, 1.0, 2.2, 9.0):
        p = Dirichlet().draw(7, rng)
        code = one.encode(p, rate)
        assert np.array_equal(code.row_masses, p)
        assert code.information_bits - 1e-12 <= code.column_entropy_bits <= rate
        if rate >= entropy_bits(p):
            assert code.information_bits == pytest.approx(entropy_bits(p), abs=1e-9)


def test_every_metric_says_what_it_is_of_a_code() -> None:
    """Of letters 1/2, 1/4, 1/4 the first is told from the others: 1 bit of 1.5."""
    p, cells = to_masses([0.5, 0.25, 0.25]), to_masses([0.5, 0.5])
    code = Coupling(np.arange(3), np.array([0, 1, 1]), p, p, cells)
    said = {name_of(kind): kind().value(code, 1.25) for kind in METRICS}
    expected = {"information_bits": 1.0, "slack_bits": 0.25, "used_rate_bits": 1.0, "log_loss_bits": 0.5}
    assert said == pytest.approx({**expected, "informative": 1.0}, abs=1e-12)


@pytest.mark.parametrize(("rate", "law", "fine"), [(0.5, [0.5, 0.5], 0), (0.0, [0.5, 0.5], 1), (0.5, [1.0], 1)])
def test_a_code_that_says_nothing_stalls_where_something_could_be_said(
    rate: float, law: list[float], fine: int
) -> None:
    p = to_masses(law)
    silent = Coupling(np.arange(p.size), np.zeros(p.size, np.int64), p, p, np.array([TOTAL]))
    said = {name_of(kind): kind().value(silent, rate) for kind in METRICS}
    assert said["informative"] == fine
    assert said["slack_bits"] == min(rate, entropy_bits(p))


def test_no_encoder_passes_the_exact_one_nor_that_the_converse() -> None:
    rates = (0.1, 0.7, 1.5)
    for rate in rates:
        found = {name: values(point(rate, 6, encoders={"one": name})) for name in ENCODERS.kinds}
        for one in found.values():
            assert one["information_bits"] <= found["exact"]["information_bits"] + 1e-9
            assert one["used_rate_bits"] <= rate
        assert found["ebim"]["slack_bits"] == pytest.approx(found["exact"]["slack_bits"], abs=1e-9)
        assert found["ebim"]["informative"] == found["exact"]["informative"] == 1.0
        assert found["shkel2017"]["informative"] == (0.0 if rate < 1.0 else 1.0)


def test_loss_and_information_are_the_entropy_of_the_source() -> None:
    """Of Dirichlet(1) with 2 letters E H(X) = 1 / (2 ln 2): 400 sources within six standard errors."""
    task = point(2.0, 2, sources=400)
    found = task.evaluate(Streams(1, 0, 0, task.stream_keys()))
    information, loss = found["information_bits"], found["log_loss_bits"]
    assert isinstance(information, Mean)
    assert isinstance(loss, Mean)
    assert loss.mean == pytest.approx(0.0, abs=1e-12)
    error = np.sqrt(information.m2 / 399 / 400)
    assert information.mean == pytest.approx(0.5 / np.log(2.0), abs=6.0 * error)


def test_encoders_and_rates_meet_the_same_sources_and_letters_others() -> None:
    one, other = point(0.5), point(2.0, encoders={"one": "shkel2017"})
    assert one.stream_keys() == other.stream_keys()
    losses = [values(task)["log_loss_bits"] + values(task)["information_bits"] for task in (one, other)]
    assert losses[0] == pytest.approx(losses[1], abs=1e-9)
    assert point(letters=9).stream_keys() != one.stream_keys() != point(marginals={"one": "zipf"}).stream_keys()


def test_points_above_the_reach_of_an_encoder_are_left_out() -> None:
    encoders = {"exact": {"kind": "exact", "up_to_letters": 8}, "ours": "ebim"}
    points = BottleneckStudy.read({**PLAIN, "encoders": encoders}).points({"rate_bits": (1.0,), "letters": (8.0, 16.0)})
    assert [(one.coordinates["encoder"], one.coordinates["letters"]) for one in points] == [
        ("exact", 8.0),
        ("ours", 8.0),
        ("ours", 16.0),
    ]


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        ({"rate_bits": (-1.0,), "letters": (4.0,)}, r"sweep.rate_bits: rate_bits is -1.0; expected 0 bits or more"),
        ({"rate_bits": (1.0,), "letters": (4.5,)}, r"sweep.letters: letters is 4.5; expected a whole number of 1"),
        ({"rate_bits": (1.0,)}, r"sweep: a bottleneck study needs the axis letters; give it one value or more"),
        ({"letters": (4.0,)}, r"sweep: a bottleneck study needs the axis rate_bits; give it one value or more"),
        (
            {"rate": (1.0,)},
            r"sweep.rate: no such axis; did you mean rate_bits\? expected rate_bits, letters or a field",
        ),
    ],
)
def test_a_sweep_that_means_nothing_is_refused(sweep: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        BottleneckStudy.read(PLAIN).points(sweep)


def test_letters_beyond_the_exact_code_are_refused() -> None:
    point(letters=8, encoders={"one": "exact"}).check()
    with pytest.raises(UserError, match=r"exact takes at most 8 letters; letters is 9. Leave such points out by"):
        point(letters=9, encoders={"one": "exact"}).check()
