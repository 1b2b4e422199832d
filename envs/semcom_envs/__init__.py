"""Control: games to play over a link, as Gymnasium and PettingZoo environments.

Importing it registers the ids; the environments themselves are imported when they are made.
"""

from gymnasium.envs.registration import register

GAMES = {
    "CodeGrid-v0": "semcom_envs.code_grid:CodeGrid",
    "CodeGridNoisy-v0": "semcom_envs.code_grid_noisy:CodeGridNoisy",
}

for _id, _entry_point in GAMES.items():
    register(_id, entry_point=_entry_point)
