"""Layered decoding of 5G LDPC codes: many words side by side, each leaving as soon as it is a codeword."""

import math
from functools import lru_cache
from typing import Any, NamedTuple

from semcom_channels.backend import tf
from semcom_channels.lanes import Tables, lanes_decoder, shapes_of, tables_of
from semcom_channels.ldpc_matrix import Room, lifted_code
from semcom_channels.ldpc_rate_matching import RateMatching
from semcom_channels.sionna_door import built_once
from semcom_channels.tensors import Bits, Llrs, Tensor

BITS_IN_CACHE = 16384  # of one column of the base graph, over all lanes
FEWEST_LANES = 16


class CodeTensors(NamedTuple):
    """A `LiftedCode` as tensors."""

    tables: tuple[Tables, ...]
    sources: Tensor
    information: Tensor


def decode(llrs: Llrs, matching: RateMatching, iterations: int, early_stop: bool) -> Bits:
    """Decided information bits, `[batch, information_bits]`, of what is heard of each sent bit, `[batch, once]`."""
    room, code = _code(matching)
    program = decoder(room, lanes_for(llrs.shape[0], room.lifting), early_stop)
    bits: Bits = tf.ensure_shape(program(llrs, code, tf.constant(iterations)), [None, matching.information_bits])
    return bits


@built_once
def _code(matching: RateMatching) -> tuple[Room, CodeTensors]:
    code = lifted_code(matching)
    return code.room, CodeTensors(tables_of(code.groups), tf.constant(code.sources), tf.constant(code.information))


def lanes_for(batch: int | None, lifting: int) -> int:
    """How many words are decoded side by side: few, or as many as the caches hold; a program for each is enough.

    Fewer than 64 would make short loops of long codes, more than 256 would wait for their slowest word.
    """
    most = min(max(1 << ((BITS_IN_CACHE // lifting).bit_length() - 1), 64), 256)
    return FEWEST_LANES if batch is not None and batch <= FEWEST_LANES else most


@lru_cache(maxsize=32)
def decoder(room: Room, lanes: int, early_stop: bool) -> Any:
    """The graph that decodes a batch of any size and code of that room, `lanes` words at a time.

    Words queue. As long as others wait, the lanes are left when an eighth of their words is still no codeword; these
    queue again and start afresh, together with others that take as long. So the work shrinks with the words that are
    left, and what a word is decoded to does not depend on its company.
    """
    decode_lanes = lanes_decoder(room, lanes, early_stop)
    ends = [[0.0] * lanes, [-math.inf] * lanes]  # what is heard of unsent bits and of fillers

    def decode_batch(llrs: Llrs, code: CodeTensors, iterations: Tensor) -> Bits:
        def serve(queue: Tensor, step: Tensor, words: Any, found: Any) -> tuple[Any, ...]:
            now, later = queue[:lanes], queue[lanes:]
            count = tf.shape(now)[0]
            heard = tf.transpose(tf.pad(tf.gather(llrs, now), [[0, lanes - count], [0, 0]]))
            blocks = tf.gather(tf.concat([heard, ends], 0), code.sources)
            leave = tf.where(tf.size(later) > 0, lanes // 8, 0)
            bits, done = decode_lanes(code.tables, blocks, tf.range(lanes) >= count, iterations, leave)
            done = done[:count]
            decided = tf.transpose(tf.gather(bits, code.information))[:count]
            words, found = words.write(step, now[done]), found.write(step, decided[done])
            return tf.concat([later, now[~done]], 0), step + 1, words, found

        words = tf.TensorArray(tf.int32, 1, dynamic_size=True, infer_shape=False, element_shape=[None])
        found = tf.TensorArray(tf.int8, 1, dynamic_size=True, infer_shape=False, element_shape=[None, None])
        words = words.write(0, tf.zeros([0], tf.int32))
        found = found.write(0, tf.zeros([0, tf.size(code.information)], tf.int8))
        start = (tf.range(tf.shape(llrs)[0]), 0, words, found)
        _, _, words, found = tf.while_loop(lambda queue, *_: tf.size(queue) > 0, serve, start)
        order = tf.math.invert_permutation(words.concat())
        return tf.cast(tf.gather(found.concat(), order), tf.float32)

    indices = tf.TensorSpec([None], tf.int32)
    code = CodeTensors(shapes_of(room), tf.TensorSpec([room.blocks * room.lifting], tf.int32), indices)
    signature = [tf.TensorSpec([None, None], tf.float32), code, tf.TensorSpec([], tf.int32)]
    return tf.function(decode_batch, input_signature=signature, autograph=False)
