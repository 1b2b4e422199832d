"""A sender that couples what is believed with how it plays."""

from collections.abc import Callable
from typing import Any

from semcom.coupling import Bottleneck, Masses
from semcom.games.honesty import check_chain
from semcom.games.policies.policy import Player


class CouplingSender:
    """Its actions keep the policy's law exactly, whatever is said."""

    def __init__(
        self,
        coupled: Callable[[Masses, Masses, float], Bottleneck],
        player: Player,
        rate_bits: float,
        most_bits: float,
    ) -> None:
        """`coupled` makes chains of belief, policy and rate; `most_bits` is what H(T) may be, which is checked."""
        self.actions, self.most_bits = player.actions, most_bits
        self._coupled, self._player, self._rate_bits = coupled, player, rate_bits

    def chain(self, belief: Masses, step: int, observation: Any) -> Bottleneck:
        """The chain, checked: AssertionError if it changed a marginal or passed the rate."""
        belief, law = _read_only(belief), _read_only(self._player.law(step, observation))
        chain = self._coupled(belief, law, self._rate_bits)
        check_chain(chain, belief, law, self.most_bits)
        return chain


def _read_only(masses: Masses) -> Masses:
    """A view that a coder cannot spend: policies are remembered, and beliefs shared."""
    view = masses.view()
    view.setflags(write=False)
    return view
