"""A small scenario for tests, as text and as a file."""

from pathlib import Path

SMALL = """\
# Is this a test?
name: small
seed: 3
study:
  kind: link
  source: {kind: bits, packet_bits: 120}
  channels:
    AWGN: awgn
    fading: {kind: rayleigh, coherence_uses: 1}
  transceivers:
    QPSK: {kind: uncoded, modulation: qpsk}
    BPSK: {kind: uncoded, modulation: bpsk}
  batch: 20
sweep:
  snr_db: [0, 4, 8]
stop:
  min_errors: 400
  max_blocks: 600
"""


def small(folder: Path, *changes: tuple[str, str]) -> Path:
    """The scenario file in a folder, with texts replaced."""
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "small.yaml"
    path.write_text(text)
    return path
