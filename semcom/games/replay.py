"""A receiver whose sender does not know what it sees: it replays every message that may have been meant."""

from typing import NamedTuple

import numpy as np

from semcom.coupling import rescaled
from semcom.errors import UserError
from semcom.games.belief import Belief
from semcom.games.episode import Episode, acted
from semcom.games.game import Game

HOPELESS = 40.0  # nats below the likeliest message, from where on a message is given up


class Branch(NamedTuple):
    """Messages that would have acted alike so far."""

    messages: np.ndarray
    """`[message]` int64."""
    belief: Belief
    """What a sender of any of them would think that a perfect receiver believes."""


def without_feedback(game: Game, seed: int, shared: int, noise: np.random.Generator, steps: int) -> Episode:
    """The receiver knows states and shares the sender's randomness, of this seed; actions reach it by the link alone.

    The sender's next action depends on its own actions so far. So the receiver follows, for each message, what its
    sender would have done, and multiplies likelihoods of what it saw: the exact posterior, but for messages that fall
    40 nats behind. Raises UserError for a message of several blocks.
    """
    if len(game.letters) > 1:
        raise UserError("replay follows every message; this one has too many. Take a Discrete message")
    begin, _ = game.environment.reset(seed=seed)
    state = begin["observation"]
    episode = Episode(game.blocks(begin["message"]), game.prior)
    (prior,) = game.prior.blocks
    evidence = np.full(prior.size, -np.inf)
    meant = np.flatnonzero(prior)
    evidence[meant] = np.log(prior[meant] / prior.max())
    branches = [Branch(meant, game.prior)]
    for step in range(steps):
        chains = [game.sender.chain(branch.belief.blocks[0], step, state) for branch in branches]
        doings = []
        for branch, chain in zip(branches, chains, strict=True):
            possible = np.flatnonzero(branch.belief.blocks[0])
            drawn = chain.draw_many(possible, np.random.default_rng([shared, step]))
            doings.append(drawn[np.searchsorted(possible, branch.messages)])
        said = episode.message[0]
        mine = next(place for place, branch in enumerate(branches) if said in branch.messages)
        action = int(doings[mine][branches[mine].messages == said][0])
        heard = game.link.likelihoods(np.array([action]), game.sender.actions, noise)[0]
        after, over = acted(game, episode, chains[mine], action)
        with np.errstate(divide="ignore"):
            telling = np.log(heard * game.passage(state, after))
        for branch, does in zip(branches, doings, strict=True):
            evidence[branch.messages] += telling[does]
        hopeless = evidence <= evidence.max() - HOPELESS
        hopeless[said] = False  # whose sender plays on
        evidence[hopeless] = -np.inf  # for good: what is not replayed any more must not seem likely later
        branches = [
            Branch(kept, branch.belief.after(0, chain, np.eye(game.sender.actions)[done]))
            for branch, chain, does in zip(branches, chains, doings, strict=True)
            for done in np.unique(does)
            if len(kept := branch.messages[(does == done) & ~hopeless[branch.messages]])
        ]
        state = after
        if over:
            break
    episode.belief = Belief([rescaled(np.exp(evidence - evidence.max()), "likelihoods")])
    return episode
