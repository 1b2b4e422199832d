"""Labels of actions: their bits, the law of what becomes of them, and decisions among the labels that are in use."""

from typing import Literal, TypeAlias

import numpy as np

Labelling: TypeAlias = Literal["natural", "gray"]
TIE = 1e-9  # the relative difference below which likelihoods count as equal, whatever the rounding


def action_bits(count: int, labelling: Labelling) -> np.ndarray:
    """The labels of actions 0 to count - 1, `[action, bit]` of 0 and 1, the most significant bit first.

    They have ceil(log2 count) bits: those of the number a of the action, or of a XOR a // 2, where those of successive
    actions differ in one bit. [Gray 1953]
    """
    width = (count - 1).bit_length()
    numbers = np.arange(count)
    if labelling == "gray":
        numbers = numbers ^ numbers >> 1
    return np.asarray(numbers[:, None] >> np.arange(width)[::-1] & 1)


def word_law(words: np.ndarray, letter_law: np.ndarray) -> np.ndarray:
    """P(word seen | word sent) where letters become others independently, `[word, letters seen ** place]`.

    `words` are letters `[word, place]`; `letter_law` is P(seen | sent), `[letter, letter seen]`. Words seen count up,
    their last letter the fastest.
    """
    law = np.ones((len(words), 1))
    for place in range(words.shape[1]):
        law = (law[:, :, None] * letter_law[words[:, place]][:, None, :]).reshape(len(words), -1)
    return law


def word_numbers(words: np.ndarray, letters: int) -> np.ndarray:
    """The place `[word]` of each word `[word, place]` of an alphabet of `letters` in that counting."""
    return np.asarray(words @ letters ** np.arange(words.shape[1])[::-1])


def decided(law: np.ndarray, own: np.ndarray) -> np.ndarray:
    """P(action decided | action) of maximum-likelihood decisions among the actions, `[action, action]`.

    `law` is P(word seen | action), `[action, word]`, and `own` `[action]` the word of each action, which is decided for
    it. A word of no action is decided for the action that it is likeliest to come from, the first of equals.
    """
    nearest = np.argmax(law >= law.max(axis=0) * (1.0 - TIE), axis=0)
    nearest[own] = np.arange(len(own))
    return np.array([np.bincount(nearest, row, len(own)) for row in law])
