"""Every smoke scenario runs, and training makes the weights that a run asks for."""

import json
from pathlib import Path

import numpy as np
import pytest

from command import ROOT, semcom

TRAINED = ("game_training", "learning", "training")
SMOKE = sorted(path.stem for path in (ROOT / "scenarios" / "smoke").glob("*.yaml"))


def lines(run: Path) -> "list[dict[str, object]]":
    return [json.loads(line) for line in (run / "points.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("name", [name for name in SMOKE if name not in TRAINED])
def test_a_smoke_scenario_runs_to_its_figure(name: str, tmp_path: Path) -> None:
    done = semcom("run", f"smoke/{name}", "--out", tmp_path / "run", "--workers", 1)
    assert done.returncode == 0, done.stderr
    assert lines(tmp_path / "run")
    assert (tmp_path / "run" / "curves.png").is_file()
    assert (tmp_path / "run" / "curves.pdf").is_file()


@pytest.mark.parametrize("name", TRAINED)
def test_training_makes_the_weights_that_a_run_asks_for(name: str, tmp_path: Path) -> None:
    refused = semcom("run", f"smoke/{name}", cwd=tmp_path)
    assert refused.returncode == 2
    assert f"semcom train smoke/{name}" in refused.stderr
    trained = semcom("train", f"smoke/{name}", cwd=tmp_path)
    assert trained.returncode == 0, trained.stderr
    (story,) = (tmp_path / "weights").glob("*.json")
    pupil = json.loads(story.read_text())["pupil"]
    (learner,) = [pupil[part] for part in ("coder", "policy") if part in pupil] or [pupil]
    assert learner["training"]["steps"] == 4
    done = semcom("run", f"smoke/{name}", "--out", "run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(lines(tmp_path / "run")) == 2
    again = semcom("train", f"smoke/{name}", "--out", "again", "--force", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    first, second = (next((tmp_path / folder).glob("*.npz")) for folder in ("weights", "again"))
    assert first.name == second.name
    with np.load(first) as one, np.load(second) as other:
        assert all(np.array_equal(one[name], other[name]) for name in one.files)
