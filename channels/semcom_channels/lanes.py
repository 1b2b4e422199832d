"""Layered decoding of a fixed number of words side by side, as one program that XLA can compile."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from semcom_channels.backend import tf
from semcom_channels.compile_policy import compiled
from semcom_channels.ldpc_matrix import Group, Room
from semcom_channels.min_star import LARGEST_TOTAL, answers, quantised
from semcom_channels.tensors import Tensor


class Tables(NamedTuple):
    """A `Group` as tensors."""

    rows: Tensor
    columns: Tensor
    before: Tensor
    after: Tensor


def tables_of(groups: Sequence[Group]) -> tuple[Tables, ...]:
    """The groups of a code as a program takes them."""
    return tuple(Tables(*map(tf.constant, group)) for group in groups)


def shapes_of(room: Room) -> tuple[Tables, ...]:
    """What tables a program for that room takes."""
    shapes = ([[], [*size], [*size, room.lifting], [*size, room.lifting]] for size in room.groups)
    return tuple(Tables(*(tf.TensorSpec(shape, tf.int32) for shape in four)) for four in shapes)


@lru_cache(maxsize=32)
def lanes_decoder(room: Room, lanes: int, early_stop: bool) -> Any:
    """The program for all codes of that room: a function of a code, what is heard, and when to leave off.

    It takes the code's tables; log-likelihood ratios by block, `[blocks * Z, lanes]`; idle lanes, `[lanes]` bool; the
    number of iterations; and how many lanes may be left undecided. It returns decided bits of the information blocks,
    `[information_blocks * Z, lanes]` int8, and `[lanes]` bool, whether they are final: those of a codeword (where
    `early_stop` looks for one) or of the last iteration.

    A layer's checks hear of each bit all that is known but what they said themselves, and answer; the next layer
    hears of it at once. [Hocevar 2004] Blocks of Z bits lie as `[block, Z, lane]`, lanes innermost.
    """
    block = [room.lifting, lanes]
    visible = room.information_blocks * room.lifting

    @compiled("ldpc_decoder")
    def decode_lanes(code: Sequence[Tables], llrs: Tensor, idle: Tensor, iterations: Tensor, leave: Tensor) -> Any:
        def goes_on(iteration: Tensor, totals: Any, messages: Any, bits: Tensor, done: Tensor) -> Tensor:
            undecided = tf.reduce_sum(tf.cast(~done, tf.int32))
            return (iteration < iterations) & (undecided > leave)

        def iterate(iteration: Tensor, totals: Any, messages: Any, bits: Tensor, done: Tensor) -> tuple[Any, ...]:
            after = []
            for tables, said in zip(code, messages, strict=True):
                totals, now = _sweep(tables, totals, said)
                after.append(now)
            decided = tf.reshape(tf.cast(totals < 0, tf.int8), [-1, lanes])
            over = tf.fill([lanes], iteration + 1 >= iterations)
            final = _are_codewords(code, decided, block) | over if early_stop else over
            return iteration + 1, totals, tuple(after), tf.where(done, bits, decided[:visible]), done | final

        sure = tf.fill([2, *block], tf.constant(LARGEST_TOTAL, tf.int16))
        heard = tf.concat([tf.reshape(quantised(-llrs), [-1, *block]), sure], 0)
        silence = tuple(tf.zeros([*size, *block], tf.int16) for size in room.groups)
        start = (0, heard, silence, tf.zeros([visible, lanes], tf.int8), idle)
        _, _, _, bits, done = tf.while_loop(goes_on, iterate, start)
        return bits, done

    return decode_lanes


def _sweep(tables: Tables, totals: Tensor, messages: Tensor) -> tuple[Tensor, Tensor]:
    """Every layer of a group once.

    Changes what is known of all bits, `[block, Z, lane]`, and what checks say to theirs, `[row, edge, Z, lane]`.
    """
    limit = tf.constant(LARGEST_TOTAL, tf.int16)

    def layer(row: Tensor, totals: Tensor, messages: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        known = tf.gather(tf.reshape(totals, [-1, totals.shape[-1]]), tables.before[row])
        asked = known - messages[row]
        said = answers(asked)
        now = tf.clip_by_value(asked + said, -limit, limit)
        totals = tf.tensor_scatter_nd_update(totals, tables.columns[row][:, None], now)
        return row + 1, totals, tf.tensor_scatter_nd_update(messages, [[row]], said[None])

    _, totals, messages = tf.while_loop(lambda row, *_: row < tables.rows, layer, (0, totals, messages))
    return totals, messages


def _are_codewords(code: Sequence[Tables], decided: Tensor, block: list[int]) -> Tensor:
    """Whether all checks hold for hard decisions `[blocks * Z, lane]`, `[lane]` bool."""
    wrong = tf.zeros(block, tf.int8)
    for tables in code:
        wrong = _violated(tables, decided, wrong)
    return tf.reduce_max(wrong, axis=0) < 1


def _violated(tables: Tables, decided: Tensor, wrong: Tensor) -> Tensor:
    def layer(row: Tensor, wrong: Tensor) -> tuple[Tensor, Tensor]:
        odd = tf.reduce_sum(tf.gather(decided, tables.after[row]), axis=0) & 1
        return row + 1, wrong | odd

    return tf.while_loop(lambda row, _: row < tables.rows, layer, (0, wrong))[1]
