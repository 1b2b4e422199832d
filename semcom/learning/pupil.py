"""What everything that learns is."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from semcom_channels import Spec
from semcom_channels.spec import key_of

if TYPE_CHECKING:
    import numpy as np


class Lesson(NamedTuple):
    """How far a training is."""

    step: int
    """Steps done."""
    loss: float
    """The mean loss since the last report."""
    weights: Sequence[np.ndarray]
    """All weights as they are now."""


class Pupil(Spec):
    """All that decides what is learned: architecture, training and its seed, and what it is trained in."""

    kind: str

    @property
    def weights_key(self) -> str:
        """The hash of what makes the weights."""
        return key_of(self.plain())

    @property
    @abstractmethod
    def training_steps(self) -> int:
        """How many a training has."""

    @abstractmethod
    def learn(self) -> Iterator[Lesson]:
        """Trains from the start and reports now and then; the last report comes with the finished weights."""

    def files(self) -> tuple[Path, ...]:
        """Its weights; raises UserError when there are none."""
        from semcom.learning.weight_files import find_or_say

        return (find_or_say(self),)


def files_of(pupils: Iterable[Pupil]) -> tuple[Path, ...]:
    """The weights of pupils; raises UserError when there are none."""
    return tuple(path for pupil in pupils for path in pupil.files())
