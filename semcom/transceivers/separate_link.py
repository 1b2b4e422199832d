"""The two ends of `separate`: codecs in Python, all code blocks of a batch in one graph."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from semcom.codecs import Codec
from semcom.transceivers.frame import Frame
from semcom.transceivers.transceiver import Delivered, Unit
from semcom_channels import Received
from semcom_channels.backend import graph, tf
from semcom_channels.codes import Code, add_crc, check_crc
from semcom_channels.modulation import demodulate, modulate
from semcom_channels.tensors import Symbols, Tensor

IDLE = 1.0  # an idle symbol: unit power, and antipodal too
SCRAMBLING_SEED = 38212


def encode(codec: Codec, code: Code, frames: Sequence[Frame], data: Tensor) -> Symbols:
    """Symbols `[batch, uses]` of pictures `[batch, height, width, colours]`, each in its own frame."""
    pictures = np.asarray(data)
    order, parts = [], []
    for frame, members in _by_frame(frames):
        order.append(members)
        rows = members if len(members) == len(frames) else _to_power_of_two(members)
        parts.append(_encode(codec, code, frame, pictures[rows])[: len(members)])
    return tf.gather(tf.concat(parts, axis=0), np.argsort(np.concatenate(order)))


def deliver(codec: Codec, code: Code, frames: Sequence[Frame], received: Received, unit: Unit) -> Delivered:
    """Pictures `[batch, height, width, colours]`, each of the blocks before its first wrong one."""
    pictures = np.zeros((len(frames), *unit), np.float32)
    lost = np.zeros(len(frames), np.float32)
    for frame, members in _by_frame(frames):
        part = received if len(members) == len(frames) else _units(received, _to_power_of_two(members))
        payload, arrived = _decode(code, frame, part, len(members))
        lost[members] = (arrived < frame.payload_bits) | ~payload.any(axis=1)
        for row, bits, count in zip(members, payload, arrived, strict=True):
            pictures[row] = codec.restore(bits[:count], unit)
    uses = int(received.y.shape[1])
    rates = np.array([frame.payload_bits / uses for frame in frames], np.float32)
    return Delivered(*(tf.constant(values) for values in (pictures, lost, rates)))


def _by_frame(frames: Sequence[Frame]) -> Iterator[tuple[Frame, np.ndarray]]:
    """Each frame and the rows of the batch that take it, those with the least payload first."""
    for frame in sorted(set(frames), key=lambda frame: frame.payload_bits):
        yield frame, np.flatnonzero([other == frame for other in frames])


def _to_power_of_two(members: np.ndarray) -> np.ndarray:
    """The members and the first of them again and again: groups of any size then share a few traces."""
    return np.pad(members, (0, 2 ** (len(members) - 1).bit_length() - len(members)), mode="wrap")


def _units(received: Received, units: np.ndarray) -> Received:
    joint = received.joint
    if joint is not None:
        slots = (units[:, None] * joint.layout.slots + np.arange(joint.layout.slots)).ravel()
        joint = joint._replace(y=tf.gather(joint.y, slots), h=tf.gather(joint.h, slots))
    return Received(tf.gather(received.y, units), tf.gather(received.no, units), joint)


def _encode(codec: Codec, code: Code, frame: Frame, pictures: np.ndarray) -> Symbols:
    if frame.blocks == 0:
        return tf.fill([len(pictures), frame.idle], tf.constant(IDLE, tf.complex64))
    payload = np.zeros((len(pictures), frame.payload_bits), np.uint8)
    for row, picture in zip(payload, pictures, strict=True):
        bits = codec.compress(picture, frame.payload_bits)
        if bits is not None:
            row[: len(bits)] = bits
    blocks = (payload ^ _scrambling(payload.size).reshape(payload.shape)).reshape(-1, frame.block_bits)
    symbols = tf.reshape(sender(code, frame)(tf.constant(blocks, tf.float32)), [len(pictures), -1])
    return tf.pad(symbols, [[0, 0], [0, frame.idle]], constant_values=IDLE)


def _decode(code: Code, frame: Frame, received: Received, batch: int) -> tuple[np.ndarray, np.ndarray]:
    """The payload of each unit, `[batch, payload_bits]`, and how many of its bits come before the first wrong block."""
    if frame.blocks == 0:
        return np.zeros((batch, 0), np.uint8), np.zeros(batch, np.int64)
    decided, good = (values.numpy()[: batch * frame.blocks] for values in receiver(code, frame)(received))
    payload = decided.astype(np.uint8).reshape(batch, frame.payload_bits)
    payload ^= _scrambling(payload.size).reshape(payload.shape)
    return payload, np.cumprod(good.reshape(batch, frame.blocks), axis=1).sum(axis=1) * frame.block_bits


@lru_cache(maxsize=64)
def sender(code: Code, frame: Frame) -> Any:
    """Payload blocks `[rows, block_bits]` to symbols `[rows, block_uses]`, as a graph."""

    @graph
    def send(blocks: Tensor) -> Symbols:
        coded = code.encode(add_crc(blocks, frame.crc), frame.coded_bits, frame.bits_per_symbol)
        return modulate(coded, frame.modulation)

    return send


@lru_cache(maxsize=64)
def receiver(code: Code, frame: Frame) -> Any:
    """Received units to the payload of their blocks `[rows, block_bits]` and whether each is right, as a graph."""

    @graph
    def receive(received: Received) -> tuple[Tensor, Tensor]:
        llrs = demodulate(received, frame.modulation)[:, : frame.blocks * frame.coded_bits]
        blocks = tf.reshape(llrs, [-1, frame.coded_bits])
        return check_crc(code.decode(blocks, frame.information_bits, frame.bits_per_symbol), frame.crc)

    return receive


def _scrambling(bits: int) -> Any:
    """The first `bits` of a fixed sequence of balanced bits, as 5G's Gold sequence is. [3GPP 38.211, 7.3.1.1]"""
    words = np.random.PCG64(SCRAMBLING_SEED).random_raw(-(-bits // 64))
    return np.unpackbits(words.astype(">u8").view(np.uint8), count=bits)
