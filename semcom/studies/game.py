"""Markov coding games: what is won, and what is said meanwhile."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, Literal

from pydantic import Field

from semcom.games.coders import CODERS, Coder
from semcom.games.metrics import GAME_METRICS, GameMetric
from semcom.games.rules import Listener, Rules
from semcom.studies.game_point import GamePoint
from semcom.studies.study import Coordinate, Point, Study, Sweep
from semcom.studies.sweep_fields import check_amounts, check_axes, part_at, places_of

PARTS = ("game", "coder", "listener")
OWN_AXES = ("rate_bits", "steps")
LABELS = ("coder", "game", "listener")
AXIS_LABELS = {
    "rate_bits": "Rate limit R (bit/step)",
    "steps": "Steps played before the receiver guesses",
    "game.policy.log_beta": "Log temperature of the policy, ln(beta)",
    "game.arguments.messages": "Messages",
    "listener.link.snr_db": "Es/N0 of the symbols that tell the action (dB)",
}
RATE_CONVENTIONS = {
    True: "R bounds H(T) of each step, where message - T - action",
    False: "R bounds nothing here: this sender keeps no limit",
}


def _one_listener() -> dict[str, Listener]:
    return {"listener": Listener()}


class GameStudy(Study):
    """Every coder in every game before every listener at every point of the sweep."""

    kind: Literal["game"] = "game"
    labels = LABELS
    axis_labels = AXIS_LABELS
    games: Annotated[dict[str, Rules], Field(min_length=1)]
    """What is played, under the names that the legend shows."""
    coders: Annotated[dict[str, Annotated[Coder, CODERS]], Field(min_length=1)]
    """Who says what by playing, under the names that the legend shows."""
    listeners: Annotated[dict[str, Listener], Field(default_factory=_one_listener, min_length=1)]
    """Who hears it, under the names that the legend shows."""
    metrics: Annotated[tuple[Annotated[GameMetric, GAME_METRICS], ...], Field(min_length=1)]
    """What is measured."""
    episodes: Annotated[int, Field(ge=1, le=100_000)] = 50
    """Episodes in a chunk, the smallest piece of work."""

    def points(self, sweep: Sweep) -> tuple[Point, ...]:
        """The points, game by game; raises UserError for parts that do not fit together."""
        return tuple(self._points(sweep))

    def metric_names(self) -> tuple[str, ...]:
        """The kinds of what is measured, the deciding one first."""
        return tuple(metric.kind for metric in self.metrics)

    def block(self) -> str:
        """An episode."""
        return "an episode with its own message"

    def _points(self, sweep: Sweep) -> Iterator[Point]:
        check_axes(sweep, OWN_AXES, PARTS)
        check_amounts(sweep, counts=("steps",))
        for labels in product(self.games, self.coders, self.listeners):
            for place in places_of(sweep):
                named: dict[str, Coordinate] = dict(zip(("game", "coder", "listener"), labels, strict=True))
                task = self._task(labels, place)
                yield Point({**named, **place}, task, {"rate_bits": RATE_CONVENTIONS[task.coder.keeps_rate]})

    def _task(self, labels: tuple[str, str, str], place: Mapping[str, Coordinate]) -> GamePoint:
        game, coder, listener = labels
        return GamePoint(
            rules=part_at(self.games[game], "game", place),
            coder=part_at(self.coders[coder], "coder", place),
            listener=part_at(self.listeners[listener], "listener", place),
            metrics=self.metrics,
            episodes=self.episodes,
            rate_bits=float(place["rate_bits"]) if "rate_bits" in place else None,
            steps=int(place["steps"]) if "steps" in place else None,
        )
