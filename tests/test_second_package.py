"""Another package adds a channel, a transceiver and a source."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from scipy.special import erfc

from command import ROOT, environment
from near import assert_block_rate
from semcom.tally import Rate

PACKAGE = ROOT / "tests" / "second_package"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built and installed by pip."""
    target = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", str(target), str(PACKAGE)], check=True)
    return target


def semcom_with(installed: Path, *words: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "semcom", *map(str, words)],
        env=environment(str(installed)),
        capture_output=True,
        text=True,
        check=False,
    )


def test_kinds_of_another_package_are_listed(installed: Path) -> None:
    listed = semcom_with(installed, "list").stdout
    for line in ("impulsive  ", "repetition  ", "morse  "):
        assert f"\n  {line}" in listed


def test_kinds_of_another_package_run_and_obey_their_closed_form(installed: Path, tmp_path: Path) -> None:
    done = semcom_with(installed, "run", PACKAGE / "scenario.yaml", "--out", tmp_path / "run", "--workers", 2)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in (tmp_path / "run" / "points.jsonl").read_text().splitlines()]
    assert len(lines) == 8
    for line in lines:
        where = line["coordinates"]
        snr = 10.0 ** (where["snr_db"] / 10.0) * {"once": 1, "three times": 3}[where["transceiver"]]
        if where["channel"] == "AWGN":
            assert_block_rate(Rate(**line["tallies"]["ber"]), 0.5 * erfc(snr**0.5))
