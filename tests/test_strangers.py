"""A scenario or a run folder from a stranger runs no code and writes nothing outside its run folder."""

import contextlib
import json
import pickle
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest

from command import semcom
from scenario_text import small
from semcom.catalogue import bibliography
from semcom.errors import UserError
from semcom.figures.draw import draw
from semcom.figures.netcdf import write
from semcom.figures.paired import compare
from semcom.learning import Pupil
from semcom.learning.weights import load as load_weights
from semcom.record.folder import WHOLE, RunFolder
from semcom.scenario.find import load
from semcom.scenario.scenario import Scenario
from semcom.sweep.plan import planned
from semcom.sweep.sweep import run
from semcom.teaching.pupils import learned
from semcom.teaching.school import teach
from semcom_channels import Trace

CANARY = """\
from pathlib import Path

import gymnasium

Path(__file__).with_name("sang").touch()
gymnasium.register("Canary-v0", entry_point="canary:law", disable_env_checker=True)


def law(observation=None):
    return [0.1, 0.2, 0.3, 0.4]
"""

GAME = """\
name: stranger
study:
  kind: game
  games:
    grid:
      environment: semcom_envs:CodeGrid-v0
      arguments: {messages: 8}
  coders:
    one: skew
    other: mec_bottleneck
  metrics: [reward]
  episodes: 4
sweep:
  rate_bits: [1]
stop: {min_blocks: 8, max_blocks: 8}
"""
POLICY = (
    "      arguments: {messages: 8}\n",
    "      arguments: {messages: 8}\n      policy: {kind: callable, function: F}\n",
)


@pytest.fixture
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], bool]]:
    """A module of the stranger; says whether it has been run."""
    (tmp_path / "canary.py").write_text(CANARY)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "canary", raising=False)
    monkeypatch.chdir(tmp_path)
    yield lambda: (tmp_path / "sang").exists()
    gymnasium.registry.pop("Canary-v0", None)


def game(folder: Path, *changes: tuple[str, str]) -> Path:
    text = GAME
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "stranger.yaml"
    path.write_text(text)
    return path


NAMED = [
    (
        (POLICY[0], POLICY[1].replace("F", "'canary:law'")),
        r":8: study\.games\.grid\.policy\.function: canary:law names",
    ),
    (
        ("semcom_envs:CodeGrid-v0", "canary:Canary-v0"),
        r":6: study\.games\.grid\.environment: canary:Canary-v0 names code",
    ),
    (("semcom_envs:CodeGrid-v0", "CartPole-v1"), r":6: study\.games\.grid\.environment: CartPole-v1 names code"),
    (
        ("semcom_envs:CodeGrid-v0", "semcom_envs:GymV26Environment-v0"),
        r":6: study\.games\.grid\.environment: semcom_envs:GymV26Environment-v0 names code",
    ),
    (
        ("semcom_envs:CodeGrid-v0", "semcom_envs.canary:CodeGrid-v0"),
        r":6: study\.games\.grid\.environment: .* names code",
    ),
    (
        ("rate_bits: [1]", "rate_bits: [1]\n  game.environment: ['canary:Canary-v0']"),
        r":15: sweep\.game\.environment: canary:Canary-v0 names code",
    ),
    (
        (POLICY[0], POLICY[1].replace("F", "'math:cos'")),
        r":8: study\.games\.grid\.policy\.function: math:cos names code",
    ),
]


@pytest.mark.parametrize(("change", "message"), NAMED)
def test_code_that_a_scenario_names_does_not_run(
    change: tuple[str, str], message: str, tmp_path: Path, canary: Callable[[], bool]
) -> None:
    with pytest.raises(
        UserError, match=message + r".*give --trust \(in Python trust=True\) if you trust who wrote this"
    ):
        load(str(game(tmp_path, change)))
    assert not canary()


@pytest.mark.parametrize("change", [NAMED[0][0], NAMED[1][0], NAMED[5][0]])
def test_code_that_a_scenario_names_runs_for_those_who_trust_it(
    change: tuple[str, str], tmp_path: Path, canary: Callable[[], bool]
) -> None:
    path = str(game(tmp_path, change))
    with contextlib.suppress(UserError):  # the canary is no game
        planned(load(path, trust=True), path)
    assert canary()


def test_the_games_of_semcom_need_no_trust() -> None:
    import semcom_envs

    for name in semcom_envs.GAMES:
        load("smoke/game", [f"study.games.grid.environment=semcom_envs:{name}"])


def test_trust_is_an_option_of_the_command_line(tmp_path: Path, canary: Callable[[], bool]) -> None:
    path = game(tmp_path, (POLICY[0], POLICY[1].replace("F", "'canary:law'")))
    refused = semcom("run", path, cwd=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.splitlines()[-1].startswith(
        f"semcom: {path}:8: study.games.grid.policy.function: canary:law names code"
    )
    assert not canary()
    assert not (tmp_path / "runs").exists()


def test_code_is_refused_at_each_door_of_python(tmp_path: Path, canary: Callable[[], bool]) -> None:
    scenario = load(str(game(tmp_path, NAMED[1][0])), trust=True)
    with pytest.raises(UserError, match=r"study\.games\.grid\.environment: canary:Canary-v0 names code"):
        next(run(scenario, RunFolder(tmp_path)))
    taught = load("smoke/learning", ["study.games.cart.environment=canary:Canary-v0"], trust=True)
    pupils: list[Pupil] = list(learned(taught).values())
    with pytest.raises(UserError, match=r"environment: canary:Canary-v0 names code"):
        next(teach(pupils, tmp_path, 1))
    assert not canary()


def test_looking_at_a_run_runs_no_code_of_its_scenario(tmp_path: Path, canary: Callable[[], bool]) -> None:
    honest = load(str(game(tmp_path)))
    folder = RunFolder.create(tmp_path / "run", honest)
    list(run(honest, folder))
    text = (folder.path / "scenario.yaml").read_text()
    stranger = text.replace("kind: max_ent", "kind: callable\n        function: canary:law")
    stranger = "\n".join(
        line for line in stranger.splitlines() if line.split(":")[0].strip() not in ("log_beta", "horizon")
    )
    place = stranger.index("function: canary:law")
    stranger = stranger[:place] + stranger[place:].replace("        discount: 0.95\n", "", 1)
    (folder.path / "scenario.yaml").write_text(stranger)
    opened = RunFolder.open(folder.path)
    keys = [job.key for job in planned_keys(opened.scenario())]
    lines = [json.loads(line) for line in (folder.path / "points.jsonl").read_text().splitlines()]
    kept = [json.dumps({**line, "key": key}) for line, key in zip(lines, keys, strict=True)]
    (folder.path / "points.jsonl").write_text("\n".join(kept) + "\n")
    draw([opened], tmp_path / "figures")
    write(opened, tmp_path / "record.nc")
    bibliography(opened.scenario())
    assert compare(opened, "one", "reward")
    assert not canary()


def planned_keys(scenario: Scenario) -> Any:
    from semcom.sweep.job import jobs_of

    return jobs_of(scenario)


@pytest.mark.parametrize("name", ["points.jsonl", "progress.jsonl"])
@pytest.mark.parametrize("there", [True, False])
def test_nothing_is_counted_into_what_a_link_leads_to(name: str, there: bool, tmp_path: Path) -> None:
    scenario = load(str(small(tmp_path)))
    folder = RunFolder.create(tmp_path / "run", scenario)
    target = tmp_path / "precious"
    if there:
        target.write_text("")
    (folder.path / name).symlink_to(target)
    with pytest.raises(UserError, match=rf"{name}: is a link; what is counted goes into the run folder itself"):
        list(run(scenario, folder))
    assert target.exists() == there
    assert not there or target.read_text() == ""


def test_what_is_written_whole_takes_the_place_of_a_link(tmp_path: Path) -> None:
    scenario = load(str(small(tmp_path, ("[0, 4, 8]", "[0, 4]"), ("600", "20"))))
    folder = RunFolder.create(tmp_path / "run", scenario)
    list(run(scenario, folder))
    target = tmp_path / "precious"
    names = ("machine.json", "curves.png", "curves.pdf", "record.nc")
    for name in names:
        target.write_text("[]")
        (folder.path / name).unlink(missing_ok=True)
        (folder.path / name).symlink_to(target)
    folder.note_machine(WHOLE, {"commit": "a"})
    draw([folder], folder.path)
    write(folder, folder.path / "record.nc")
    kept = (folder.path / "scenario.yaml").read_text()
    (folder.path / "scenario.yaml").unlink()
    (tmp_path / "scenario.txt").write_text(kept)
    (folder.path / "scenario.yaml").symlink_to(tmp_path / "scenario.txt")
    RunFolder.create(folder.path, load(str(tmp_path / "small.yaml"), ["sweep.snr_db=[0]"]))
    assert target.read_text() == "[]"
    assert (tmp_path / "scenario.txt").read_text() == kept
    assert all((folder.path / name).is_file() and not (folder.path / name).is_symlink() for name in names)
    assert sorted(path.name for path in folder.path.iterdir()) == sorted((*names, "points.jsonl", "scenario.yaml"))


class Sings:
    """What runs when a pickle is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("as_weights", [True, False])
def test_pickles_in_files_of_numbers_are_not_read(as_weights: bool, tmp_path: Path) -> None:
    inner, outer, sang = tmp_path / "w000.npy", tmp_path / "a.npz", tmp_path / "sang"
    objects = np.empty(1, object)
    objects[0] = Sings(sang)
    np.save(inner, objects, allow_pickle=True)
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "gains.npy")
    if as_weights:
        with pytest.raises(UserError, match="cannot be read as weights"):
            load_weights(outer, [(1,)])
    else:
        assert "cannot be read as npz" in str(Trace(file=str(outer)).check())
    assert not sang.exists()
    with inner.open("rb") as file:
        np.lib.format.read_array(file, allow_pickle=True)
    assert sang.exists(), "the pickle of this test does nothing"
    assert pickle.dumps(Sings(sang))
