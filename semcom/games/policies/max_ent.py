"""Maximum entropy policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from semcom.games.policies.policy import Player, Policy

if TYPE_CHECKING:
    from semcom.games.environment import Setting


class MaxEnt(Policy):
    """pi(a | s) ~ exp(Q(s, a) / beta), the best of return + beta x entropy. [Ziebart 2010, section 6.2]

    Q(s, a) = E[r + gamma V(s')], V(s) = beta ln sum_a exp(Q(s, a) / beta), iterated until nothing changes, or backwards
    from a horizon. More temperature leaves more room to say something and costs return.
    """

    kind: Literal["max_ent"] = "max_ent"
    cites: ClassVar[tuple[str, ...]] = ("ziebart2010",)
    log_beta: Annotated[float, Field(ge=-20.0, le=10.0)] = -4.5
    """Natural logarithm of the temperature beta, in the unit of rewards."""
    discount: Annotated[float, Field(gt=0.0, le=1.0)] = 0.95
    """gamma."""
    horizon: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """Steps after which the game ends, known to the policy; null: none, the discount must be below 1."""

    def player(self, setting: Setting) -> Player:
        """By soft value iteration; raises UserError for a game without a table of its law, or one that never ends."""
        from semcom.games.decision_process import of_environment
        from semcom.games.soft_values import backwards, stationary
        from semcom.games.tabular_player import TabularPlayer

        process = of_environment(setting.made())
        if self.horizon is not None:
            return TabularPlayer(backwards(process, self.log_beta, self.discount, self.horizon))
        return TabularPlayer(stationary(process, self.log_beta, self.discount)[None])
