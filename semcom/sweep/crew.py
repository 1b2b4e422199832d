"""Who computes: this process, or worker processes."""

import contextlib
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import wait
from typing import Any, ParamSpec, TypeVar

from semcom.sweep.scratch import scratch

P = ParamSpec("P")
R = TypeVar("R")

START_SECONDS = 60.0  # after which workers that have not started are not waited for
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


@contextlib.contextmanager
def crew(workers: int) -> Iterator[Executor]:
    """An executor with that many workers; they fork from a server that has imported TensorFlow but run none of it.

    When it closes they end at once, whatever they do, and the files that TensorFlow leaves go with their folder.
    """
    if workers == 1:
        yield Alone()
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    with scratch() as folder:
        ready = context.Semaphore(0)
        executor = ProcessPoolExecutor(workers, context, _start, (folder, ready))
        try:
            with _interrupts_held():
                forkserver.ensure_running()
                for _ in range(workers):
                    executor.submit(os.getpid)  # a worker starts with a call
                for _ in _workers_of(executor):
                    if not ready.acquire(timeout=START_SECONDS):
                        break
            yield executor
        finally:
            _dismiss(executor)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Holds Ctrl-C back. Processes that start meanwhile never see it, nor find half of what they were started with.

    They inherit the mask; a handler is needed too, since this process may have other threads that take the signal.
    """
    in_main = threading.current_thread() is threading.main_thread()  # only the main thread is interrupted
    if not in_main or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield
        return
    came: list[int] = []
    resource_tracker.ensure_running()  # it lets signals through when it starts
    handler = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
    if came:
        raise KeyboardInterrupt


def _dismiss(executor: Executor) -> None:
    workers = _workers_of(executor)
    executor.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()


def _workers_of(executor: Executor) -> list[Any]:
    return list((getattr(executor, "_processes", None) or {}).values())  # public only from Python 3.14 on


def _start(folder: str, ready: Any) -> None:
    tempfile.tempdir = folder
    threading.Thread(target=_leave_with_parent, args=(folder,), daemon=True).start()
    ready.release()


def _leave_with_parent(folder: str) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)
