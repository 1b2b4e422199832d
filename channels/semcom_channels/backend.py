"""TensorFlow and Sionna, imported without their start-up noise and with one thread a process.

Every module that computes with tensors imports `tf` from here. One thread a process makes sums independent of the
machine's core count; workers are processes. The import runs no TensorFlow op: processes fork after it, and after an op
they would hang.
"""

import contextlib
import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD = -1, -2, -3  # of glibc's malloc.h


@contextlib.contextmanager
def silent_stderr() -> Iterator[None]:
    """Sends file descriptor 2 to nowhere: TensorFlow's C++ start-up lines pass every Python-level filter."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _keep_freed_memory() -> None:
    """Has the C library keep what tensors free, up to 1 GB, where it can be told (glibc).

    Otherwise each large tensor gets new pages from the system, which clears them: that takes as long as its arithmetic.
    """
    tell: Any = getattr(ctypes.CDLL(None), "mallopt", None)
    if tell is not None:
        for option, size in ((MMAP_THRESHOLD, 2**25), (TRIM_THRESHOLD, 2**30), (TOP_PAD, 2**24)):
            tell(option, size)


def _name_sionna() -> None:
    """Makes Sionna a package without running its own first file.

    sionna-rt brings another file of that name, which would load the ray tracer, and fail where LLVM is too old for it.
    """
    found = PathFinder.find_spec("sionna")
    if found is not None:
        sys.modules.setdefault("sionna", module_from_spec(found))


def _load() -> Any:
    _keep_freed_memory()
    _name_sionna()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    with silent_stderr():
        # the ray tracer's library: after TensorFlow its import would crash the process
        if find_spec("drjit") is not None and "tensorflow" not in sys.modules:
            import drjit  # noqa: F401
        import sionna.phy  # noqa: F401
        import tensorflow

        try:
            tensorflow.config.threading.set_intra_op_parallelism_threads(1)
            tensorflow.config.threading.set_inter_op_parallelism_threads(1)
        except RuntimeError:
            raise ImportError("TensorFlow has run already, with many threads; import semcom_channels before") from None
        tensorflow.get_logger().setLevel("ERROR")
    return tensorflow


tf: Any = _load()


def graph(function: F) -> F:
    """The function, compiled by TensorFlow for each signature of its arguments.

    Python's own `if` and `for` are not translated (no AutoGraph): that would take longer than most graphs run.
    """
    compiled: F = tf.function(function, autograph=False)
    return compiled


TRACES = 64
"""Traces that `direct` keeps; the one that was called longest ago goes first, and its memory with it."""


class AnyLength:
    """A tensor among the arguments of `direct` of which a trace knows the rank alone: lengths cause none anew."""

    def __init__(self, tensor: Any) -> None:
        self.tensor = tensor


def any_length(structure: Any) -> Any:
    """The structure with each of its tensors of any length."""
    return tf.nest.map_structure(AnyLength, structure) if structure else structure


class _Asked:
    """A function with arguments, equal to others that one trace serves; it forgets the arguments when it has one."""

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], leaves: list[Any]) -> None:
        signature = tuple([_signature(leaf) for leaf in leaves])
        self.key = (function, tuple(map(type, args)), signature)
        self.function, self.args = function, args

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.key == other.key


def _signature(leaf: Any) -> Any:
    if isinstance(leaf, AnyLength):
        return (leaf.tensor.shape.rank, leaf.tensor.dtype)
    return (leaf.shape, leaf.dtype) if tf.is_tensor(leaf) else leaf


def _spec(leaf: Any) -> Any:
    if isinstance(leaf, AnyLength):
        return tf.TensorSpec([None] * leaf.tensor.shape.rank, leaf.tensor.dtype)
    return leaf


@lru_cache(maxsize=TRACES)
def traced(asked: _Asked) -> Any:
    """The trace that serves what is asked; nothing else keeps it."""
    function: Any = tf.function(getattr(asked.function, "python_function", asked.function), autograph=False)
    return function.get_concrete_function(*tf.nest.map_structure(_spec, asked.args))


def direct(function: Callable[..., Any]) -> Callable[..., list[Any]]:
    """The function, compiled and called past TensorFlow's Python, which takes ten times what a small graph does.

    Its arguments are tensors, structures of tensors and hashable constants; it returns a flat list of tensors. A trace
    serves the arguments' shapes, types and constants. Call it in eager mode; no gradient tape records it.
    """

    def call(*args: Any) -> list[Any]:
        leaves = tf.nest.flatten(args)
        asked = _Asked(function, args, leaves)
        trace = traced(asked)
        asked.args = ()
        inputs = [leaf.tensor if isinstance(leaf, AnyLength) else leaf for leaf in leaves]
        inputs = [value for value in inputs if tf.is_tensor(value)] + trace.captured_inputs
        types = [output.dtype for output in trace.outputs]
        outputs: list[Any] = tf.raw_ops.StatefulPartitionedCall(args=inputs, Tout=types, f=trace)
        return outputs

    return call
