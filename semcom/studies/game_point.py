"""One point of a game study: episodes of one coder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from semcom.errors import UserError
from semcom.games.coders import CODERS, Coder
from semcom.games.metrics import GAME_METRICS, GameMetric
from semcom.games.rules import Listener, Rules
from semcom.learning import Pupil, files_of
from semcom.studies.study import Task
from semcom.studies.tallies import tallies_of
from semcom.tally import Tallies
from semcom_channels import Streams
from semcom_channels.spec import key_of


class GamePoint(Task):
    """A game, its coder and its listener at a rate."""

    rules: Rules
    coder: Annotated[Coder, CODERS]
    listener: Listener
    metrics: tuple[Annotated[GameMetric, GAME_METRICS], ...]
    episodes: Annotated[int, Field(ge=1)]
    rate_bits: Annotated[float, Field(ge=0.0)] | None
    steps: Annotated[int, Field(ge=1)] | None

    def check(self) -> None:
        """Raises UserError for an environment that there is not, and for a policy that cannot play it."""
        from semcom.studies.game_trials import game_of

        if self.steps is not None and self.steps > self.rules.most_steps:
            raise UserError(f"steps is {self.steps}, beyond most_steps of the game, {self.rules.most_steps}")
        letters = game_of(self).letters
        if not self.listener.feedback and len(letters) > 1:
            raise UserError("feedback: false replays every message; this has several blocks. Take a Discrete message")

    def pupils(self) -> tuple[Pupil, ...]:
        """Those of its policy and of its coder."""
        return (*self.rules.policy.pupils(self.rules.setting), *self.coder.pupils(self.rules.setting))

    def files(self) -> Mapping[str, tuple[Path, ...]]:
        """Weights, and the policy's own."""
        return {
            "rules": self.rules.files(),
            "coder": files_of(self.coder.pupils(self.rules.setting)),
        }

    def facts(self) -> Mapping[str, float]:
        """The bits of the message, its entropy."""
        from semcom.studies.game_trials import game_of

        return {"message_bits": game_of(self).prior.entropy_bits}

    def cautions(self) -> tuple[str, ...]:
        """Whether episodes end before their environment ends them."""
        spec, most = self.rules.made().spec, self.rules.most_steps
        horizon = spec.max_episode_steps if spec is not None else None
        if self.steps is not None or horizon is None or horizon <= most:
            return ()
        return (f"episodes end after most_steps, {most}; the environment would let them last {horizon}",)

    def stream_keys(self) -> Mapping[str, int]:
        """Messages and the environment's chances depend on the environment alone: coders and rates compare in pairs."""
        key = int(key_of(self.rules.setting.plain()), 16)
        return dict.fromkeys(("source", "action", "noise"), key)

    def counted(self) -> tuple[str, ...]:
        """The kinds of its metrics."""
        return tuple(metric.kind for metric in self.metrics)

    def evaluate(self, streams: Streams) -> Tallies:
        """One chunk of episodes."""
        from semcom.studies.game_trials import game_of, play

        game = game_of(self)
        values = [[metric.value(episode, game) for metric in self.metrics] for episode in play(self, streams)]
        return tallies_of(self.metrics, values)
