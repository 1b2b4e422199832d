"""Which blocks XLA compiles, and how a user switches that."""

from pathlib import Path

import pytest

from command import complaints, semcom
from semcom.cli.checkup import checkup
from semcom_channels.compile_policy import DEFAULTS, VARIABLE, compiled, policy


def test_without_a_word_every_block_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert policy() == DEFAULTS == {"ldpc_decoder": True, "rays": True}


@pytest.mark.parametrize(
    ("said", "by_xla"), [("all", True), ("none", False), (" ldpc_decoder ", True), ("rays", False)]
)
def test_the_variable_says_which_blocks_xla_compiles(said: str, by_xla: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, said)
    assert policy() == {"ldpc_decoder": by_xla, "rays": said in ("all", "rays")}
    made = compiled("ldpc_decoder")(lambda: 1)
    assert made._jit_compile is by_xla  # type: ignore[attr-defined]


def test_a_block_that_does_not_exist_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "ldpc_decoder,warp")
    with pytest.raises(ValueError, match="SEMCOM_XLA names warp; expected all, none or some of ldpc_decoder, rays"):
        policy()


def test_a_run_under_a_wrong_variable_is_refused_in_one_line_before_there_is_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "warp")
    done = semcom("run", "smoke/ber", "--out", tmp_path / "run")
    assert done.returncode == 2
    assert complaints(done) == ["semcom: SEMCOM_XLA names warp; expected all, none or some of ldpc_decoder, rays"]
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(("said", "word"), [("none", "TensorFlow"), ("all", "XLA")])
def test_doctor_says_what_is_in_force(said: str, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, said)
    assert f"{'compiler':16} ldpc_decoder: {word}" in list(checkup())
