"""Training steps a second of DeepJSCC (`bourtsoulatze2019`): 64 pictures of 32x32 pixels through AWGN.

python benchmarks/training.py
"""

from collections.abc import Iterator
from fractions import Fraction

from measure import SEED, Peer, Row, installed, missing, show, side_by_side, timed

WORK, UNIT = "DeepJSCC training step, 64 pictures of 32x32", "steps/s"
BATCH, SIDE, SNR_DB = 64, 32, 10.0
RATIO = Fraction(1, 6)
STEPS = 20
BAR = 1.0


class Semcom:
    """The training that `semcom train` runs, its draws of pictures included."""

    def __init__(self) -> None:
        from semcom.sources import Photographs
        from semcom.transceivers import Bourtsoulatze2019
        from semcom.transceivers.learned import Training
        from semcom.transceivers.training import train

        training = Training(
            source=Photographs(split="train", view="tiles", tile=SIDE), snr_db=(SNR_DB, SNR_DB), batch=BATCH, seed=SEED
        )
        self.steps = train(Bourtsoulatze2019(bandwidth_ratio=RATIO, training=training), report_every=STEPS)

    def __call__(self) -> float:
        """Steps a second until the next report."""
        return STEPS / timed(lambda: next(self.steps))


def rows() -> Iterator[Row]:
    """PyTorch, with memory in its own order and in the order that suits its convolutions on processors."""
    from torch_training import Training

    ours = Semcom()
    for channels_last in (False, True):
        order = "channels last" if channels_last else "as it comes"
        peer = Training(int(2 * RATIO * 48), channels_last)
        yield side_by_side(WORK, UNIT, ours, Peer(f"PyTorch {installed('torch')}, {order}", peer), BAR)


if __name__ == "__main__":
    show([missing(WORK, UNIT, "torch")] if installed("torch") is None else list(rows()))
