"""Control: games to play over a link, as Gymnasium and PettingZoo environments."""
