"""Whatever is wrong with a scenario is told in a line or two, with the file and the line."""

import re
from pathlib import Path

import numpy as np
import pytest

from mutants import mutant, write
from no_hang import no_hang
from scenario_text import SMALL
from semcom.errors import UserError
from semcom.scenario import complaints
from semcom.scenario.find import load
from semcom.sweep.plan import planned


def told_of(path: Path) -> list[str]:
    """What `semcom run` says before it computes, line by line; nothing of a scenario that it would run."""
    try:
        with no_hang():
            planned(load(str(path)), str(path))
    except UserError as error:
        return str(error).splitlines()
    return []


def check(path: Path) -> bool:
    """Whether it is refused; fails for an exception, a hang, and for what does not say file and line."""
    lines = told_of(path)
    assert len(lines) <= complaints.MOST_LINES
    for line in lines:
        assert re.match(re.escape(str(path)) + r":\d+: .", line)
        assert len(line) < 3000
        assert line.isprintable()
    return bool(lines)


def check_many(count: int, folder: Path, seed: int) -> None:
    refused = 0
    for number in range(count):
        name, text = mutant(np.random.default_rng([seed, number]))
        path = write(folder, text)
        try:
            refused += check(path)
        except BaseException as error:
            raise AssertionError(f"mutant {number} of seed {seed}, made of {name}:\n{text.decode('latin1')}") from error
    assert refused > count // 2


def test_a_broken_scenario_is_refused_in_a_line_with_its_place(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check_many(60, tmp_path, request.config.getoption("--rng-seed"))


@pytest.mark.slow
def test_many_broken_scenarios_are_refused_in_a_line_with_their_place(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check_many(500, tmp_path, 1000 + request.config.getoption("--rng-seed"))


def test_the_check_of_mutants_sees_an_exception_and_a_missing_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, SMALL.replace("seed: 3", "sed: 3").encode())
    assert check(path)
    with monkeypatch.context() as patched:
        patched.setattr(complaints, "fields_at", lambda *_: dict[str, list[str]]()["a field"])
        with pytest.raises(KeyError):
            check(path)
    with monkeypatch.context() as patched:
        patched.setattr("semcom.scenario.find.complaint", lambda *_: "something is wrong")
        with pytest.raises(AssertionError):
            check(path)
