"""What every estimator promises."""

import pickle

import numpy as np
import pytest
from scipy import stats

from near import FALSE_ALARM
from semcom.errors import UserError
from semcom.scenes.uniform import Uniform
from semcom.sensing_metrics.counts import Detection
from semcom.studies.sensing_point import SensingPoint
from semcom_channels.spec import Part, name_of
from semcom_estimation.sensing import ESTIMATORS as FAMILY
from semcom_estimation.sensing import KINDS
from semcom_estimation.sensing.bounds import cramer_rao
from semcom_estimation.sensing.compression import Compression
from semcom_estimation.sensing.counting import Counting
from semcom_estimation.sensing.decoupled import Decoupled
from semcom_estimation.sensing.elements.element import Element
from semcom_estimation.sensing.estimator import Estimator
from semcom_estimation.sensing.fusion import Fusion
from semcom_estimation.sensing.grid_omp import GridOmp
from semcom_estimation.sensing.modes import Line, Mode
from semcom_estimation.sensing.order import Order
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.tensor_esprit import TensorEsprit
from sensing_scene import (
    ANGLE,
    AZIMUTH,
    DELAY,
    DOPPLER,
    ELEVATION,
    MODEL,
    apart,
    clean,
    errors_bins,
    gains_of,
    model_of,
    noise,
    order_of,
)

ALL = [kind.read({"kind": name_of(kind)}) for kind in KINDS]
ESTIMATORS = [one for one in ALL if isinstance(one, Estimator)]
COUNTING = [one for one in ESTIMATORS if not one.needs_number]
ALARMED = [one for one in COUNTING if "false_alarm" in type(one).model_fields]
every = pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: estimator.kind)
MODELS = {
    "1-D": model_of(DELAY),
    "2-D": model_of(ANGLE, DOPPLER),
    "4-D": model_of(ELEVATION, AZIMUTH, DELAY, DOPPLER),
    "5-D": model_of(ELEVATION, AZIMUTH, {**DELAY, "length": 8}, {**DOPPLER, "length": 5}),
}


def tensor_and_truth(rng: np.random.Generator, variance: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of three targets on the small model."""
    truth, gains = apart(MODEL, 3, rng), gains_of(3, rng)
    return clean(MODEL, truth, gains) + noise(MODEL, variance, rng), truth, gains


def deviations(truth: np.ndarray, gains: np.ndarray, variance: float) -> np.ndarray:
    """Roots of the Cramer-Rao bound, `[target, mode]`."""
    return np.asarray(np.sqrt(np.diagonal(cramer_rao(MODEL, truth, gains, variance), axis1=1, axis2=2)))


@every
def test_without_noise_it_finds_the_truth_up_to_its_grid(estimator: Estimator, rng: np.random.Generator) -> None:
    grid = estimator.grid_error_bins()
    truth, gains = apart(MODEL, 3, rng), gains_of(3, rng, 0.5 if grid is None else 1.0)
    found = estimator.estimate(clean(MODEL, truth, gains), MODEL, targets=3)
    errors = errors_bins(MODEL, truth, found.frequencies)
    assert found.order == 3
    if grid is None:
        assert errors.max() < 1e-9
        order = order_of(MODEL, truth, found.frequencies)
        np.testing.assert_allclose(found.gains[order], gains, atol=1e-7)
    else:
        assert errors.max() < grid


@every
@pytest.mark.parametrize("modes", MODELS)
def test_it_works_with_any_number_of_modes(estimator: Estimator, modes: str, rng: np.random.Generator) -> None:
    model = MODELS[modes]
    targets = min(2, estimator.most_targets(model))
    truth = apart(model, targets, rng)
    found = estimator.estimate(clean(model, truth, gains_of(targets, rng, 1.0)), model, targets=targets)
    assert errors_bins(model, truth, found.frequencies).max() < (estimator.grid_error_bins() or 1e-9)


@every
def test_a_view_narrower_than_a_resolution_bin_is_searched(estimator: Estimator, rng: np.random.Generator) -> None:
    model = model_of(ANGLE, DELAY, {**DOPPLER, "view_hz": [-150.0, 150.0]})
    truth = apart(model, 1, rng)
    found = estimator.estimate(clean(model, truth, gains_of(1, rng)), model, targets=1)
    assert errors_bins(model, truth, found.frequencies).max() < (estimator.grid_error_bins() or 1e-9)


@every
def test_neither_the_order_of_targets_nor_a_phase_of_all_matters(
    estimator: Estimator, rng: np.random.Generator
) -> None:
    variance, turn = 0.05, np.exp(2j)
    truth, gains = apart(MODEL, 3, rng), gains_of(3, rng)
    disturbance, bound = noise(MODEL, variance, rng), deviations(truth, gains, variance)
    found = estimator.estimate(clean(MODEL, truth, gains) + disturbance, MODEL, targets=3)
    other = estimator.estimate(clean(MODEL, truth[::-1], gains[::-1]) * turn + disturbance * turn, MODEL, targets=3)
    assert (np.abs(other.frequencies - found.frequencies) < 0.01 * bound.max(axis=0)).all()
    np.testing.assert_allclose(other.gains, found.gains * turn, atol=0.01 * np.sqrt(variance / MODEL.size))


@every
def test_swapped_modes_give_swapped_frequencies(estimator: Estimator, rng: np.random.Generator) -> None:
    """Alternating ones take another way to the same place, and stop when steps are far below the deviations."""
    variance = 0.05
    tensor, truth, gains = tensor_and_truth(rng, variance)
    swap = [2, 0, 1]
    swapped = SignalModel(modes=tuple(MODEL.modes[axis] for axis in swap))
    found = estimator.estimate(tensor, MODEL, targets=3)
    other = estimator.estimate(np.ascontiguousarray(tensor.transpose(swap)), swapped, targets=3)
    allowed = 0.1 * deviations(truth, gains, variance).max(axis=0)
    assert (np.abs(other.frequencies - found.frequencies[:, swap]) < allowed[swap]).all()


@every
def test_a_better_signal_never_makes_errors_larger(estimator: Estimator, rng: np.random.Generator) -> None:
    """Errors up to half a bin, over 30 paired trials."""
    errors = np.empty((30, 4))
    for trial in errors:
        truth, gains, disturbance = apart(MODEL, 3, rng), gains_of(3, rng), noise(MODEL, 1.0, rng)
        for place, snr_db in enumerate((-10.0, 0.0, 10.0, 20.0)):
            tensor = clean(MODEL, truth, gains) + 10.0 ** (-snr_db / 20.0) * disturbance
            found = estimator.estimate(tensor.astype(np.complex64), MODEL, targets=3)
            each = np.full(3, 0.5)
            near = errors_bins(MODEL, truth, found.frequencies)
            each[: len(near)] = np.minimum(near, 0.5)
            trial[place] = each.mean()
    growth = np.diff(errors, axis=1)
    interval = stats.norm.isf(FALSE_ALARM) * growth.std(axis=0, ddof=1) / np.sqrt(len(errors))
    assert (growth.mean(axis=0) <= interval).all()


@every
@pytest.mark.parametrize("given", [np.complex64, np.complex128])
def test_results_are_in_double_precision(estimator: Estimator, given: type, rng: np.random.Generator) -> None:
    tensor = tensor_and_truth(rng, 0.01)[0]
    found = estimator.estimate(tensor.astype(given), MODEL, targets=3)
    assert found.order == 3
    assert found.gains.dtype == np.complex128
    assert found.frequencies.dtype == found.frequency_deviations.dtype == np.float64
    assert all(values.dtype == np.float64 for values in found.parameters.values())
    assert (np.diff(np.abs(found.gains)) <= 0.0).all()


@pytest.mark.parametrize("estimator", [one for one in ESTIMATORS if one.grid_error_bins() is None])
def test_the_noise_variance_is_what_targets_leave(estimator: Estimator, rng: np.random.Generator) -> None:
    """Over 20 tensors: the power of 46,000 samples is that of an exponential law, a root of 1 / 46,000 wide."""
    found = [estimator.estimate(tensor_and_truth(rng, 0.3)[0], MODEL, targets=3).noise_variance for _ in range(20)]
    assert np.mean(found) == pytest.approx(0.3, rel=6.1 / np.sqrt(20 * MODEL.size))


@every
def test_it_leaves_the_tensor_as_it_was(estimator: Estimator, rng: np.random.Generator) -> None:
    tensor = tensor_and_truth(rng, 0.1)[0]
    before = tensor.copy()
    estimator.estimate(tensor, MODEL, targets=3)
    np.testing.assert_array_equal(tensor, before)


@every
def test_it_goes_through_yaml_and_pickle(estimator: Estimator) -> None:
    again = type(estimator).read(estimator.plain())
    assert again == estimator
    assert hash(again) == hash(estimator)
    assert pickle.loads(pickle.dumps(estimator)) == estimator


@every
def test_a_tensor_without_energy_and_no_targets_give_nothing(estimator: Estimator, rng: np.random.Generator) -> None:
    for tensor, targets in ((np.zeros(MODEL.shape, complex), 3), (noise(MODEL, 1.0, rng), 0)):
        found = estimator.estimate(tensor, MODEL, noise_variance=1.0, targets=targets)
        assert found.order == 0
        assert found.noise_variance == 1.0
        assert found.frequencies.shape == (0, 3)
        assert set(found.parameters) == set(MODEL.names)
    heard = noise(MODEL, 2.0, rng)
    assert estimator.estimate(heard, MODEL, targets=0).noise_variance == pytest.approx(np.mean(np.abs(heard) ** 2))


@every
def test_what_cannot_be_estimated_is_refused(estimator: Estimator, rng: np.random.Generator) -> None:
    good = noise(MODEL, 1.0, rng)
    spoilt = {value: good.copy() for value in (np.nan, np.inf)}
    for value, tensor in spoilt.items():
        tensor[1, 2, 3] = value
        with pytest.raises(ValueError, match=r"1 of the tensor's 2304 samples are not finite"):
            estimator.estimate(tensor, MODEL, targets=1)
    with pytest.raises(ValueError, match=r"the shape \(16, 24, 6\); the model's modes have \(6, 24, 16\)"):
        estimator.estimate(good.T, MODEL, targets=1)
    with pytest.raises(ValueError, match=r"the shape \(24, 16\)"):
        estimator.estimate(good[0], MODEL, targets=1)
    for given in (np.float64, np.clongdouble):
        with pytest.raises(ValueError, match=r"of \w*; expected complex64 or complex128"):
            estimator.estimate(good.real.astype(given), MODEL, targets=1)
    for scale, kind in ((1e-36, np.complex64), (1e-300, np.complex128)):
        with pytest.raises(ValueError, match=rf"at most, where {kind.__name__} has few digits; scale it"):
            estimator.estimate((scale * good).astype(kind), MODEL, targets=1)
    with pytest.raises(ValueError, match="the tensor is a list; expected an array of NumPy"):
        estimator.estimate(good.tolist(), MODEL, targets=1)
    with pytest.raises(ValueError, match="the model is a NoneType; expected a SignalModel"):
        estimator.estimate(good, None, targets=1)  # type: ignore[arg-type]
    for variance in (0.0, -1.0, np.inf, np.nan):
        with pytest.raises(ValueError, match="expected a positive number"):
            estimator.estimate(good, MODEL, noise_variance=variance, targets=1)
    with pytest.raises(ValueError, match="targets is -1; expected 0 or more"):
        estimator.estimate(good, MODEL, targets=-1)
    limit = estimator.most_targets(MODEL)
    with pytest.raises(ValueError, match=rf"targets is {limit + 1}; {estimator.kind} tells at most {limit} apart"):
        estimator.estimate(good, MODEL, targets=limit + 1)


@every
@pytest.mark.parametrize(
    ("scale", "kind"), [(1e-100, np.complex128), (1e-26, np.complex64), (1e17, np.complex64), (1e100, np.complex128)]
)
def test_the_scale_of_a_tensor_scales_the_gains_alone(
    estimator: Estimator, scale: float, kind: type, rng: np.random.Generator
) -> None:
    tensor: np.ndarray = tensor_and_truth(rng, 0.01)[0].astype(kind)
    number = kind(scale)
    for variance in (None, 0.01):
        known = None if variance is None else variance * scale**2
        found = estimator.estimate(tensor, MODEL, variance, targets=3)
        other = estimator.estimate(number * tensor, MODEL, known, targets=3)
        np.testing.assert_allclose(other.frequencies, found.frequencies, atol=1e-5)
        np.testing.assert_allclose(np.abs(other.gains), scale * np.abs(found.gains), rtol=1e-3)
        assert other.noise_variance / scale / scale == pytest.approx(found.noise_variance, rel=1e-3)


@every
@pytest.mark.parametrize("scale", [1e-100, 1e-26, 1e17, 1e100])
def test_a_lone_target_without_noise_is_found_at_any_scale(
    estimator: Estimator, scale: float, rng: np.random.Generator
) -> None:
    truth = apart(MODEL, 1, rng)
    found = estimator.estimate(scale * clean(MODEL, truth, np.ones(1, complex)), MODEL, targets=1)
    assert errors_bins(MODEL, truth, found.frequencies).max() < (estimator.grid_error_bins() or 1e-9)
    if estimator.grid_error_bins() is None:
        assert np.abs(found.gains[0]) / scale == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        ({"kind": "plain", "compression": "polyphase"}, "plain: polyphase makes snapshots; the joint search takes one"),
        ({"kind": "tahir2025", "compression": "dpss"}, "tahir2025: root_music needs tones, and dpss leaves none"),
        (
            {"kind": "tahir2025", "compression": {"kind": "average", "factors": [2]}},
            "tahir2025: factors has 1 numbers; the model has 3 modes",
        ),
    ],
    ids=str,
)
def test_an_estimator_that_does_not_fit_the_model_refuses_its_tensors(
    plain: dict[str, object], said: str, rng: np.random.Generator
) -> None:
    estimator = FAMILY.kinds[str(plain["kind"])].read(plain)
    assert isinstance(estimator, Estimator)
    with pytest.raises(ValueError, match=said):
        estimator.estimate(noise(MODEL, 1.0, rng), MODEL, targets=1)


@every
def test_more_targets_than_there_are_make_no_garbage(estimator: Estimator, rng: np.random.Generator) -> None:
    """Without noise they explain together the one that is there; steps in turn get there slowly."""
    for truth in (np.zeros((1, 3)), apart(MODEL, 1, rng)):
        tensor = clean(MODEL, truth, np.ones(1, complex))
        found = estimator.estimate(tensor, MODEL, targets=3)
        assert np.isfinite(found.frequencies).all()
        if estimator.grid_error_bins() is None:
            built = clean(MODEL, found.frequencies, found.gains)
            assert np.linalg.norm(built - tensor) < 0.05 * np.linalg.norm(tensor)


@pytest.mark.parametrize("estimator", [one for one in ESTIMATORS if one.needs_number])
def test_who_needs_the_number_of_targets_says_so(estimator: Estimator, rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match=f"{estimator.kind} needs the number of targets"):
        estimator.estimate(noise(MODEL, 1.0, rng), MODEL)
    point = SensingPoint(
        model=MODEL,
        scene=Uniform(targets=2),
        estimator=estimator,
        metrics=(Detection(),),
        known_order=False,
        known_noise=False,
        trials=1,
        snr_db=10.0,
    )
    with pytest.raises(UserError, match="needs the number of targets; set known_order: true"):
        point.check()


@pytest.mark.parametrize("estimator", ALARMED, ids=lambda estimator: estimator.kind)
@pytest.mark.parametrize("known", [True, False])
def test_noise_alone_is_not_taken_for_targets_more_often_than_asked(
    estimator: Estimator, known: bool, rng: np.random.Generator
) -> None:
    often, trials = type(estimator).read({"kind": estimator.kind, "false_alarm": 0.1}), 100
    variance = 2.0 if known else None
    alarms = sum(often.estimate(noise(MODEL, 2.0, rng), MODEL, variance).order > 0 for _ in range(trials))
    assert stats.binom.sf(alarms - 1, trials, 0.1) > FALSE_ALARM


@pytest.mark.parametrize("estimator", COUNTING, ids=lambda estimator: estimator.kind)
@pytest.mark.parametrize("known", [True, False])
def test_targets_far_above_the_noise_are_among_those_found(
    estimator: Estimator, known: bool, rng: np.random.Generator
) -> None:
    tensor, truth, _ = tensor_and_truth(rng, 0.2)
    found = estimator.estimate(tensor, MODEL, 0.2 if known else None)
    assert errors_bins(MODEL, truth, found.frequencies).max() < (estimator.grid_error_bins() or 0.5)
    assert 3 <= found.order <= 50


@pytest.mark.parametrize("unitary", [True, False])
def test_esprit_tells_as_many_targets_apart_as_it_says(unitary: bool, rng: np.random.Generator) -> None:
    model = model_of({**DELAY, "length": 12, "view_s": None}, {**DOPPLER, "length": 3})
    estimator = TensorEsprit(unitary=unitary)
    limit = estimator.most_targets(model)
    assert limit == (8 if unitary else 4)
    truth = apart(model, limit, rng)
    found = estimator.estimate(clean(model, truth, gains_of(limit, rng)), model, targets=limit)
    assert errors_bins(model, truth, found.frequencies).max() < 1e-6


def test_a_model_without_room_for_frequencies_is_refused() -> None:
    with pytest.raises(ValueError, match=r"the field of view is 1\.2 cycles a sample wide; beyond 1"):
        model_of({**DELAY, "view_s": [0.0, 20e-6]})
    with pytest.raises(ValueError, match="greater than or equal to 2"):
        model_of({**DOPPLER, "length": 1})


def test_more_targets_than_points_of_a_grid_are_all_its_points(rng: np.random.Generator) -> None:
    model = model_of(DELAY | {"view_s": [0.0, 1e-8]}, DOPPLER | {"view_hz": [0.0, 10.0]})
    found = GridOmp().estimate(noise(model, 1.0, rng), model, targets=20)
    assert len(np.unique(found.frequencies, axis=0)) == found.order == 9  # three points of each mode


@pytest.mark.parametrize("base", [Estimator, Counting, Compression, Decoupled, Fusion, Order, Element, Mode, Line])
def test_a_kind_without_its_method_is_refused_when_it_is_read(base: type[Part]) -> None:
    plain = {"kind": "half", "length": 4} if issubclass(base, Mode) else {"kind": "half"}
    with pytest.raises(TypeError, match="abstract"):
        base.read(plain)


def test_an_angle_beyond_the_ends_of_its_line_has_no_deviation() -> None:
    inside, beyond = np.array([[0.1, 0.0]]), np.array([[0.51, 0.0]])
    covariances = 1e-6 * np.eye(2)[None]
    model = model_of(ANGLE, DOPPLER)
    slope = 180.0 / np.pi / np.sqrt(0.5**2 - 0.1**2)  # of arccos(f / 0.5) in degrees
    assert model.deviations(inside, covariances)["angle_deg"] == pytest.approx(1e-3 * slope, rel=1e-5)
    found = model.deviations(beyond, covariances)
    assert np.isnan(found["angle_deg"]).all()
    assert found["doppler_hz"] == pytest.approx(1e-3 / 1e-4)
