"""Channels that differ from others in numbers alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError
from tensorflow.python.framework.func_graph import FuncGraph

from semcom_channels import Channel

SHAPES = ("grid", "layers", "elements", "rows", "columns", "count", "users", "user", "coherence_uses", "version")


def otherwise(channel: Channel) -> Channel:
    """The channel with every number changed that no shape depends on."""
    other = type(channel).read(_changed(channel.plain(), channel))
    assert other != channel or not _numbers(channel.plain())
    return other


def _changed(plain: dict[str, Any], channel: Channel) -> dict[str, Any]:
    """Field by field, as far as the channel accepts it."""
    for name in plain:
        for other in _others(name, plain[name]):
            try:
                type(channel).read({**plain, name: other})
            except ValidationError:
                continue
            plain = {**plain, name: other}
            break
    return plain


def _others(name: str, value: Any) -> Iterator[Any]:
    if name in SHAPES or isinstance(value, bool) or (value == 0.0 and name == "correlation"):
        return
    if isinstance(value, (float, int)):
        yield from (value + 7,) if isinstance(value, int) else (value * 1.1 or 7.0, value * 0.9)
    elif isinstance(value, list) and _numbers(value):
        yield [next(_others(name, each), each) for each in value]
    elif isinstance(value, dict) and _numbers(value):
        yield {inner: next(_others(inner, each), each) for inner, each in value.items()}


def _numbers(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_numbers(each) for name, each in value.items() if name not in SHAPES)
    return any(map(_numbers, value)) if isinstance(value, list) else isinstance(value, float)


@contextmanager
def counted_graphs() -> Iterator[list[str]]:
    """The names of all graphs that TensorFlow builds meanwhile, for whatever reason."""
    built: list[str] = []
    original = FuncGraph.__init__

    def counting(self: Any, name: str, *args: Any, **kwargs: Any) -> None:
        built.append(name)
        original(self, name, *args, **kwargs)

    FuncGraph.__init__ = counting
    try:
        yield built
    finally:
        FuncGraph.__init__ = original
