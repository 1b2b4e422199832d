"""How the thresholds of the MCS table are measured; `benchmarks/mcs_thresholds.py` does it."""

import math
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from semcom.transceivers.frame import Crc, Frame, frame_of
from semcom.transceivers.mcs import TABLE, Mcs, name_of
from semcom.transceivers.separate_link import receiver, sender
from semcom_channels import Awgn, Received, Streams
from semcom_channels.backend import tf
from semcom_channels.codes import Code, Ldpc
from semcom_channels.units import SNR_CONVENTION, decibels

STEP_DB = 0.1
CRC: Crc = "CRC6"  # the shortest, so that short blocks exist; a block is wrong when any bit is, whatever its CRC says
CODE = Ldpc()


class Length(NamedTuple):
    """A length of blocks and what counts as reliable there."""

    information_bits: int
    blocks: int
    most_errors: int
    batch: int


LENGTHS = (Length(32, 2000, 20, 500), Length(128, 2000, 20, 500), Length(512, 2000, 20, 250), Length(3800, 2000, 2, 50))


def threshold(mcs: Mcs, length: Length, code: Code = CODE) -> float:
    """The lowest SNR, in steps of 0.1 dB from the Shannon limit on, at which at most `most_errors` blocks are wrong."""
    uses = round(length.information_bits / mcs.bits_per_use)
    frame = frame_of(code, CRC, mcs, uses)
    if isinstance(frame, str):
        raise ValueError(f"{name_of(mcs)}, {length.information_bits} bits: {frame}")
    rate = frame.information_bits / frame.block_uses
    snr_db = math.ceil(decibels(2.0**rate - 1.0) / STEP_DB) * STEP_DB
    while not is_reliable(frame, snr_db, length, code):
        snr_db += STEP_DB
    return round(snr_db, 1)


def is_reliable(frame: Frame, snr_db: float, length: Length, code: Code = CODE) -> bool:
    """Whether enough blocks pass over AWGN; stops at the first error too many."""
    errors = 0
    for chunk in range(length.blocks // length.batch):
        errors += wrong_blocks(frame, snr_db, length.batch, chunk, code)
        if errors > length.most_errors:
            return False
    return True


def wrong_blocks(frame: Frame, snr_db: float, batch: int, chunk: int, code: Code = CODE) -> int:
    """How many of a batch of random blocks come back with a wrong bit."""
    streams = Streams(1, 0, chunk, {"source": 0, "channel": 0, "noise": round(snr_db / STEP_DB) + 1000})
    bits = streams.rng("source").integers(0, 2, (batch, frame.block_bits))
    blocks = tf.constant(bits, tf.float32)
    realisation = Awgn().draw((batch, frame.block_uses), tf.constant(snr_db, tf.float32), streams)
    arrived = realisation.carry(sender(code, frame)(blocks))
    decided, _ = receiver(code, frame)(Received(arrived, tf.fill(tf.shape(arrived), realisation.noise_power)))
    return int(tf.reduce_sum(tf.cast(tf.reduce_any(decided != blocks, axis=1), tf.int32)))


def measure(schemes: Collection[Mcs] = TABLE) -> Iterator[tuple[Length, Mcs, float]]:
    """The threshold of each scheme at every length, length by length."""
    for length in LENGTHS:
        for mcs in schemes:
            yield length, mcs, threshold(mcs, length)


def record(found: Iterable[tuple[Length, Mcs, float]], command: str) -> dict[str, Any]:
    """What the thresholds' file holds of them, as plain JSON values."""
    thresholds: dict[str, list[float]] = {name_of(mcs): [] for mcs in TABLE}
    for _, mcs, snr_db in found:
        thresholds[name_of(mcs)].append(snr_db)
    return {
        "command": command,
        "code": CODE.plain(),
        "snr_convention": SNR_CONVENTION,
        "information_bits": [length.information_bits for length in LENGTHS],
        "block_error_rate": [length.most_errors / length.blocks for length in LENGTHS],
        "blocks": [length.blocks for length in LENGTHS],
        "snr_db": thresholds,
    }
