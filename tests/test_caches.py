"""What is kept between points is bounded, and what is dropped is freed."""

import ast
import gc
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from tensorflow.python.framework.func_graph import FuncGraph

from command import ROOT, environment
from semcom_channels.backend import TRACES, any_length, direct, tf, traced
from semcom_channels.layout import Layout, layout_of
from semcom_channels.tdl import Tdl

SOURCES = sorted(
    path for floor in ("semcom", "channels", "estimation", "envs") for path in (ROOT / floor).rglob("*.py")
)


def unbounded(source: str) -> list[str]:
    """The functions of arguments that keep results without end: under `cache`, or `lru_cache` without a number."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and (node.args.args or node.args.vararg or node.args.kwarg):
            names = [ast.unparse(decorator).removeprefix("functools.") for decorator in node.decorator_list]
            found += [node.name for name in names if name == "cache"]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).removeprefix("functools.") in ("cache", "lru_cache"):
            sizes = [word.value for word in node.keywords if word.arg == "maxsize"] + node.args[:1]
            if not sizes or ast.unparse(sizes[0]) == "None" or ast.unparse(node.func).endswith("cache.cache"):
                found.append(ast.unparse(node))
    return found


def test_every_function_that_keeps_results_says_how_many() -> None:
    found = {str(path.relative_to(ROOT)): unbounded(path.read_text()) for path in SOURCES}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source",
    [
        "@cache\ndef f(x): ...",
        "@functools.cache\ndef f(x): ...",
        "@lru_cache(maxsize=None)\ndef f(x): ...",
        "f = lru_cache(None)(g)",
    ],
)
def test_a_function_that_keeps_all_results_is_noticed(source: str) -> None:
    assert unbounded(source)


def test_a_trace_that_is_dropped_is_freed() -> None:
    def scaled(value: object, factor: float) -> object:
        return factor * value  # type: ignore[operator]

    direct(scaled)(tf.constant(1.0), -1.0)
    graphs = [weakref.ref(found) for found in gc.get_objects() if type(found) is FuncGraph and found.name == "scaled"]
    assert graphs
    for number in range(TRACES):
        direct(scaled)(tf.constant(1.0), float(number))
    gc.collect()
    assert traced.cache_info().currsize == TRACES
    assert all(graph() is None for graph in graphs)


def test_a_trace_keeps_no_argument() -> None:
    given = tf.constant([1.0, 2.0])
    gone = weakref.ref(given)
    direct(tf.square)(given)
    del given
    gc.collect()
    assert gone() is None


def test_tensors_of_any_length_share_a_trace() -> None:
    def product(one: object, other: object) -> object:
        return tf.matmul(one, other)

    before = traced.cache_info().misses
    for length in (1, 3, 8):
        (found,) = direct(product)(*any_length((tf.ones((2, length)), tf.ones((length, 4)))))
        assert (found.numpy() == length).all()
    assert traced.cache_info().misses == before + 1


def test_layouts_of_channels_that_differ_in_their_law_are_equal() -> None:
    slow, fast = (layout_of(Tdl(speed_m_s=speed), 100) for speed in (1.0, 30.0))
    assert slow == fast == Layout(slow.grid, slow.streams, slow.uses)
    assert layout_of(Tdl(), 101) != slow


SPEEDS = """\
# Is this a test?
name: speeds
study:
  kind: link
  source: {kind: bits, packet_bits: 1152}
  channels:
    CDL: {kind: cdl, terminal: {kind: ula, elements: 2}, base: {kind: ula, elements: 4}}
  transceivers:
    LDPC: {kind: coded, code: ldpc, code_rate: 0.5, modulation: 16qam}
  receivers: {LMMSE: lmmse}
  metrics: [bler]
  batch: 16
sweep:
  snr_db: [8]
  channel.speed_m_s: {start: 0, stop: 99.5, step: 0.5}
stop: {max_blocks: 16}
"""


PEAKED = """\
import atexit, pathlib, runpy, sys
atexit.register(lambda: pathlib.Path("peak").write_text(pathlib.Path("/proc/self/status").read_text()))
sys.argv = ["semcom", "run", "speeds.yaml", "--workers", "1"]
runpy.run_module("semcom", run_name="__main__")
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_200_speeds_of_a_cdl_take_less_than_1500_mib(tmp_path: Path) -> None:
    """In a minute; each value that were kept would take 70 MiB."""
    (tmp_path / "speeds.yaml").write_text(SPEEDS)
    words = [sys.executable, "-c", PEAKED]
    done = subprocess.run(words, cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "runs/speeds/points.jsonl").read_text().splitlines()) == 200
    status = dict(line.split(":", 1) for line in (tmp_path / "peak").read_text().splitlines())
    assert int(status["VmHWM"].split()[0]) < 1.5 * 2**20  # KiB
