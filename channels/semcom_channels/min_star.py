"""What a parity check answers to each of its bits, in whole numbers.

Log-likelihood ratios are int16 in steps of 1/32, so what comes out is the same to the last bit on every machine,
compiled or not, whatever else is in the batch.
"""

import math
from collections.abc import Callable, Sequence

from semcom_channels.backend import tf
from semcom_channels.tensors import Llrs, Tensor

STEPS = 32
"""Steps of a log-likelihood ratio of 1."""
LN2 = round(math.log(2.0) * STEPS)
LARGEST_ANSWER = 4095
LARGEST_TOTAL = 24000  # a total, an answer more and another answer still fit into 16 bits


def quantised(llrs: Llrs) -> Tensor:
    """Log-likelihood ratios as int16; what is not a number, such as the sum of two sure opposites, says nothing."""
    largest = LARGEST_TOTAL / STEPS
    known = tf.where(tf.math.is_nan(llrs), 0.0, tf.clip_by_value(llrs, -largest, largest))
    return tf.cast(tf.round(known * float(STEPS)), tf.int16)


def answers(asked: Tensor) -> Tensor:
    """What checks say of each of their bits, given what the other bits say: the A-min* rule.

    2 atanh(prod tanh(x / 2)) over the others, with the signs exact. The magnitude is combined two by two: for the bit
    of least magnitude over all others, and for all others over every bit, which errs to the safe side.
    [Jones, Valles, Smith, Villasenor 2003]

    Edges come first: `[edge, ...]` int16 both ways.
    """
    sizes = tf.minimum(tf.abs(asked), _int16(LARGEST_ANSWER))
    least = _once(_pairwise(tf.minimum, tf.unstack(sizes)))
    is_least = tf.equal(sizes, least)
    rest = _once(_pairwise(combined, tf.unstack(tf.where(is_least, _int16(LARGEST_ANSWER), sizes))))
    every = _once(combined(rest, least))
    ties = _pairwise(tf.add, tf.unstack(tf.cast(is_least, tf.int16)))
    to_least = _once(tf.where(ties > 1, every, rest))
    sign = tf.bitwise.right_shift(asked, _int16(15))  # 0 or -1
    others_sign = tf.bitwise.bitwise_xor(_once(_pairwise(tf.bitwise.bitwise_xor, tf.unstack(sign))), sign)
    return tf.bitwise.bitwise_xor(tf.where(is_least, to_least, every), others_sign) - others_sign


def combined(a: Tensor, b: Tensor) -> Tensor:
    """Magnitudes of two bits to that of their sum: min(a, b) + c(a + b) - c(|a - b|), c(x) = log(1 + exp(-x)).

    c(x) is max(0, ln 2 - x / 4), which never makes the result negative. [Hu, Eleftheriou, Arnold, Dholakia 2001]
    """
    near = tf.minimum(tf.bitwise.right_shift(tf.abs(a - b), _int16(2)), _int16(LN2))
    far = tf.minimum(tf.bitwise.right_shift(a + b, _int16(2)), _int16(LN2))
    return tf.minimum(a, b) + near - far


def _pairwise(combine: Callable[[Tensor, Tensor], Tensor], terms: Sequence[Tensor]) -> Tensor:
    """The terms combined as in a knockout tournament."""
    while len(terms) > 1:
        pairs = [combine(a, b) for a, b in zip(terms[::2], terms[1::2], strict=False)]
        terms = [*pairs, terms[-1]] if len(terms) % 2 else pairs
    return terms[0]


def _once(value: Tensor) -> Tensor:
    """The same value, of magnitude up to a third of int16, computed once.

    XLA fuses a cheap value into each of its uses, so that every edge of a check would go through all edges again; it
    never repeats a division.
    """
    return tf.raw_ops.TruncateDiv(x=value * _int16(3), y=_int16(3))


def _int16(value: int) -> Tensor:
    return tf.constant(value, tf.int16)
