"""What the record holds of files: how often they were lost, and what was sent of them."""

from fractions import Fraction
from pathlib import Path

import pytest
from scipy import stats

from near import FALSE_ALARM
from semcom.cli.table import print_tables
from semcom.codecs import Jpeg
from semcom.errors import UserError
from semcom.figures import curves
from semcom.record.folder import RunFolder
from semcom.scenario.find import load
from semcom.sources import Photographs
from semcom.studies.link_point import LinkPoint
from semcom.sweep.sweep import run
from semcom.tally import Mean, Rate
from semcom.transceivers import Separate, code_offsets, measure_mcs
from semcom.transceivers.frame import Frame, frame_of
from semcom.transceivers.mcs import TABLE, threshold_db
from semcom.transceivers.scheme import Fixed
from semcom_channels import Awgn, Streams
from semcom_channels.codes import Ldpc, Polar
from semcom_channels.ldpc_decoders import Boxplus
from semcom_estimation.receivers import Perfect


def test_a_picture_whose_coarsest_file_does_not_fit_is_a_lost_file(streams: Streams) -> None:
    for ratio, lost in ((Fraction(1, 96), 4), (Fraction(1, 2), 0)):
        link = LinkPoint(
            source=Photographs(view="tiles", tile=64),
            transceiver=Separate(codec=Jpeg(), bandwidth_ratio=ratio, scheme=Fixed()),
            channel=Awgn(),
            receiver=Perfect(),
            metrics=(),
            batch=4,
            snr_db=20.0,
        )
        tally = link.evaluate(streams)["file_loss"]
        assert isinstance(tally, Rate)
        assert (tally.errors, tally.trials) == (lost, 4)
        assert "lost unless all its blocks arrive" in link.transceiver.conventions()["file_loss"]


SCENARIO = """
name: files
study:
  kind: link
  source: {kind: digits, split: test}
  channels: {AWGN: awgn}
  transceivers:
    scores: {kind: vib_classifier}
    files: {kind: separate, codec: pcm, crc: CRC16, bandwidth_ratio: 1, scheme: {kind: fixed}}
  metrics: [METRICS]
  batch: 20
sweep: {snr_db: [SNR]}
stop: {half_width: 0.5, max_blocks: 20}
"""


def scenario(folder: Path, metrics: str, snr_db: str = "-15, 15") -> str:
    path = folder / "files.yaml"
    path.write_text(SCENARIO.replace("METRICS", metrics).replace("SNR", snr_db))
    return str(path)


def test_the_record_and_the_table_say_how_often_files_were_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = load(scenario(tmp_path, "accuracy"))
    folder = RunFolder.create(tmp_path / "run", asked)
    list(run(asked, folder))
    found = {(line.coordinates["transceiver"], line.coordinates["snr_db"]): line for line in folder.finished().values()}
    assert set(found["scores", 15.0].tallies) == {"accuracy"}
    assert found["files", -15.0].tallies["file_loss"] == Rate(20, 20, 20, 20)
    assert found["files", 15.0].tallies["file_loss"] == Rate(20, 0, 20, 0)
    rate = found["files", 15.0].tallies["payload_rate"]
    assert isinstance(rate, Mean)
    assert rate.mean == pytest.approx((64 - 16) / 64)
    assert found["files", 15.0].conventions["scheme"] == "qpsk at code rate 0.5, whatever the channel"
    print_tables(folder)
    shown = capsys.readouterr().out
    assert "file_loss" in shown
    assert "payload_rate" in shown


def test_transceivers_without_files_stand_beside_a_metric_of_files(tmp_path: Path) -> None:
    asked = load(scenario(tmp_path, "file_loss, accuracy", "15"))
    folder = RunFolder.create(tmp_path / "run", asked)
    list(run(asked, folder))
    held = {line.coordinates["transceiver"]: set(line.tallies) for line in folder.finished().values()}
    assert held == {"scores": {"accuracy"}, "files": {"file_loss", "accuracy", "payload_rate"}}
    panels = curves.panels(folder)
    assert [(panel.metric, len(panel.curves)) for panel in panels] == [("file_loss", 1), ("accuracy", 2)]


def test_a_metric_of_files_alone_says_who_sends_none(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"file_loss is of files, and .*scores.*: vib_classifier sends none"):
        load(scenario(tmp_path, "file_loss")).points()


def test_thresholds_of_a_code_are_its_own_or_a_caution_says_so() -> None:
    assert Separate().cautions() == Separate(code=Polar()).cautions() == ()
    for code in (Polar(list_size=1), Ldpc(decoder=Boxplus())):
        assert "were not measured" in Separate(code=code).cautions()[0]
        assert Separate(code=code, scheme=Fixed()).cautions() == ()
    assert code_offsets.offset_db(Ldpc(), TABLE[3], 100) == 0.0
    assert code_offsets.offset_db(Polar(), TABLE[20], 512) == 0.6
    assert code_offsets.offset_db(Polar(), TABLE[14], 1000) == 0.1


@pytest.mark.slow
def test_at_its_own_threshold_a_polar_code_is_reliable_and_below_it_is_not() -> None:
    mcs, bits = code_offsets.OF_OTHERS, 512
    frame = frame_of(Polar(), measure_mcs.CRC, mcs, round(bits / mcs.bits_per_use))
    assert isinstance(frame, Frame)
    own = threshold_db(mcs, bits) + code_offsets.offset_db(Polar(), mcs, bits)
    wrong = [measure_mcs.wrong_blocks(frame, own - below, 400, 950, Polar()) for below in (0.0, 0.6)]
    assert stats.binom.sf(wrong[0] - 1, 400, 0.02) > FALSE_ALARM
    assert stats.binom.sf(wrong[1] - 1, 400, 0.01) < FALSE_ALARM
