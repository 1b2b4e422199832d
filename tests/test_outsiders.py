"""What lies outside of the fields of view is explained by PLAIN, never reported, and leaves no ghosts inside."""

from unittest.mock import MagicMock

import numpy as np
import pytest

from near import assert_law, assert_rate
from semcom.scenario.find import load
from semcom.sweep.job import jobs_of
from semcom_channels import Streams
from semcom_estimation.sensing.compression import Compression, Decimate, Dpss, Uncompressed
from semcom_estimation.sensing.detection import ratio
from semcom_estimation.sensing.excursions import threshold
from semcom_estimation.sensing.outsiders import WholeField
from semcom_estimation.sensing.plain import Plain
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap, steering
from sensing_scene import clean, errors_bins, model_of, noise

DELAY = {"kind": "delay", "length": 128, "spacing_hz": 60e3, "view_s": [0.0, 1.2e-6]}
DOPPLER = {"kind": "doppler", "length": 32, "symbol_s": 1e-4, "view_hz": [-1000, 1000]}
LINE = {"length": 8, "view_deg": [-60, 60]}
MODELS = {
    "16x128x32": model_of({"kind": "angle", "length": 16, "view_deg": [30, 150]}, DELAY, DOPPLER),
    "64": model_of({**DELAY, "length": 64, "view_s": [0.0, 3e-6]}),
    "32x32": model_of({"kind": "angle", "length": 32, "view_deg": [30, 150]}, DOPPLER),
    "8x16x16x8": model_of(
        {**LINE, "kind": "elevation"},
        {**LINE, "kind": "azimuth", "length": 16},
        {**DELAY, "length": 16, "view_s": [0.0, 5e-6]},
        {**DOPPLER, "length": 8, "view_hz": [-2000, 2000]},
    ),
    "4x4x4x12x6": model_of(
        *({**LINE, "kind": kind, "length": 4} for kind in ("elevation", "azimuth", "departure")),
        {**DELAY, "length": 12, "view_s": [0.0, 4e-6]},
        {**DOPPLER, "length": 6, "view_hz": [-2500, 2500]},
    ),
}
RADAR, SQUARE, LINES = MODELS["16x128x32"], MODELS["32x32"], MODELS["64"]
every = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
CAREFUL = Plain(false_alarm=1e-8)


def outside(model: SignalModel, rng: np.random.Generator) -> np.ndarray:
    """`[1, mode]`: in the view of all modes but one, and there a bin outside or more, where there is so much room."""
    low, high = np.array(model.views).T
    found = rng.uniform(low, high)
    room = 1.0 - (high - low)
    mode = rng.choice(np.flatnonzero(room > 0.05))
    least = min(1.0 / model.shape[mode], room[mode] / 2.0)
    found[mode] = high[mode] + rng.uniform(least, room[mode] - least)
    return np.asarray(found[None])


def tone(model: SignalModel, frequencies: np.ndarray, level_db: float, rng: np.random.Generator) -> np.ndarray:
    """So many dB over noise of variance 1 in each sample."""
    return clean(model, frequencies, 10.0 ** (level_db / 20.0) * np.exp(2j * np.pi * rng.random(len(frequencies))))


def assert_inside(frequencies: np.ndarray, model: SignalModel) -> None:
    low, high = np.array(model.views).T
    assert (frequencies >= low - 1e-12).all()
    assert (frequencies <= high + 1e-12).all()


@every
@pytest.mark.parametrize("known", [True, False])
def test_what_lies_outside_leaves_no_ghosts(model: SignalModel, known: bool, rng: np.random.Generator) -> None:
    for level_db in (rng.uniform(-20.0, 20.0), 50.0):
        tensor = tone(model, outside(model, rng), level_db, rng) + noise(model, 1.0, rng)
        assert CAREFUL.estimate(tensor, model, 1.0 if known else None).order == 0


def test_the_weakest_of_echoes_outside_leaves_no_ghosts_with_cancelling_gains(rng: np.random.Generator) -> None:
    """5 dB above the noise, far outside in delay, where a search of the view alone found six targets up to +59.7 dB."""
    tensor = tone(RADAR, np.array([[0.1, 0.592, 0.02]]), 5.0, rng) + noise(RADAR, 1.0, rng)
    assert CAREFUL.estimate(tensor.astype(np.complex64), RADAR).order == 0


@every
@pytest.mark.parametrize("targets", [None, 1])
def test_a_target_is_found_alone_beside_two_echoes_50_db_stronger(
    model: SignalModel, targets: int | None, rng: np.random.Generator
) -> None:
    """Its gain too, within what the noise makes of it."""
    low, high = np.array(model.views).T
    truth = rng.uniform(low + 0.1 * (high - low), high - 0.1 * (high - low))[None]
    level_db = 10.0 * np.log10(200.0 / model.size)
    strong = [tone(model, outside(model, rng), level_db + 50.0, rng) for _ in range(2)]
    tensor = tone(model, truth, level_db, rng) + sum(strong) + noise(model, 1.0, rng)
    found = CAREFUL.estimate(tensor, model, targets=targets)
    assert found.order == 1
    assert errors_bins(model, truth, found.frequencies).max() < 0.5
    assert abs(np.abs(found.gains[0]) * np.sqrt(model.size) - np.sqrt(200.0)) < 7.0


@pytest.mark.parametrize("compression", [Uncompressed(), Dpss(), Decimate(factors=(1, 4))], ids=lambda one: one.kind)
def test_compressions_that_fold_make_no_targets_of_what_lies_outside(
    compression: Compression, rng: np.random.Generator
) -> None:
    """A quarter of the band above its view a tone looks like one inside, to every fourth sample."""
    model = model_of({"kind": "angle", "length": 16, "view_deg": [30, 150]}, DOPPLER)
    tensor = tone(model, np.array([[0.1, 0.25]]), 10.0, rng) + noise(model, 1.0, rng)
    assert Plain(compression=compression, false_alarm=1e-8).estimate(tensor, model).order == 0


@pytest.mark.parametrize("targets", [None, 2])
def test_nothing_outside_of_the_view_is_reported(targets: int | None, rng: np.random.Generator) -> None:
    """Of noise alone, where many are let pass, and of an echo at an end of the view."""
    lenient = Plain(false_alarm=0.45)
    for _ in range(10):
        for model in (LINES, SQUARE):
            end = np.array(model.views)[None, :, rng.integers(2)]
            for tensor in (noise(model, 1.0, rng), tone(model, end, -10.0, rng) + noise(model, 1.0, rng)):
                found = lenient.estimate(tensor, model, targets=targets)
                assert_inside(found.frequencies, model)
                assert targets is None or found.order == targets


@pytest.mark.parametrize("targets", [None, 1])
def test_a_target_at_an_end_of_the_view_is_found(targets: int | None, rng: np.random.Generator) -> None:
    """Though noise moves the peak outside every other time."""
    for _ in range(10):
        end = np.array(SQUARE.views)[None, :, rng.integers(2)]
        found = CAREFUL.estimate(tone(SQUARE, end, -5.0, rng) + noise(SQUARE, 1.0, rng), SQUARE, targets=targets)
        assert found.order == 1
        assert_inside(found.frequencies, SQUARE)
        assert errors_bins(SQUARE, end, found.frequencies).max() < 0.5


def alarms(model: SignalModel, trials: int, beside: bool, variance: float | None, rng: np.random.Generator) -> int:
    """Of so many tensors without targets those where one is found, at a probability of 0.1."""
    often, count = Plain(false_alarm=0.1), 0
    for _ in range(trials):
        tensor = noise(model, 1.0, rng)
        if beside:
            tensor = tensor + tone(model, outside(model, rng), rng.uniform(-20.0, 50.0), rng)
        count += often.estimate(tensor, model, variance).order > 0
    return count


@pytest.mark.parametrize("variance", [None, 1.0])
def test_false_alarms_beside_what_lies_outside_are_as_many_as_asked(
    variance: float | None, rng: np.random.Generator
) -> None:
    assert_rate(alarms(LINES, 150, True, variance, rng), 150, 0.1)


@pytest.mark.slow
@every
@pytest.mark.parametrize("beside", [True, False])
def test_false_alarms_are_as_many_as_asked_in_any_number_of_modes(
    model: SignalModel, beside: bool, rng: np.random.Generator
) -> None:
    assert_rate(alarms(model, 400, beside, None, rng), 400, 0.1)


def test_a_lone_frequency_in_noise_of_unknown_variance_has_an_exponential_ratio(rng: np.random.Generator) -> None:
    draws = rng.standard_normal((20_000, 6, 2)) @ [1.0, 1j]
    energies = np.sum(np.abs(draws) ** 2, axis=1)
    assert_law([ratio(abs(one[0]) ** 2, left, 6, None) for one, left in zip(draws, energies, strict=True)], "expon")


def test_the_threshold_of_few_samples_is_what_noise_of_unknown_variance_exceeds(rng: np.random.Generator) -> None:
    """Against the largest of a fine grid over 60,000 draws of noise in 6 samples: without tubes 1.4 times as many."""
    length, view, chance = 6, (-0.3, 0.2), 0.01
    atoms = steering(length, np.linspace(*view, 100)).values / np.sqrt(length)
    draws = rng.standard_normal((60_000, length, 2)) @ [1.0, 1j]
    shares = np.max(np.abs(draws @ atoms.conj()) ** 2, axis=1) / np.sum(np.abs(draws) ** 2, axis=1)
    limit = threshold((ModeMap(length),), (view,), chance, length)
    highest = -(length - 1) * np.log1p(-shares)
    assert_rate(int(np.sum(highest > limit)), len(draws), chance)


def test_what_a_compression_does_not_hear_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Subspaces learnt from noise miss targets: in one trial no fit explained a peak, and a hundred were tried."""
    jobs = jobs_of(load("plain_compression", ["study.estimators={HOSVD: {kind: plain, compression: hosvd}}"]))
    task = next(job.point.task for job in jobs if job.point.coordinates["snr_db"] == -20.0)
    fitted = MagicMock(side_effect=WholeField._fitted)

    def counted(*given: object) -> object:
        assert fitted.call_count < 60  # of 20 trials
        return fitted(*given)

    monkeypatch.setattr(WholeField, "_fitted", counted)
    task.evaluate(Streams(1, 0, 2, task.stream_keys()))
    assert fitted.called
