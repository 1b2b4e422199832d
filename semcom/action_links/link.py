"""What every action link is: it sends actions, and a receiver learns how likely each possible one was."""

from __future__ import annotations

from abc import abstractmethod
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from semcom.errors import UserError
from semcom_channels import Part

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike


class ActionLink(Part):
    """A memoryless channel whose inputs are the actions 0 to count - 1; each action meets a channel of its own.

    A kind gives its `law`. One whose receiver learns more than a letter of a finite alphabet replaces `receive` and
    `information_bits` too. A `count` below 1, an action outside 0 to count - 1 and a law that is none raise UserError,
    here alone.
    """

    @abstractmethod
    def law(self, count: int) -> np.ndarray:
        """P(seen | action) for a count that was checked, `[action, seen]` float64; rows sum to 1."""

    def transition_matrix(self, count: int) -> np.ndarray:
        """P(seen | action), `[action, seen]` float64, read-only; rows sum to 1.

        What is seen is an action, but for a link that can see less of one, such as `erasure`.
        """
        return _table(self, checked_count(count)).transitions

    def likelihoods(self, actions: ArrayLike, count: int, rng: np.random.Generator) -> np.ndarray:
        """P(what arrives | action) of each possible action up to a common factor, `[batch, action]` float64.

        `actions`, `[batch]` integers, are sent through independent draws of the channel. A hard decision gives a column
        of the transition matrix, a soft one values of a density whose largest is 1.
        """
        count = checked_count(count)
        return self.receive(_checked_actions(actions, count), count, rng)

    def receive(self, actions: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
        """The likelihoods, `[batch, action]`, of actions and a count that were checked."""
        import numpy as np

        table = _table(self, count)
        passed = rng.random(len(actions))[:, None] >= table.cumulative[actions]
        return np.asarray(table.columns[passed.sum(axis=1)])

    def information_bits(self, count: int) -> float:
        """I(action; seen) of uniform actions in bits, 1/n sum P(s | a) log2(P(s | a) / P(s)). [Cover & Thomas 2006]"""
        import numpy as np
        from scipy.special import rel_entr

        matrix = self.transition_matrix(count)
        return float(np.sum(rel_entr(matrix, matrix.mean(axis=0))) / count / np.log(2.0))


class _Table(NamedTuple):
    """A transition matrix, laid out for drawing."""

    transitions: np.ndarray
    cumulative: np.ndarray
    """P(seen <= s | action) without the last s, `[action, seen - 1]`."""
    columns: np.ndarray
    """`[seen, action]`."""


@lru_cache(maxsize=64)
def _table(link: ActionLink, count: int) -> _Table:
    import numpy as np

    try:
        matrix = np.asarray(link.law(count), np.float64)
    except (TypeError, ValueError) as error:
        raise UserError(f"the law of {link.kind} for {count} actions is no matrix of numbers: {error}") from None
    sums = matrix.sum(axis=1) if matrix.ndim == 2 else np.zeros(1)
    if matrix.shape[:1] != (count,) or not (matrix >= 0.0).all() or not np.allclose(sums, 1.0, rtol=0.0, atol=1e-6):
        raise UserError(
            f"the law of {link.kind} for {count} actions has shape {matrix.shape} and rows that sum to "
            f"{sums.min():.6g} to {sums.max():.6g}; expected a row of probabilities for each action"
        )
    matrix = matrix / matrix.sum(axis=1, keepdims=True)
    sums = np.cumsum(matrix, axis=1)
    table = _Table(matrix, sums[:, :-1] / sums[:, -1:], np.ascontiguousarray(matrix.T))
    for array in table:
        array.setflags(write=False)
    return table


def checked_count(count: int) -> int:
    """The number of possible actions; raises UserError below 1."""
    import numpy as np

    if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 1:
        raise UserError(f"count is {count}; expected a whole number of possible actions, at least 1")
    return int(count)


def _checked_actions(actions: ArrayLike, count: int) -> np.ndarray:
    import numpy as np

    given = np.asarray(actions)
    if given.ndim != 1 or not (np.issubdtype(given.dtype, np.integer) or given.size == 0):
        raise UserError(f"actions have shape {given.shape} of {given.dtype}; expected [batch] integers")
    outside = (given < 0) | (given >= count)
    if outside.any():
        place = int(outside.argmax())
        raise UserError(f"action {given[place]} at place {place} of the batch; expected 0 to {count - 1}")
    return given.astype(np.intp)
