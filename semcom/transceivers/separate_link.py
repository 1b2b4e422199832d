"""The two ends of `separate`: codecs in Python, all code blocks of a batch in one graph."""

from functools import lru_cache
from typing import Any

import numpy as np

from semcom.codecs import Codec
from semcom.transceivers.frame import Frame
from semcom.transceivers.transceiver import Unit
from semcom_channels import Received
from semcom_channels.backend import graph, tf
from semcom_channels.codes import Code, add_crc, check_crc
from semcom_channels.modulation import demodulate, modulate
from semcom_channels.tensors import Symbols, Tensor

IDLE = 1.0  # an idle symbol: unit power, and antipodal too
SCRAMBLING_SEED = 38212


def encode(codec: Codec, code: Code, frame: Frame, data: Tensor) -> Symbols:
    """Symbols `[batch, uses]` of pictures `[batch, height, width, colours]`."""
    pictures = np.asarray(data)
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


def decode(codec: Codec, code: Code, frame: Frame, received: Received, unit: Unit) -> Tensor:
    """Pictures `[batch, height, width, colours]`, each of the blocks before its first wrong one."""
    batch = int(received.y.shape[0])
    if frame.blocks == 0:
        return tf.constant(np.stack([codec.restore(np.zeros(0, np.uint8), unit)] * batch))
    busy = frame.blocks * frame.block_uses
    rows = [batch * frame.blocks, frame.block_uses]
    decided, good = receiver(code, frame)(
        Received(tf.reshape(received.y[:, :busy], rows), tf.reshape(received.no[:, :busy], rows))
    )
    payload = decided.numpy().astype(np.uint8).reshape(batch, frame.payload_bits)
    payload ^= _scrambling(payload.size).reshape(payload.shape)
    arrived = np.cumprod(good.numpy().reshape(batch, frame.blocks), axis=1).sum(axis=1) * frame.block_bits
    pictures = [codec.restore(bits[:count], unit) for bits, count in zip(payload, arrived, strict=True)]
    return tf.constant(np.stack(pictures), tf.float32)


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
    """Received symbols of blocks to their payload `[rows, block_bits]` and whether each is right, as a graph."""

    @graph
    def receive(received: Received) -> tuple[Tensor, Tensor]:
        llrs = demodulate(received, frame.modulation)
        return check_crc(code.decode(llrs, frame.information_bits, frame.bits_per_symbol), frame.crc)

    return receive


def _scrambling(bits: int) -> Any:
    """The first `bits` of a fixed sequence of balanced bits, as 5G's Gold sequence is. [3GPP 38.211, 7.3.1.1]"""
    words = np.random.PCG64(SCRAMBLING_SEED).random_raw(-(-bits // 64))
    return np.unpackbits(words.astype(">u8").view(np.uint8), count=bits)
