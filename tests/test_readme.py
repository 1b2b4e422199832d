"""What the README tells a user to do works."""

import re
import shlex
from pathlib import Path

from command import ROOT, semcom
from semcom.figures.curves import panels
from semcom.record.contents import digests
from semcom.record.folder import RunFolder
from semcom.scenario.find import load, shipped
from semcom.scenario.scenario import Scenario
from semcom.scenario.yaml_text import read
from semcom.sweep.job import jobs_of

README = (ROOT / "README.md").read_text()


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_commands_of_the_readme_run(tmp_path: Path) -> None:
    commands = [shlex.split(line, comments=True) for text in fenced("bash") for line in text.splitlines()]
    assert len(commands) > 5
    for program, *words in commands:
        assert program == "semcom"
        done = semcom(*words, cwd=tmp_path)
        assert done.returncode == 0, (words, done.stderr)


def test_the_scenario_of_the_readme_is_one_and_its_channel_takes_the_place_of_others() -> None:
    text, parts = fenced("yaml")
    scenario = Scenario.read(read(text, "README.md").plain)
    assert len(scenario.points()) == 16
    plain = scenario.plain()
    changed = Scenario.read({**plain, "study": {**plain["study"], **read(parts, "README.md").plain}})
    assert {point.coordinates["receiver"] for point in changed.points()} == {"known", "estimated"}


def test_the_readme_names_every_scenario_and_shows_its_figure() -> None:
    for name, path in shipped():
        if "/" not in name:
            assert f"| `{name}` |" in README
            assert f"](results/{name}/curves.png)" in README
            assert (ROOT / "results" / name / "curves.png").is_file()
            assert load(str(path)).name == name


def test_published_results_are_those_of_the_scenarios() -> None:
    for name, path in shipped():
        if "/" not in name:
            kept, asked = RunFolder.open(ROOT / "results" / name), load(str(path))
            assert kept.scenario() == asked
            finished, jobs = kept.finished(), jobs_of(asked)
            assert set(finished) == {job.key for job in jobs}
            for job in jobs:
                assert finished[job.key].contents == digests(job.point.task.files()), "weights made anew: make results"


def test_deep_jscc_leads_every_separate_transceiver_at_low_snr_and_bandwidth() -> None:
    (panel, *_) = panels(RunFolder.open(ROOT / "results" / "image_vs_bandwidth"))
    curves = {curve.label: curve.y for curve in panel.curves}
    assert sum(label.endswith("+ LDPC") for label in curves) == 4
    for ratio in (0, 1):  # 1/48 and 1/24, at -10 dB
        analogue = curves["dct_jscc (DeepJSCC)"][ratio].low
        assert all(analogue > y[ratio].high for label, y in curves.items() if label.endswith("+ LDPC"))


def test_published_results_name_no_folder_of_the_machine_that_made_them() -> None:
    machines = list((ROOT / "results").glob("*/machine.json"))
    assert machines
    assert [path for path in machines if "--out /" in path.read_text()] == []
