"""Likeness of pictures against scikit-image and SciPy."""

import math

import numpy as np
import pytest
from scipy import ndimage
from skimage import metrics as skimage_metrics

from semcom.errors import UserError
from semcom.metrics import Metric, MsSsim, Psnr, Sent, Ssim
from semcom.sources import Photographs
from semcom_channels.backend import tf

# TensorFlow's SSIM in float32: eight roundings of moments up to 1, E x^2 - (E x)^2 and the like, over 0.03^2. Flat
# bright places come near it (4.3e-4 was seen); elsewhere it is 1e-4 or less.
SINGLE = 8.0 * 2.0**-24 / 0.03**2


def picture(side: int, rng: np.random.Generator) -> np.ndarray:
    """A piece of a photograph, `[side, side, 3]` float32."""
    whole = Photographs().pictures()[int(rng.integers(3))]
    top, left = (int(rng.integers(size - side + 1)) for size in whole.shape[:2])
    return np.asarray(whole[top : top + side, left : left + side] / 255.0, np.float32)


def damaged(original: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """The picture with noise, blurred, dimmed and as a flat grey."""
    noisy = np.clip(original + rng.normal(0.0, 0.1, original.shape), 0.0, 1.0)
    blurred = ndimage.gaussian_filter(original, (2.0, 2.0, 0.0))
    return [np.asarray(each, np.float32) for each in (noisy, blurred, 0.7 * original, np.full_like(original, 0.5))]


def measured(metric: Metric, original: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    sent = Sent(tf.constant(np.stack([original] * len(others))), tf.zeros(len(others), tf.int64))
    return np.asarray(metric.measure(sent, tf.constant(np.stack(others))))


def test_psnr_is_that_of_scikit_image(rng: np.random.Generator) -> None:
    original = picture(64, rng)
    others = damaged(original, rng)
    exact = [skimage_metrics.peak_signal_noise_ratio(original, other, data_range=1.0) for other in others]
    np.testing.assert_allclose(measured(Psnr(), original, others), exact, atol=1e-3)


def test_psnr_of_a_given_error_is_its_logarithm() -> None:
    original = np.full((32, 32, 3), 0.5, np.float32)
    others = [original + np.float32(error) for error in (0.1, 0.01, 0.0)]
    np.testing.assert_allclose(measured(Psnr(), original, others), [20.0, 40.0, 100.0], atol=1e-3)


def test_ssim_is_that_of_scikit_image_with_the_window_of_its_authors(rng: np.random.Generator) -> None:
    original = picture(96, rng)
    others = damaged(original, rng)
    exact = [
        skimage_metrics.structural_similarity(
            original.astype(np.float64),
            other.astype(np.float64),
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
            data_range=1.0,
            channel_axis=2,
        )
        for other in others
    ]
    np.testing.assert_allclose(measured(Ssim(), original, others), exact, atol=SINGLE)


def moments(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Maps of SSIM and of its contrast-structure part for one colour, where the window fits. [Wang et al. 2004]"""

    def blurred(values: np.ndarray) -> np.ndarray:
        return np.asarray(ndimage.gaussian_filter(values, 1.5, truncate=3.5)[5:-5, 5:-5])

    mean, mean_other = blurred(one), blurred(other)
    variances = blurred(one * one) + blurred(other * other) - mean**2 - mean_other**2
    covariance = blurred(one * other) - mean * mean_other
    structure = (2.0 * covariance + 0.03**2) / (variances + 0.03**2)
    return structure * (2.0 * mean * mean_other + 0.01**2) / (mean**2 + mean_other**2 + 0.01**2), structure


def multi_scale(one: np.ndarray, other: np.ndarray) -> float:
    """MS-SSIM by its definition: SSIM at the coarsest of five scales, structure at the others. [Wang et al. 2003]"""
    weights = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
    colours = []
    for colour in range(3):
        x, y = one[..., colour].astype(np.float64), other[..., colour].astype(np.float64)
        product = 1.0
        for scale, weight in enumerate(weights):
            likeness, structure = moments(x, y)
            part = likeness if scale == len(weights) - 1 else structure
            product *= max(float(part.mean()), 0.0) ** weight
            x, y = (0.25 * (z[::2, ::2] + z[1::2, ::2] + z[::2, 1::2] + z[1::2, 1::2]) for z in (x, y))
        colours.append(product)
    return math.fsum(colours) / 3.0


def test_ms_ssim_is_that_of_its_definition(rng: np.random.Generator) -> None:
    original = picture(192, rng)
    others = damaged(original, rng)[:3]
    exact = [multi_scale(original, other) for other in others]
    np.testing.assert_allclose(measured(MsSsim(), original, others), exact, atol=SINGLE)


@pytest.mark.parametrize(("metric", "best"), [(Psnr(), 100.0), (Ssim(), 1.0), (MsSsim(), 1.0)], ids=str)
def test_a_perfect_picture_has_the_best_value_and_noise_lowers_it(
    metric: Metric, best: float, rng: np.random.Generator
) -> None:
    original = picture(192, rng)
    noise = rng.normal(0.0, 1.0, original.shape)
    others = [np.asarray(original + level * noise, np.float32) for level in (0.0, 0.01, 0.05, 0.2)]
    values = list(measured(metric, original, others))
    assert values[0] == pytest.approx(best, abs=1e-4)
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)


@pytest.mark.parametrize(("metric", "side"), [(Ssim(), 11), (MsSsim(), 176)])
def test_pictures_smaller_than_the_window_are_refused(metric: Metric, side: int) -> None:
    metric.check((side, side, 3))
    told = rf"study\.metrics: {metric.kind} needs pictures of {side} pixels a side; given {side}x{side - 1}"
    with pytest.raises(UserError, match=told):
        metric.check((side - 1, side, 3))
