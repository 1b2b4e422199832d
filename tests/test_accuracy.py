"""Accuracy counts right answers, whether scores arrive or pictures."""

import numpy as np
import pytest

from near import assert_rate
from semcom.metrics import METRICS, Accuracy, Sent
from semcom.metrics.digit_reader import read_digits
from semcom.sources.digits import examples
from semcom_channels.backend import graph, tf


def test_scores_are_answered_by_the_highest() -> None:
    scores = tf.constant([[0.1, 0.9, 0.3], [5.0, -1.0, 4.9], [-3.0, -2.0, -1.0]])
    sent = Sent(tf.zeros((3, 8, 8, 1)), tf.constant([1, 2, 2], tf.int64))
    np.testing.assert_array_equal(Accuracy().measure(sent, scores), [1.0, 0.0, 1.0])


def test_the_receiver_reads_at_least_97_of_100_clean_test_digits() -> None:
    pictures, labels = examples("test")
    right = Accuracy().measure(Sent(tf.constant(pictures), tf.constant(labels)), tf.constant(pictures))
    assert right.shape == (719,)
    assert np.mean(right) >= 0.97


def test_the_receiver_never_saw_the_test_digits() -> None:
    train, test = (examples(split)[0].reshape(-1, 64) for split in ("train", "test"))
    assert not {picture.tobytes() for picture in train} & {picture.tobytes() for picture in test}


def test_reading_gives_each_picture_its_own_answer() -> None:
    pictures, _ = examples("test")
    answers = read_digits(pictures[:50])
    assert answers.dtype == np.int64
    np.testing.assert_array_equal(read_digits(pictures[49::-1]), answers[::-1])


def test_pictures_are_read_inside_a_compiled_graph() -> None:
    pictures, labels = examples("test")

    @graph
    def measure(data: object, truth: object) -> object:
        return Accuracy().measure(Sent(data, truth), data)

    inside = measure(tf.constant(pictures[:100]), tf.constant(labels[:100]))
    np.testing.assert_array_equal(inside, read_digits(pictures[:100]) == labels[:100])


@pytest.mark.parametrize("shape", [(10,), (8, 8, 1)], ids=["scores", "pictures"])
def test_noise_is_right_one_time_in_ten(shape: tuple[int, ...], rng: np.random.Generator) -> None:
    labels = rng.integers(10, size=2000)
    noise = rng.uniform(size=(2000, *shape)).astype(np.float32)
    right = Accuracy().measure(Sent(tf.zeros((2000, 8, 8, 1)), tf.constant(labels)), tf.constant(noise))
    assert_rate(int(np.sum(right)), 2000, 0.1)


def test_only_accuracy_judges_scores() -> None:
    assert [name for name, kind in METRICS.kinds.items() if getattr(kind, "judges_scores", False)] == ["accuracy"]
