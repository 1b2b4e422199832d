"""TensorFlow and Sionna, imported without their start-up noise and with one thread a process.

Every module that computes with tensors imports `tf` from here. One thread a process makes sums independent of the
machine's core count; workers are processes. The import runs no TensorFlow op: processes fork after it, and after an op
they would hang.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


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


def _load() -> Any:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    with silent_stderr():
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
    """The function, compiled by TensorFlow for each signature of its arguments."""
    compiled: F = tf.function(function)
    return compiled
