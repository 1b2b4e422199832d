"""One episode of a coding game."""

from dataclasses import dataclass, field

import numpy as np

from semcom.coupling import Bottleneck
from semcom.coupling.entropy import entropy_of
from semcom.games.belief import Belief
from semcom.games.game import Game
from semcom.games.public_belief import PublicBelief


@dataclass
class Episode:
    """What happened."""

    message: tuple[int, ...]
    """The letter of each block."""
    belief: Belief
    """The receiver's, at the end."""
    rewards: list[float] = field(default_factory=list)
    rates_bits: list[float] = field(default_factory=list)
    """H(T) in each step."""
    policies_bits: list[float] = field(default_factory=list)
    """H(pi(. | s)) in each step: what an action could say at most."""
    actions: list[int] = field(default_factory=list)


def with_feedback(game: Game, seed: int, draws: np.random.Generator, noise: np.random.Generator, steps: int) -> Episode:
    """The sender knows what the receiver sees: both hold one public belief. At most so many steps are played."""
    begin, _ = game.environment.reset(seed=seed)
    state, public = begin["observation"], PublicBelief(game)
    public.reset(state)
    episode = Episode(game.blocks(begin["message"]), public.belief)
    for _ in range(steps):
        action = public.chain.draw(episode.message[public.belief.open_block], draws)
        heard = game.link.likelihoods(np.array([action]), game.sender.actions, noise)[0]
        after, over = acted(game, episode, public.chain, action)
        public.hear(state, heard, after)
        state = after
        if over:
            break
    episode.belief = public.belief
    return episode


def acted(game: Game, episode: Episode, chain: Bottleneck, action: int) -> tuple[object, bool]:
    """The next state, and whether the game is over; the episode keeps what happened."""
    after, reward, terminated, truncated, _ = game.environment.step(action + int(game.environment.action_space.start))
    episode.actions.append(action)
    episode.rewards.append(float(reward))
    episode.rates_bits.append(chain.rate_bits)
    episode.policies_bits.append(entropy_of(chain.decoder.column_masses))
    return after["observation"], bool(terminated or truncated)
