"""The chain of a code that is given by labels of messages."""

import numpy as np

from semcom.coupling import Bottleneck, Masses, through_message_code
from semcom.coupling.codes import Labels, code_of


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
    return messages if rate_bits >= np.log2(messages) else max(int(2.0**rate_bits), 1)
