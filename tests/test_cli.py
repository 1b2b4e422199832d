"""What a user sees of the command line."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from command import FOLDERS, ROOT, environment, semcom
from scenario_text import small
from semcom.cli import main
from semcom.record.machine import gpus

COMMANDS = ("run", "train", "plot", "list", "schema", "export", "cite", "doctor")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    done = semcom(command, "--help")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) > 5


@pytest.mark.parametrize("words", ["['--help']", "['list']"])
def test_light_commands_import_nothing_heavy(words: str) -> None:
    program = (
        f"import sys; sys.argv[1:] = {words}\n"
        "from semcom.cli.main import main\n"
        "try: main()\n"
        "except SystemExit as leaving: assert not leaving.code\n"
        "heavy = {'tensorflow', 'sionna', 'matplotlib', 'numpy', 'scipy', 'PIL', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_run_prints_its_table_and_no_noise(tmp_path: Path) -> None:
    done = semcom("run", small(tmp_path), "--out", tmp_path / "run", "--workers", 2)
    assert done.returncode == 0, done.stderr
    assert "ber ± half its 95 % interval" in done.stdout
    assert "12/12 points" in done.stderr
    noise = [line for line in done.stderr.splitlines() if line.strip() and "small" not in line]
    assert noise == []
    assert (tmp_path / "run" / "curves.png").stat().st_size > 10_000
    machine = json.loads((tmp_path / "run" / "machine.json").read_text())
    assert machine[0]["versions"]["tensorflow"].startswith("2.")
    assert machine[0]["gpus"] == gpus()
    line = json.loads((tmp_path / "run" / "points.jsonl").read_text().splitlines()[0])
    assert line["facts"]["channel_uses"] == 60.0
    assert line["conventions"]["snr_db"].startswith("SNR = Es/N0")


def test_a_mistake_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = semcom("run", small(tmp_path, ("kind: rayleigh", "kind: raleigh")), "--out", tmp_path / "run")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert re.search(r"small\.yaml:9: study\.channels\.fading: 'raleigh' is not known", done.stderr)
    assert not (tmp_path / "run").exists()


def test_a_mistake_that_a_point_finds_leaves_no_folder_and_says_the_file(tmp_path: Path) -> None:
    wrong = small(tmp_path, ("packet_bits: 120", "packet_bits: 121"))
    done = semcom("run", wrong, "--out", tmp_path / "run")
    assert done.returncode == 2
    point = "transceiver QPSK, channel AWGN, receiver perfect, snr_db 0.0"
    assert done.stderr.startswith(f"semcom: {wrong}:6: {point}: packet_bits is 121; ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_weights_that_could_not_be_kept_are_not_trained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = semcom("train", "smoke/training", "--out", tmp_path / "file")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"semcom: {tmp_path / 'file'}: is a file; choose another --out"


def test_a_full_output_is_a_failure_in_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "semcom", "schema"],
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("semcom: the output: No space left on device\n")


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    done = semcom("run", small(tmp_path, ("kind: rayleigh", "kind: raleigh")), "--debug")
    assert "Traceback" in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plot", "nowhere"), "nowhere: no such run folder"),
        (("plot", ROOT / "tests"), "is no run folder: it has no readable scenario.yaml"),
        (("run", "ber_awgn", "--part", "3/2"), "--part 3/2: expected i/n with 1 <= i <= n"),
        (("run", "ber_awgn", "--set", "seed"), "--set seed: expected path=value"),
        (("export", "nowhere"), "nowhere: no such run folder"),
        (("cite", "nothing"), "nothing: no such scenario"),
        (("run", "ber_awgn", "--set", "sweep.ebn0_db=[.inf]"), "sweep.ebn0_db.0: inf was given; it should be a finite"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(words: tuple[object, ...], message: str, tmp_path: Path) -> None:
    done = semcom(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_folder_that_is_missing_is_a_failure_in_one_line(tmp_path: Path) -> None:
    done = semcom("schema", "--out", "nowhere/schema.json", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "semcom: nowhere/schema.json: cannot be written: No such file or directory\n"


def test_a_scenario_without_learners_has_nothing_to_train(tmp_path: Path) -> None:
    done = semcom("train", small(tmp_path), cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == "nothing in small learns\n"


def test_what_came_out_alike_each_time_is_said_to_be() -> None:
    from semcom.cli.table import cell
    from semcom.figures.curves import Curve
    from semcom.tally import Mean, Rate

    tallies = (Mean.of([21.5] * 6), Mean.of([21.0, 22.0, 23.0]), Rate.of([0] * 40, 10), Rate.of([1] * 40, 10))
    curve = Curve("", "one", (0, 1, 2, 3), tuple(tally.interval() for tally in tallies), tuple(t[0] for t in tallies))
    shown = [cell(curve, place) for place in (0, 1, 2, 3, 4)]
    assert shown == ["21.5*", "22 ±2", "< 0.088", "0.1 ±0.1", "-"]


def test_tensorflow_that_ran_with_many_threads_is_refused() -> None:
    program = "import tensorflow as tf; tf.ones(3) + 1.0; import semcom_channels.backend"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == (
        "ImportError: TensorFlow has run already, with many threads; import semcom_channels before"
    )


def test_every_citation_is_complete_bibtex() -> None:
    from semcom.catalogue import bibliography, families
    from semcom.scenario.find import load, shipped

    for name, path in shipped():
        text = bibliography(load(str(path)))
        assert text.count("{") == text.count("}"), name
        assert text.startswith("@software{sionna")
    known = (ROOT / "semcom" / "references.bib").read_text()
    for kinds in families().values():
        for kind in kinds.values():
            for key in kind.cites:
                assert f"{{{key}," in known


def test_the_schema_is_fresh() -> None:
    from semcom.scenario.schema import schema_text

    assert (ROOT / "scenarios" / "schema.json").read_text() == schema_text(), (
        "run semcom schema --out scenarios/schema.json"
    )


def test_doctor_names_what_is_missing() -> None:
    done = semcom("doctor")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^tensorflow +2\.", done.stdout, re.MULTILINE)
    assert re.search(r"^GPUs ", done.stdout, re.MULTILINE)
    assert re.search(r"^extra lpips +(installed|missing: pip install 'semcom\[lpips\]')$", done.stdout, re.MULTILINE)
    assert re.search(r"smoke/training +lacks 1 weights: semcom train smoke/training$", done.stdout, re.MULTILINE)
    assert done.stderr == ""


def test_floors_are_found_by_children() -> None:
    assert all(Path(folder).is_dir() for folder in FOLDERS)


def test_an_error_that_an_interrupt_became_is_an_interrupt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As pydantic makes one of Ctrl-C while it builds a schema."""

    def interrupted(_: object) -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(10.0)
        except KeyboardInterrupt as error:
            raise ValueError("no schema") from error

    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setattr(main, "app", interrupted)
    try:
        with pytest.raises(SystemExit, match="1"):
            main.main()
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    assert capsys.readouterr().err.startswith("semcom: stopped; what is finished is kept")
