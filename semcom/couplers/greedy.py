"""The greedy coupling."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.couplers.coupler import Coupler

if TYPE_CHECKING:
    from semcom.coupling import Coupling, Masses


class Greedy(Coupler):
    """Again and again the largest mass that is left of either marginal. [Kocaoglu et al. 2017; Compton et al. 2023]"""

    kind: Literal["greedy"] = "greedy"
    cites: ClassVar[tuple[str, ...]] = ("kocaoglu2017", "compton2023")
    kernel: Literal["auto", "plain", "fast"] = "auto"
    """Who computes, never what: `fast` is compiled by numba (extra `fast`), `auto` takes it where it pays."""

    def check(self, letters: int) -> None:
        """Raises UserError for too many letters, and for the kernel `fast` without its extra."""
        from semcom.coupling.greedy import is_fast

        super().check(letters)
        is_fast(self.kernel, 2 * letters)

    def couple(self, p: Masses, q: Masses) -> Coupling:
        """By the kernel."""
        from semcom.coupling import couple_greedily

        return couple_greedily(p, q, self.kernel)
