"""YAML as people expect it: the core schema of YAML 1.2, no key twice.

PyYAML reads YAML 1.1, where `1e-3` is text and `on` is true; here `1e-3` is a number and `on` is text.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml

from semcom.errors import UserError

SCALARS = ("bool", "float", "int", "null", "str")
Path = tuple[str | int, ...]


class Document(NamedTuple):
    """Plain values and the line on which each stands."""

    plain: Any
    lines: Mapping[Path, int]


class _Loader(yaml.SafeLoader):
    """The core schema of YAML 1.2 over PyYAML's parser."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("float", r"^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", "-+."),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def read(text: str, name: str) -> Document:
    """The values of a YAML text; raises UserError with `name`, the line and what is wrong there."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Path, int] = {}
        plain = None if node is None else _plain(loader, node, (), lines, name)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UserError(f"{name}:{line}: not YAML: {error.problem}") from None
    except RecursionError:
        raise UserError(f"{name}: is nested too deeply, or an alias stands inside what it names") from None
    except yaml.YAMLError as error:
        raise UserError(f"{name}: not YAML: {str(error).splitlines()[0]}") from None
    finally:
        loader.dispose()
    return Document(plain, lines)


def value(text: str) -> Any:
    """The value of one YAML scalar, list or mapping, as on the command line; raises UserError."""
    return read(text, "--set").plain


def _plain(loader: _Loader, node: yaml.Node, path: Path, lines: dict[Path, int], name: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, child, (*path, index), lines, name) for index, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, path, lines, name)
    return _scalar(loader, node, name)


def _mapping(loader: _Loader, node: yaml.MappingNode, path: Path, lines: dict[Path, int], name: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, child in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise UserError(f"{name}:{line}: a key is a list or a mapping; expected text")
        key = str(key_node.value)
        if key in values:
            raise UserError(f"{name}:{line}: the key {key!r} is given twice (first on line {lines[(*path, key)]})")
        values[key] = _plain(loader, child, (*path, key), lines, name)
        lines[(*path, key)] = line
    return values


def _scalar(loader: _Loader, node: yaml.Node, name: str) -> Any:
    tag = node.tag.removeprefix("tag:yaml.org,2002:")
    if tag not in SCALARS:
        raise UserError(f"{name}:{node.start_mark.line + 1}: the tag {tag!r} is not known; expected plain values")
    try:
        if tag == "int":
            return int(node.value)
        if tag == "float" and "." not in node.value.lstrip("+-")[:1]:
            return float(node.value)
        return loader.construct_object(node, deep=True)
    except (KeyError, ValueError):
        raise UserError(f"{name}:{node.start_mark.line + 1}: {node.value!r} is no {tag}") from None
