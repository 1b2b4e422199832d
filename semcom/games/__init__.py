"""Markov coding games: a sender plays a Markov decision process and says a message by how it plays.

policy  ->  what the sender does in each state, whatever it says: it fixes the return
coder   ->  which action says what: couples the belief over messages with the policy, under a rate limit
episode ->  the game itself, and what the receiver believes after each step

`Rules(...).game(coder, link, rate_bits)` makes a game ready to be played; `PublicBelief(game)` acts as its sender, and
watches as the `receiver` of an environment of `semcom_envs`.
"""
