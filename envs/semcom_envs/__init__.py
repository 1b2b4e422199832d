"""Control: games to play over a link, as Gymnasium and PettingZoo environments.

Importing it registers the ids with both; the environments themselves are imported when they are made.
"""

from gymnasium.envs.registration import register
from pettingzoo.env_registry.registration import register as register_with_pettingzoo

GAMES = {
    "CodeGrid-v0": "semcom_envs.code_grid:CodeGrid",
    "CodeGridNoisy-v0": "semcom_envs.code_grid_noisy:CodeGridNoisy",
    "CodeFrozenLake-v0": "semcom_envs.code_frozen_lake:CodeFrozenLake",
    "CodeCliff-v0": "semcom_envs.code_cliff:CodeCliff",
    "CodeTaxi-v0": "semcom_envs.code_taxi:CodeTaxi",
    "CodeCart-v0": "semcom_envs.code_cart:CodeCart",
    "CodePong-v0": "semcom_envs.code_pong:CodePong",
}
VECTORS = {
    "CodeGrid-v0": "semcom_envs.tabular_vector:CodeGridVector",
    "CodeGridNoisy-v0": "semcom_envs.tabular_vector:CodeGridNoisyVector",
    "CodeFrozenLake-v0": "semcom_envs.tabular_vector:CodeFrozenLakeVector",
    "CodeCliff-v0": "semcom_envs.tabular_vector:CodeCliffVector",
    "CodeTaxi-v0": "semcom_envs.tabular_vector:CodeTaxiVector",
}

for _name, _entry_point in GAMES.items():
    register(_name, entry_point=_entry_point, vector_entry_point=VECTORS.get(_name))
    _game = {"game": _name}
    register_with_pettingzoo("parallel", f"semcom/{_name}", "semcom_envs.parallel_coding:parallel_env", kwargs=_game)
