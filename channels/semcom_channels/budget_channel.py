"""What channels share whose paths have a loss of their own: a link budget may tell the SNR."""

from abc import abstractmethod

from semcom_channels.grid_channel import PathChannel
from semcom_channels.link_budget import LinkBudget


class BudgetChannel(PathChannel):
    """A channel of paths that a link budget turns into an SNR."""

    budget: LinkBudget | None = None
    """Tells the SNR from the paths; null: the sweep gives it."""

    def fading(self) -> object:
        """All but the link budget, so that units meet the same fades at each transmit power."""
        return {name: value for name, value in self.plain().items() if name != "budget"}

    @property
    def implies_snr(self) -> bool:
        """With a budget it does."""
        return self.budget is not None

    @abstractmethod
    def gain_db(self) -> float:
        """The power of all paths to the receiver together in dB, over that of the sender."""

    def implied_snr_db(self) -> float:
        """By the link budget; ValueError without one."""
        if self.budget is None:
            raise ValueError("a budget is needed")
        bandwidth_hz = len(self.grid.occupied) * self.grid.subcarrier_spacing_hz
        return self.budget.snr_db(self.gain_db(), bandwidth_hz)
