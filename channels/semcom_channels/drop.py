"""What the models of whole cells share: users dropped in a sector, each with its own path to the base station."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from semcom_channels.budget_channel import BudgetChannel
from semcom_channels.covariance import Covariance
from semcom_channels.link_budget import LinkBudget
from semcom_channels.tensors import Tensor


class Drop(BudgetChannel):
    """Users at random places of a sector. [3GPP TR 38.901, sections 7.2 to 7.5]

    The base station stands in a corner of a hexagon and its array looks into it, tilted down; terminals stand upright
    and turned at random, 1.5 m high, in buildings too, and in no cars. Gains have unit mean power whatever the path
    loss: `snr_db` is then the SNR of each user, or a link budget tells it from the path.
    """

    cites: ClassVar[tuple[str, ...]] = ("tr38901", "sionna")
    user: Annotated[int, Field(ge=0)] | None = None
    """One user of the drop, whose place, shadow and spreads stay; null: each unit is another user."""
    users: Annotated[int, Field(ge=1, le=1000)] = 100
    """Users in the drop that `user` counts; neighbours have similar shadows and spreads."""
    drop_seed: Annotated[int, Field(ge=0, lt=2**62)] = 1
    """The number that the drop's places come from."""
    indoor_probability: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    """Share of users in buildings; null: the model's own."""
    line_of_sight: bool | None = None
    """Whether the base station is in sight, for users in buildings from outside their walls; null: with the model's
    probability."""
    budget: LinkBudget | None = None
    """Tells the SNR of a `user` from its path; null: the sweep gives it."""

    @model_validator(mode="after")
    def _there_is_such_a_user(self) -> Self:
        if self.user is not None and self.user >= self.users:
            raise ValueError(f"user is {self.user}; the drop has users 0 to {self.users - 1}")
        return self

    def check(self) -> str | None:
        """A link budget is of one user."""
        if self.budget is not None and self.user is None:
            return "a budget tells the SNR of one user; give user, or sweep channel.user"
        return None

    @property
    def walls(self) -> tuple[str, ...]:
        """What Sionna's model takes of buildings."""
        return ()

    @property
    def law(self) -> Self:
        """The cell, without what tells one user from another."""
        return self.model_copy(update={"user": None, "budget": None})

    def gain_db(self) -> float:
        """Of the user's path, with its shadow and the elements' patterns; ValueError without a user."""
        from semcom_channels.sionna_door import drops

        if self.user is None:
            raise ValueError("a user is needed")
        return drops.gain_db(self)

    def paths(self, seed: int, batch: int, times: int, rate_hz: float) -> tuple[Tensor, Tensor]:
        """Clusters of rays with their own delays in each unit."""
        from semcom_channels.sionna_door import drops

        return drops.paths(self, seed, batch, times, rate_hz)

    def longest_delay_s(self) -> float:
        """The delay after which a thousandth of the mean power is left, over all users."""
        from semcom_channels.path_sample import longest_delay_s

        return longest_delay_s(self.law)

    def covariance(self) -> Covariance:
        """Of a sample of users, as a product of one covariance in time and one in frequency."""
        from semcom_channels.path_sample import covariance

        return covariance(self.law)
