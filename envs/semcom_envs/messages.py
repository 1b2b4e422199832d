"""Messages of a coding game: how many there are, how likely each is, and which one a belief guesses."""

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from gymnasium.envs.toy_text.utils import categorical_sample
from gymnasium.spaces import Discrete, MultiBinary

from semcom.errors import UserError

Belief = npt.NDArray[np.float64]  # [message] probabilities, or [bit] the probability of a one

BELIEF = "the receiver's belief"
MOST_MESSAGES = 1 << 20
NEAR_ONE = 1e-6  # single precision may miss one by so much; what is kept sums to one


class Messages(Protocol):
    """What a sender may have to say."""

    space: Any
    prior: Belief

    def draw(self, rng: np.random.Generator) -> Any:
        """A message by the prior."""

    def given(self, message: Any) -> Any:
        """The message that a user asks for, in the space's own type."""

    def believed(self, belief: npt.ArrayLike) -> Belief:
        """A receiver's belief, checked and copied."""

    def guess(self, belief: Belief) -> Any:
        """The message that a belief thinks likeliest; the first of equals."""


class Numbers:
    """One of n messages, a number from 0 to n - 1."""

    def __init__(self, count: int, prior: npt.ArrayLike | None) -> None:
        self.space = Discrete(count)
        self.prior = np.full(count, 1.0 / count) if prior is None else shares(prior, count)

    def draw(self, rng: np.random.Generator) -> np.int64:
        """A message by the prior."""
        return np.int64(categorical_sample(self.prior, rng))

    def given(self, message: Any) -> np.int64:
        """The message that a user asks for."""
        if not self.space.contains(message):
            raise UserError(f"message is {shown(message)}; expected a whole number from 0 to {self.space.n - 1}")
        return np.int64(message)

    def believed(self, belief: npt.ArrayLike) -> Belief:
        """A receiver's belief, checked and copied."""
        return shares(belief, int(self.space.n), BELIEF)

    def guess(self, belief: Belief) -> np.int64:
        """The likeliest message."""
        return np.int64(np.argmax(belief))


class Bits:
    """An array of independent bits."""

    def __init__(self, space: MultiBinary, prior: npt.ArrayLike | None) -> None:
        self.space = MultiBinary(space.n)
        self.prior = np.full(space.shape, 0.5) if prior is None else chances(prior, space.shape)

    def draw(self, rng: np.random.Generator) -> npt.NDArray[np.int8]:
        """A message by the prior."""
        return (rng.random(self.space.shape) < self.prior).astype(np.int8)

    def given(self, message: Any) -> npt.NDArray[np.int8]:
        """The message that a user asks for."""
        bits = numbers(message, self.space.shape, "message", "of zeros and ones")
        wrong = np.flatnonzero(~np.isin(bits, (0, 1)))
        if wrong.size:
            raise UserError(f"message has {bits.ravel()[wrong[0]]:g} at place {wrong[0]}; expected zeros and ones")
        return bits.astype(np.int8)

    def believed(self, belief: npt.ArrayLike) -> Belief:
        """A receiver's belief, checked and copied."""
        return chances(belief, self.space.shape, BELIEF)

    def guess(self, belief: Belief) -> npt.NDArray[np.int8]:
        """Each bit as it is likelier; zero when both are."""
        return (belief > 0.5).astype(np.int8)


def messages_of(messages: int | Discrete | MultiBinary, prior: npt.ArrayLike | None = None) -> Messages:
    """Messages of a number or a space, uniform when no prior is given.

    The prior holds the probability of each message, or that each bit is a one.
    """
    if isinstance(messages, MultiBinary):
        _check_count(int(np.prod(messages.shape)), f"messages has {messages.n} bits", "bits")
        return Bits(messages, prior)
    if isinstance(messages, Discrete) and messages.start == 0:
        return messages_of(int(messages.n), prior)
    if isinstance(messages, int | np.integer) and not isinstance(messages, bool) and messages >= 1:
        _check_count(int(messages), f"messages is {messages}", "messages, or a MultiBinary for more")
        return Numbers(int(messages), prior)
    raise UserError(f"messages is {messages!r}; expected a number of at least 1, a Discrete from 0 or a MultiBinary")


def _check_count(count: int, given: str, what: str) -> None:
    if count > MOST_MESSAGES:  # an array of probabilities is kept of them, and each step gives a copy
        raise UserError(f"{given}; expected at most 2^{MOST_MESSAGES.bit_length() - 1} {what}")


def shown(value: Any) -> str:
    """A value as an error shows it: a number of NumPy's as the number."""
    return repr(value.item() if isinstance(value, np.generic) else value)


def shares(prior: npt.ArrayLike, count: int, called: str = "prior") -> Belief:
    """Probabilities of messages that exclude each other, checked."""
    kept = chances(prior, (count,), called)
    if abs(kept.sum() - 1.0) > NEAR_ONE:
        raise UserError(f"{called} sums to {kept.sum():.6g}; expected 1")
    return np.asarray(kept / kept.sum())


def numbers(given: npt.ArrayLike, shape: tuple[int, ...], called: str, each: str) -> npt.NDArray[np.float64]:
    """An array of numbers, copied; raises UserError for one of another shape or of no numbers."""
    try:
        kept = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise UserError(f"{called} is {given!r}; expected numbers of the shape {shape}, {each}") from None
    if kept.shape != shape:
        raise UserError(f"{called} has shape {kept.shape}; expected {shape}, {each}")
    return kept


def chances(prior: npt.ArrayLike, shape: tuple[int, ...], called: str = "prior") -> Belief:
    """Probabilities of a shape, checked each on its own."""
    kept = numbers(prior, shape, called, "a probability for each")
    for wrong, name in ((np.isnan(kept), "NaN"), (kept < 0.0, "negative"), (kept > 1.0, "above 1")):
        if wrong.any():
            raise UserError(f"{called} is {name} at {np.flatnonzero(wrong)[0]}; expected probabilities")
    return kept
