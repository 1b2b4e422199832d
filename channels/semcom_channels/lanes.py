"""Layered decoding of a fixed number of words side by side, as one program that XLA can compile."""

import math
from typing import Any

from semcom_channels.backend import tf
from semcom_channels.compile_policy import compiled
from semcom_channels.ldpc_matrix import Group, LiftedCode
from semcom_channels.min_star import LARGEST_TOTAL, answers, quantised
from semcom_channels.tensors import Llrs, Tensor


def lanes_decoder(code: LiftedCode, lanes: int, early_stop: bool) -> Any:
    """A function of what is heard, idle lanes, the number of iterations and how many lanes may be left undecided.

    It takes log-likelihood ratios `[coded_bits, lanes]` and `[lanes]` bool. It returns decided bits
    `[information_bits, lanes]` int8 and `[lanes]` bool, whether they are final: those of a codeword (where `early_stop`
    looks for one) or of the last iteration.

    A layer's checks hear of each bit all that is known but what they said themselves, and answer; the next layer
    hears of it at once. [Hocevar 2004] Blocks of Z bits lie as `[block, Z, lane]`, lanes innermost.
    """
    parts = _Layers(code, lanes)

    @compiled("ldpc_decoder")
    def decode_lanes(llrs: Llrs, idle: Tensor, iterations: Tensor, leave: Tensor) -> tuple[Tensor, Tensor]:
        def goes_on(iteration: Tensor, totals: Any, messages: Any, bits: Tensor, done: Tensor) -> Tensor:
            undecided = tf.reduce_sum(tf.cast(~done, tf.int32))
            return (iteration < iterations) & (undecided > leave)

        def iterate(iteration: Tensor, totals: Any, messages: Any, bits: Tensor, done: Tensor) -> tuple[Any, ...]:
            totals, messages = parts.sweep(totals, messages)
            decided = parts.decided(totals)
            over = tf.fill([lanes], iteration + 1 >= iterations)
            final = parts.are_codewords(decided) | over if early_stop else over
            bits = tf.where(done, bits, tf.gather(tf.reshape(decided, [-1, lanes]), code.information))
            return iteration + 1, totals, messages, bits, done | final

        nothing = tf.zeros([len(code.information), lanes], tf.int8)
        start = (0, parts.heard(llrs), parts.silence(), nothing, idle)
        _, _, _, bits, done = tf.while_loop(goes_on, iterate, start)
        return bits, done

    return decode_lanes


class _Layers:
    """The steps of an iteration over what is known of each block, `[block, Z, lane]` int16."""

    def __init__(self, code: LiftedCode, lanes: int) -> None:
        self.code = code
        self.block = [code.lifting, lanes]

    def heard(self, llrs: Llrs) -> Tensor:
        """What the channel tells: nothing of unsent bits; fillers and what padding reads are surely 0."""
        unsent = tf.zeros_like(llrs[:1])
        blocks = quantised(-tf.gather(tf.concat([llrs, unsent, unsent - math.inf], 0), self.code.sources))
        padding = tf.fill([2, *self.block], tf.constant(LARGEST_TOTAL, tf.int16))
        return tf.concat([blocks, padding], 0)

    def silence(self) -> tuple[Tensor, ...]:
        """The messages of checks that have not spoken yet, `[row, edge, Z, lane]` by group."""
        return tuple(tf.zeros([*group.columns.shape, *self.block], tf.int16) for group in self.code.groups)

    def sweep(self, totals: Tensor, messages: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
        """One iteration: every layer once."""
        after = []
        for group, said in zip(self.code.groups, messages, strict=True):
            totals, now = self._rows(group, totals, said)
            after.append(now)
        return totals, tuple(after)

    def _rows(self, group: Group, totals: Tensor, messages: Tensor) -> tuple[Tensor, Tensor]:
        columns, before = tf.constant(group.columns[..., None]), tf.constant(group.before)
        limit = tf.constant(LARGEST_TOTAL, tf.int16)

        def layer(row: Tensor, totals: Tensor, messages: Tensor) -> tuple[Tensor, Tensor, Tensor]:
            known = tf.gather(tf.reshape(totals, [-1, self.block[1]]), before[row])
            asked = known - messages[row]
            said = answers(asked)
            now = tf.clip_by_value(asked + said, -limit, limit)
            totals = tf.tensor_scatter_nd_update(totals, columns[row], now)
            return row + 1, totals, tf.tensor_scatter_nd_update(messages, [[row]], said[None])

        _, totals, messages = tf.while_loop(lambda row, *_: row < len(group.columns), layer, (0, totals, messages))
        return totals, messages

    def decided(self, totals: Tensor) -> Tensor:
        """Hard decisions, `[block, Z, lane]` int8."""
        return tf.cast(totals < 0, tf.int8)

    def are_codewords(self, decided: Tensor) -> Tensor:
        """Whether all checks hold, `[lane]`."""
        bits = tf.reshape(decided, [-1, self.block[1]])
        wrong = tf.zeros(self.block, tf.int8)
        for group in self.code.groups:
            wrong = self._violated(group, bits, wrong)
        return tf.reduce_max(wrong, axis=0) < 1

    def _violated(self, group: Group, bits: Tensor, wrong: Tensor) -> Tensor:
        after = tf.constant(group.after)

        def layer(row: Tensor, wrong: Tensor) -> tuple[Tensor, Tensor]:
            odd = tf.reduce_sum(tf.gather(bits, after[row]), axis=0) & 1
            return row + 1, wrong | odd

        return tf.while_loop(lambda row, _: row < len(group.columns), layer, (0, wrong))[1]
