"""What `semcom doctor` looks at."""

from collections.abc import Iterator
from importlib.util import find_spec

from semcom.record.machine import commit, processor, versions

EXTRAS = {"fast": "numba", "lpips": "lpips", "rt": "mitsuba", "rl": "stable_baselines3", "atari": "ale_py"}


def checkup() -> Iterator[str]:
    """Lines about versions, devices, extras and weights."""
    from semcom_channels.backend import tf
    from semcom_channels.compile_policy import VARIABLE, policy

    for name, version in versions().items():
        yield f"{name:16} {version}"
    yield f"{'commit':16} {commit() or 'not a checkout'}"
    yield f"{'processor':16} {processor()}"
    gpus = [device.name for device in tf.config.list_physical_devices("GPU")]
    yield f"{'GPUs':16} {', '.join(gpus) or 'none seen by TensorFlow (pip install semcom[gpu] brings CUDA)'}"
    yield f"{'threads':16} one a worker"
    for block, by_xla in policy().items():
        yield f"{'compiler':16} {block}: {'XLA' if by_xla else 'TensorFlow'}"
    yield f"{'':16} all else: TensorFlow ({VARIABLE}=all, none or names of blocks says which XLA compiles)"
    for extra, module in EXTRAS.items():
        state = "installed" if find_spec(module) else f"missing: pip install 'semcom[{extra}]'"
        yield f"{'extra ' + extra:16} {state}"
    yield from _plug_ins()
    yield from _weights()


def _plug_ins() -> Iterator[str]:
    from semcom.catalogue import families, usable

    for kinds in families().values():
        found, complaints = usable(kinds)
        yield from (f"{'plug-in':16} {name}: {kind.__module__}" for name, kind in found.items() if not kinds.has(name))
        yield from (f"{'plug-in':16} {complaint}" for complaint in complaints)


def _weights() -> Iterator[str]:
    from semcom.errors import UserError
    from semcom.scenario.find import load, shipped
    from semcom.teaching.pupils import missing

    for name, path in shipped():
        try:
            lacking = missing(load(str(path)))
        except UserError as error:
            yield f"{name:28} cannot run: {error}"
            continue
        if lacking:
            sets = "a set" if len(lacking) == 1 else f"{len(lacking)} sets"
            yield f"{name:28} lacks {sets} of weights: semcom train {name}"
