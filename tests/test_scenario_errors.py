"""A wrong scenario is refused in one line that says where, what was given and what was expected."""

from pathlib import Path

import pytest

from scenario_text import small
from semcom.errors import UserError
from semcom.scenario.find import load
from semcom.scenario.scenario import Scenario

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
    ("bad name", ("name: small", "name: ../small"), r":2: name: '\.\./small' was given"),
]


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = small(tmp_path, change)
    with pytest.raises(UserError, match=message) as refused:
        load(str(path))
    assert str(refused.value).startswith(str(path))
    assert str(refused.value).count("\n") == 0


POINTS = [
    ("linear SNR", "sweep.snr_db=[400]", r"snr_db is 400; expected -60 to 100\. Is it in linear scale\?"),
    ("unknown axis", "sweep={snr: [1]}", r"sweep\.snr: no such axis; expected snr_db, ebn0_db or a field"),
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
    ("metric of pictures", "study.metrics=[psnr]", r"study\.metrics: psnr judges images, not bits"),
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
