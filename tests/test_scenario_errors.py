"""A wrong scenario is refused in one line that says where, what was given and what was expected."""

from pathlib import Path

import pytest

from scenario_text import SMALL, small
from semcom.errors import UserError
from semcom.record.folder import RunFolder
from semcom.scenario.find import load
from semcom.scenario.scenario import Scenario
from semcom.sweep.memory import check_memory, machine_bytes
from semcom.sweep.plan import planned

CASES = [
    (
        "misspelt kind",
        ("kind: rayleigh", "kind: raleigh"),
        r":9: study\.channels\.fading: 'raleigh' is not known; did you mean rayleigh\? known: awgn, ",
    ),
    (
        "misspelt bare kind",
        ("AWGN: awgn", "AWGN: agwn"),
        r":8: study\.channels\.AWGN: 'agwn' is not known; did you mean awgn\? ",
    ),
    (
        "misspelt field",
        ("packet_bits", "packet_bit"),
        r":6: study\.source\.packet_bit: no such field; did you mean packet_bits\? known: kind, packet_bits$",
    ),
    (
        "misspelt field of a transceiver",
        ("modulation: qpsk", "modulatoin: qpsk"),
        r":11: study\.transceivers\.QPSK\.modulatoin: no such field; did you mean modulation\?",
    ),
    ("misspelt top field", ("seed: 3", "sed: 3"), r":3: sed: no such field; did you mean seed\?"),
    (
        "misspelt stop field",
        ("min_errors", "min_error"),
        r":17: stop\.min_error: no such field; did you mean min_errors\?",
    ),
    (
        "missing kind",
        ("{kind: bits, packet_bits: 120}", "{packet_bits: 120}"),
        r":6: study\.source: .* names no kind; give one as `kind: NAME`",
    ),
    (
        "wrong type",
        ("packet_bits: 120", "packet_bits: many"),
        r":6: study\.source\.packet_bits: 'many' was given; it should be a valid integer",
    ),
    (
        "truth for a number",
        ("batch: 20", "batch: true"),
        r":13: study\.batch: True was given; it should be a valid integer",
    ),
    ("the text on for a number", ("batch: 20", "batch: on"), r":13: study\.batch: 'on' was given"),
    (
        "number out of range",
        ("batch: 20", "batch: 0"),
        r":13: study\.batch: 0 was given; it should be greater than or equal to 1",
    ),
    (
        "unknown choice",
        ("modulation: qpsk", "modulation: 8psk"),
        r":11: study\.transceivers\.QPSK\.modulation: '8psk' is not accepted; expected 'bpsk', 'qpsk'",
    ),
    ("missing part", ("sweep:\n  snr_db: [0, 4, 8]\n", ""), r": sweep: is missing$"),
    ("empty axis", ("[0, 4, 8]", "[]"), r":14: sweep: snr_db has no values"),
    ("value twice", ("[0, 4, 8]", "[0, 4, 4]"), r":14: sweep: snr_db has a value twice"),
    ("infinity", ("[0, 4, 8]", "[0, .inf]"), r":15: sweep\.snr_db\.1: inf was given; it should be a finite number$"),
    (
        "too many points",
        ("[0, 4, 8]", "{start: 0, stop: 8, step: 0.01}\n  source.packet_bits: {start: 2, stop: 2000, step: 2}"),
        r":14: sweep: the axes make 801000 points up to source\.packet_bits; expected at most 100000$",
    ),
    (
        "misspelt field of a range",
        ("[0, 4, 8]", "{start: 0, stop: 8, step: 4, stp: 4}"),
        r":15: sweep\.snr_db\.stp: no such field; did you mean stop\? known: start, step, stop$",
    ),
    (
        "field of another range",
        ("[0, 4, 8]", "{start: 0, stop: 8, num: 5}"),
        r":15: sweep\.snr_db\.step: is missing\n.*:15: sweep\.snr_db\.num: no such field; known: start, step, stop$",
    ),
    (
        "range beyond numbers",
        ("[0, 4, 8]", "{start: -1e308, stop: 1e308, step: 1}"),
        r":15: sweep\.snr_db: from -1e\+308 to",
    ),
    (
        "range of too many values",
        ("[0, 4, 8]", "{start: 0, stop: 8, step: 1e-9}"),
        r":15: sweep\.snr_db: from 0\.0 to 8\.0 by 1e-09; expected at most 100000 values$",
    ),
    (
        "too many points with names and repeats",
        ("seed: 3", "seed: 3\nrepeats: 10000"),
        r":15: sweep: 3 x 2 x 2 x 1 x 10000 points with all names and repeats; expected at most 100000$",
    ),
    (
        "long text",
        ("packet_bits: 120", f"packet_bits: {'x' * 3000}"),
        r":6: study\.source\.packet_bits: 'x{56}\.\.\. was given; it should be a valid integer",
    ),
    ("nothing", (SMALL, "# only a comment\n"), r":1: is empty; expected fields such as name, study and sweep$"),
    ("a list", (SMALL, "[1]"), r":1: holds a list; expected fields such as name, study and sweep$"),
    ("a text", (SMALL, "name"), r":1: holds the text name; expected fields such as name, study and sweep$"),
    (
        "bad name",
        ("name: small", "name: ../small"),
        r":2: name: '\.\./small' names no run folder; expected at most 100 letters of A to Z",
    ),
]


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = small(tmp_path, change)
    with pytest.raises(UserError, match=message) as refused:
        load(str(path))
    assert str(refused.value).startswith(str(path))
    assert str(refused.value).count("\n") == message.count(r"\n")


POINTS = [
    ("linear SNR", "sweep.snr_db=[400]", r"snr_db is 400; expected -60 to 100\. Is it in linear scale\?"),
    (
        "unknown axis",
        "sweep={snr: [1]}",
        r":15: sweep\.snr: no such axis; did you mean snr_db\? expected snr_db, ebn0_db or a field",
    ),
    (
        "field that a part lacks",
        "sweep.transceiver.rate=[1]",
        r"sweep\.transceiver\.rate: uncoded has no field rate; known: kind, modulation$",
    ),
    (
        "field nearly spelt",
        "sweep.transceiver.modulatoin=[bpsk]",
        r"sweep\.transceiver\.modulatoin: uncoded has no field modulatoin; did you mean modulation\?",
    ),
    (
        "field nearly spelt inside a part of a part",
        "study={source: digits, transceivers: {T: {kind: separate, codec: pcm}}, channels: {A: awgn}, kind: link}"
        "|sweep={transceiver.scheme.target_losss: [0.1], snr_db: [4]}",
        r"separate has no field scheme\.target_losss; did you mean target_loss\?",
    ),
    (
        "value that a field refuses",
        "sweep.source.packet_bits=[0]",
        r"sweep\.source\.packet_bits: 0 was given; bits: it should be greater than or equal to 1",
    ),
    ("no SNR", "sweep={source.packet_bits: [120]}", r"needs an SNR; give snr_db or ebn0_db"),
    ("both SNRs", "sweep.ebn0_db=[1]", r"snr_db and ebn0_db say the same thing"),
    (
        "channel without SNR",
        "study.channels.AWGN={kind: bsc}",
        r"study\.transceivers\.QPSK over study\.channels\.AWGN: bsc carries \+1 and -1",
    ),
    ("letters", "study.channels.AWGN={kind: dmc}", r"dmc carries letters"),
    (
        "pictures for bits",
        "study.source={kind: photographs}",
        r"uncoded sends bits; the source photographs yields images",
    ),
    ("metric of pictures", "study.metrics=[psnr]", r"small\.yaml:4: study\.metrics: psnr judges images, not bits"),
    ("bits that fill no symbol", "study.source.packet_bits=121", r"packet_bits is 121; qpsk carries 2 bits a symbol"),
    (
        "metric that stops nothing",
        "stop.metric=psnr",
        r"stop\.metric: psnr is not in this scenario; expected ber, bler",
    ),
    (
        "panel of no metric",
        "figure.metrics=[psnr]",
        r"figure\.metrics: psnr is not in this scenario; expected ber, bler",
    ),
    ("axis that is not swept", "figure.x=seed", r"figure\.x: seed is not in this scenario; expected snr_db"),
    ("panels of no axis", "figure.panels=seed", r"figure\.panels: seed is not in this scenario; expected snr_db"),
    ("panels of the axis across", "figure={panels: snr_db, x: snr_db}", r"figure\.panels: snr_db is the axis across"),
    (
        "impossible code rate",
        "study.transceivers.QPSK={kind: coded, code_rate: 0.99}",
        r"code rate 0\.9836; the 5G LDPC code has rates up to 0\.9258",
    ),
]


def check_all(scenario: Scenario) -> None:
    for point in scenario.points():
        point.task.check()


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in POINTS], ids=[case[0] for case in POINTS])
def test_parts_that_do_not_fit_are_refused_before_anything_is_computed(
    tmp_path: Path, change: str, message: str
) -> None:
    path = str(small(tmp_path))
    with pytest.raises(UserError, match=message):
        check_all(load(path, change.split("|")))


def test_numbers_in_scientific_notation_are_numbers(tmp_path: Path) -> None:
    path = small(tmp_path, ("max_blocks: 600", "relative_half_width: 1e-1"))
    assert load(str(path)).stop.relative_half_width == 0.1


def test_a_set_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    path = str(small(tmp_path))
    with pytest.raises(UserError, match="expected path=value"):
        load(path, ["seed"])
    with pytest.raises(UserError, match="has no fields"):
        load(path, ["seed.x=1"])
    with pytest.raises(UserError, match="3 is no index of a list of 3"):
        load(path, ["sweep.snr_db.3=1"])


def test_set_reaches_fields_list_items_and_axes_with_dots(tmp_path: Path) -> None:
    path = small(tmp_path, ("snr_db: [0, 4, 8]", "snr_db: [0, 4, 8]\n  source.packet_bits: [120]"))
    scenario = load(str(path), ["sweep.snr_db.1=5", "sweep.source.packet_bits=[240]", "study.channels.AWGN.kind=awgn"])
    assert scenario.axes() == {"snr_db": (0.0, 5.0, 8.0), "source.packet_bits": (240.0,)}


def test_an_unknown_scenario_names_the_nearest() -> None:
    with pytest.raises(UserError, match=r"ber_awgm: no such scenario; did you mean ber_awgn\?"):
        load("ber_awgm")
    with pytest.raises(UserError, match=r"nowhere/x\.yaml: no such file"):
        load("nowhere/x.yaml")


SENSING = """\
name: echoes
study:
  kind: sensing
  models:
    radar:
      modes:
        - {kind: angle, length: 16}
        - {kind: delay, length: 32, spacing_hz: 120e3}
  scenes:
    one: {kind: uniform}
  estimators:
    plain: plain
  metrics: [detection]
sweep:
  snr_db: [10]
"""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("length: 16", "lenght: 16"),
            r":7: study\.models\.radar\.modes\.0\.lenght: no such field; did you mean length\?",
        ),
        (
            ("length: 16", "length: 16, view_m: [0, 1]"),
            r":7: .*modes\.0\.view_m: no such field; did you mean view_deg\?",
        ),
        (
            ("kind: angle", "kind: angel"),
            r":7: study\.models\.radar\.modes\.0: 'angel' is not known; did you mean angle\?",
        ),
        (("modes:", "mods:"), r":6: study\.models\.radar\.mods: no such field; did you mean modes\? known: carrier_hz"),
        (
            ("metrics: [detection]", "metrics: [detectoin]"),
            r"^[^\n]*:13: study\.metrics\.0: 'detectoin' is not known[^\n]*$",
        ),
        (("metrics: [detection]", "metrics: []"), r":13: study\.metrics: has no entries; expected at least 1$"),
        (("kind: uniform", "kind: uniform, cuont: 2"), r":10: study\.scenes\.one\.cuont: no such field"),
    ],
)
def test_what_is_misspelt_inside_named_mappings_is_told_with_the_names_that_there_are(
    change: tuple[str, str], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "echoes.yaml"
    path.write_text(SENSING.replace(*change))
    with pytest.raises(UserError, match=message) as refused:
        load(str(path))
    said = str(refused.value).splitlines()
    assert [line for line in said if "is empty" in line or "at least 1" in line] in ([], said[:1])


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("{kind: bits, packet_bits: 120}", "{kind: folder, path: pics}"), 6),
        (("{kind: bits, packet_bits: 120}", f"{{kind: folder, path: {'x' * 3900}}}"), 6),
    ],
)
def test_a_folder_that_is_not_there_says_where_its_path_counts_from(
    change: tuple[str, str], line: int, tmp_path: Path
) -> None:
    path = small(
        tmp_path,
        change,
        ("QPSK: {kind: uncoded, modulation: qpsk}", "JPEG: {kind: separate, codec: jpeg}"),
        ("    BPSK: {kind: uncoded, modulation: bpsk}\n", ""),
    )
    with pytest.raises(UserError, match=rf":{line}: .*a relative path counts from where semcom runs, {Path.cwd()}$"):
        planned(load(str(path)), str(path))


def test_a_folder_in_place_of_a_scenario_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"{tmp_path}: is a folder; expected a YAML file"):
        load(str(tmp_path))
    (tmp_path / "scenario.yaml").touch()
    with pytest.raises(
        UserError, match=rf"is a run folder; to go on .*: `semcom run {tmp_path}/scenario\.yaml --out {tmp_path}`"
    ):
        load(str(tmp_path))
    with pytest.raises(UserError, match=r"^x{57}\.\.\.: cannot be read: File name too long"):
        load("x" * 5000)
    with pytest.raises(UserError, match=r"x{57}\.\.\.: cannot be read: File name too long"):
        RunFolder.open(Path("x" * 5000))


TOO_LARGE = [
    (
        ["study.source.packet_bits=1000000", "study.batch=1000000"],
        r":13: .*batch and what it counts are too large: .* TiB",
    ),
    (
        ["study.transceivers={T: {kind: coded, code_rate: 1e-9}}"],
        r"batch and what it counts are too large: a chunk takes 26\.2 TiB",
    ),
    (["study.transceivers={T: {kind: coded, code_rate: 1e-320}}"], r"code_rate 1e-320: more than 2\^50 coded bits"),
]


@pytest.mark.parametrize(("changes", "said"), TOO_LARGE)
def test_a_chunk_that_no_memory_holds_is_refused_with_its_size(changes: list[str], said: str, tmp_path: Path) -> None:
    path = str(small(tmp_path))
    with pytest.raises(UserError, match=said) as refused:
        planned(load(path, changes), path, changes)
    assert str(refused.value).count("\n") == 0


def test_a_tensor_that_no_memory_holds_is_refused_with_its_size(tmp_path: Path) -> None:
    modes = ", ".join(
        f"{{kind: {kind}, length: 65537{more}}}"
        for kind, more in (
            ("elevation", ""), ("azimuth", ""), ("departure", ""), ("delay", ", spacing_hz: 1e5"),
            ("doppler", ", symbol_s: 1e-4"),
        )
    )  # fmt: skip
    path = tmp_path / "echoes.yaml"
    before, after = SENSING.index("        - {kind: angle"), SENSING.index("  scenes:")
    path.write_text(f"{SENSING[:before].rstrip()} [{modes}]\n{SENSING[after:]}")
    with pytest.raises(
        UserError, match=r":6: .*: length and what it counts are too large: a chunk takes 2\.58e\+10 PiB"
    ):
        planned(load(str(path)), str(path))


def test_what_fits_the_memory_of_this_machine_is_not_refused(tmp_path: Path) -> None:
    path = str(small(tmp_path))
    (first, *_) = planned(load(path), path)
    assert first.point.task.memory_bytes() == 20 * (2 * 120 * 4 + 2 * 60 * 8)  # bits, coded ones; symbols sent, heard
    check_memory(first.point.task, 38400.0)
    with pytest.raises(UserError, match=r"a chunk takes 37\.5 KiB of memory or more; this machine has 37\.5 KiB"):
        check_memory(first.point.task, 38399.0)
    assert 2**28 < machine_bytes() < 2**50
