"""Layered decoding of 5G LDPC codes: many words side by side, each leaving as soon as it is a codeword."""

from functools import cache
from typing import Any

from semcom_channels.backend import tf
from semcom_channels.lanes import lanes_decoder
from semcom_channels.ldpc_matrix import lifted_code
from semcom_channels.tensors import Bits, Llrs, Tensor

BITS_IN_CACHE = 16384  # of one column of the base graph, over all lanes
FEWEST_LANES = 16


def decode(llrs: Llrs, information_bits: int, bits_per_symbol: int, iterations: int, early_stop: bool) -> Bits:
    """Decided information bits, `[batch, information_bits]`, of words heard once, `[batch, coded_bits]`."""
    batch, coded_bits = llrs.shape
    lifting = lifted_code(information_bits, int(coded_bits), bits_per_symbol).lifting
    program = decoder(information_bits, int(coded_bits), bits_per_symbol, lanes_for(batch, lifting), early_stop)
    bits: Bits = program(llrs, tf.constant(iterations))
    return bits


def lanes_for(batch: int | None, lifting: int) -> int:
    """How many words are decoded side by side: a power of 2, so that few programs serve all sizes of a batch.

    As many as the batch has and as the caches hold; fewer than 64 make short loops of long codes, more than 256 wait
    for their slowest word.
    """
    most = min(max(_power_of_2(BITS_IN_CACHE // lifting), 64), 256)
    return most if batch is None else min(max(_power_of_2(2 * batch - 1), FEWEST_LANES), most)


def _power_of_2(number: int) -> int:
    """The largest power of 2 up to a number; 1 for none."""
    return 1 << max(number.bit_length() - 1, 0)


@cache
def decoder(information_bits: int, coded_bits: int, bits_per_symbol: int, lanes: int, early_stop: bool) -> Any:
    """The graph that decodes a batch of any size, `lanes` words at a time.

    Words queue. As long as others wait, the lanes are left when an eighth of their words is still no codeword; these
    queue again and start afresh, together with others that take as long. So the work shrinks with the words that are
    left, and what a word is decoded to does not depend on its company.
    """
    code = lifted_code(information_bits, coded_bits, bits_per_symbol)
    decode_lanes = lanes_decoder(code, lanes, early_stop)
    signature = [tf.TensorSpec([None, coded_bits], tf.float32), tf.TensorSpec([], tf.int32)]

    def decode_batch(llrs: Llrs, iterations: Tensor) -> Bits:
        def serve(queue: Tensor, step: Tensor, words: Any, found: Any) -> tuple[Any, ...]:
            now, later = queue[:lanes], queue[lanes:]
            count = tf.shape(now)[0]
            heard = tf.pad(tf.gather(llrs, now), [[0, lanes - count], [0, 0]])
            leave = tf.where(tf.size(later) > 0, lanes // 8, 0)
            bits, done = decode_lanes(tf.transpose(heard), tf.range(lanes) >= count, iterations, leave)
            done = done[:count]
            words = words.write(step, tf.boolean_mask(now, done))
            found = found.write(step, tf.boolean_mask(tf.transpose(bits)[:count], done))
            return tf.concat([later, tf.boolean_mask(now, ~done)], 0), step + 1, words, found

        words = tf.TensorArray(tf.int32, 1, dynamic_size=True, infer_shape=False, element_shape=[None])
        found = tf.TensorArray(tf.int8, 1, dynamic_size=True, infer_shape=False, element_shape=[None, information_bits])
        empty = tf.zeros([0], tf.int32)
        start = (
            tf.range(tf.shape(llrs)[0]),
            0,
            words.write(0, empty),
            found.write(0, tf.zeros([0, information_bits], tf.int8)),
        )
        _, _, words, found = tf.while_loop(lambda queue, *_: tf.size(queue) > 0, serve, start)
        order = tf.math.invert_permutation(words.concat())
        return tf.cast(tf.gather(found.concat(), order), tf.float32)

    return tf.function(decode_batch, input_signature=signature, autograph=False)
