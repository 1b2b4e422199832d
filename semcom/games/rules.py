"""What is played, and who listens."""

from typing import Annotated

from pydantic import Field

from semcom.action_links import ACTION_LINKS, ActionLink
from semcom.action_links.noiseless import NoiselessLink
from semcom.games.policies import POLICIES, MaxEnt, Policy
from semcom_channels import Spec


class Rules(Spec):
    """An environment whose observation holds the message, and the policy by which it is played."""

    environment: str
    """The id, with the module that registers it: semcom_envs:CodeGrid-v0."""
    arguments: Annotated[dict[str, int | float | str | bool], Field(default_factory=dict)]
    """Arguments of the environment, such as messages."""
    policy: Annotated[Policy, POLICIES] = MaxEnt()
    """How it is played, whatever is said."""
    discount: Annotated[float, Field(gt=0.0, le=1.0)] = 0.95
    """gamma of discounted returns."""
    block_bits: Annotated[int, Field(ge=1, le=16)] = 8
    """Bits that are coupled together, of a message of many bits."""
    most_steps: Annotated[int, Field(ge=1)] = 1000
    """Steps after which an episode is over in any case."""


class Listener(Spec):
    """How actions reach the receiver, and whether the sender knows what came."""

    link: Annotated[ActionLink, ACTION_LINKS] = NoiselessLink()
    """What becomes of actions on the way."""
    feedback: bool = True
    """Whether the sender sees what the receiver sees; else the receiver replays each message that may be meant."""
