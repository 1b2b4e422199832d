"""A classifier of digit pictures, for receivers that get pictures."""

from functools import cache
from typing import Any

import numpy as np
from sklearn.svm import SVC

from semcom.sources.digits import examples, moved

PENALTY = 5.0  # of a training digit on the wrong side
SHARPNESS = 0.2  # gamma of exp(-gamma |a - b|^2); both chosen by cross-validation on the training digits
MOVES = (-1, 0, 1)  # columns: each training digit is learnt in three places


def read_digits(pictures: Any) -> Any:
    """The digit in each picture `[batch, 8, 8, 1]`, `[batch]` int64."""
    answers: Any = _reader().predict(np.asarray(pictures).reshape(len(pictures), -1))
    return answers.astype(np.int64)


@cache
def _reader() -> Any:
    """A support vector machine with a Gaussian kernel, trained on the clean training digits. [Cortes & Vapnik 1995]

    Nothing in its training is random.
    """
    pictures, labels = examples("train")
    places = [moved(pictures, np.full(len(labels), columns)) for columns in MOVES]
    flat = np.concatenate(places).reshape(len(MOVES) * len(labels), -1)
    return SVC(C=PENALTY, gamma=SHARPNESS).fit(flat, np.tile(labels, len(MOVES)))
