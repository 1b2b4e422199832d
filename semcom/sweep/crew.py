"""Who computes: this process, or worker processes."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

PRELOADED = ["semcom_channels.sionna_door", "semcom.studies.link_graph"]


class Alone(Executor):
    """Runs each call at once in this process."""

    def submit(self, call: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> "Future[R]":
        """The finished future of a call."""
        future: Future[R] = Future()
        try:
            future.set_result(call(*args, **kwargs))
        except Exception as error:  # the future carries it to whoever asks, as every executor's does
            future.set_exception(error)
        return future


def crew(workers: int) -> Executor:
    """An executor with that many workers; they fork from a server that has imported TensorFlow but run none of it."""
    if workers == 1:
        return Alone()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return ProcessPoolExecutor(workers, context, _start)


def dismiss(executor: Executor) -> None:
    """Ends the executor's workers at once, whatever they do."""
    workers = list((getattr(executor, "_processes", None) or {}).values())  # public only from Python 3.14 on
    executor.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.terminate()


def _start() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of the terminal's processes; the first one acts
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
