"""What needs an extra says so, and works where the extra is."""

import importlib.util
import re
import sys

import pytest

from coding_games import made, marked
from command import ROOT
from semcom.errors import UserError

README = (ROOT / "envs" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)

needs_rl = pytest.mark.skipif(
    importlib.util.find_spec("stable_baselines3") is None, reason="needs the extra rl: pip install 'semcom[rl]'"
)


def test_pong_without_its_extra_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ale_py", None)
    with pytest.raises(UserError, match=re.escape("CodePong-v0 needs the extra atari: pip install 'semcom[atari]'")):
        made("CodePong-v0")


@needs_rl
@pytest.mark.parametrize("name", marked())
def test_stable_baselines3_finds_no_fault(name: str) -> None:
    from stable_baselines3.common.env_checker import check_env

    check_env(made(name), warn=True)


def test_the_readme_s_examples_in_pure_numpy_run(capsys: pytest.CaptureFixture[str]) -> None:
    here = [text for text in EXAMPLES if "stable_baselines3" not in text]
    assert len(here) == 2
    for text in here:
        exec(compile(text, "envs/README.md", "exec"), {})
    assert "learnt" in capsys.readouterr().out


@needs_rl
def test_the_readme_trains_ppo() -> None:
    (text,) = (text for text in EXAMPLES if "stable_baselines3" in text)
    told: dict[str, object] = {}
    exec(compile(text, "envs/README.md", "exec"), told)
    assert float(str(told["reward"])) > 1.8
