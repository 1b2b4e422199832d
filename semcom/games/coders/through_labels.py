"""The chain of a code that is given by labels of messages."""

from math import log2

import numpy as np

from semcom.coupling import Bottleneck, Masses, through_message_code
from semcom.coupling.codes import Labels, code_of

ROUNDING = 1e-12
"""Of log2 of an even law of letters, in bits; none where their number is a power of two."""


def through_labels(belief: Masses, labels: Labels, policy: Masses) -> Bottleneck:
    """T is the label of the message, `[message]`, and is coupled with the action."""
    return through_message_code(code_of(belief, labels), policy)


def uncompressed(belief: Masses, policy: Masses) -> Bottleneck:
    """T is the message."""
    return through_labels(belief, np.arange(belief.size), policy)


def by_count(order: Labels, cells: int, messages: int) -> Labels:
    """Labels of these messages in this order, in so many runs of as equal a count as can be; the others get 0."""
    labels = np.zeros(messages, np.int64)
    labels[order] = np.arange(len(order)) * cells // len(order)
    return labels


def whole_cells(rate_bits: float, messages: int) -> int:
    """floor(2^R), at most one for each message: letters of a code of fixed length."""
    cells = min(round(2.0 ** min(rate_bits, 30.0)), messages)
    rounded = 0.0 if cells & (cells - 1) == 0 else ROUNDING
    return int(cells) if cells > 0 and log2(cells) <= rate_bits - rounded else max(int(cells) - 1, 1)
