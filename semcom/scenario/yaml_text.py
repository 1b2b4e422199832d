"""YAML as people expect it: the core schema of YAML 1.2, no key twice.

PyYAML reads YAML 1.1, where `1e-3` is text and `on` is true; here `1e-3` is a number and `on` is text. What is read is
bounded in size, depth and, aliases written out, in the number of values: a file may come from anybody.
"""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any, NamedTuple, NoReturn

import yaml

from semcom.errors import UserError, brief

SCALARS = ("bool", "float", "int", "null", "str")
COLLECTIONS = ("map", "seq")
MOST_BYTES = 1 << 20
MOST_LEVELS = 50
MOST_VALUES = 100_000
MOST_LETTERS = 4_000  # of a text
MOST_SHOWN = 60  # of them in a message
KEPT_BY = ("\n", "\t")  # control characters that texts may hold
UNPRINTABLE = ("Cc", "Cs")  # control characters, which terminals obey, and halves of characters
Path = tuple[str | int, ...]


class Document(NamedTuple):
    """Plain values and the line on which each stands."""

    plain: Any
    lines: Mapping[Path, int]


class _TooDeepError(yaml.MarkedYAMLError):
    """YAML, but too deep."""


class _Loader(yaml.SafeLoader):
    """The core schema of YAML 1.2 over PyYAML's parser, as deep as it may be."""

    levels = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node; raises an error of YAML where it is too deep."""
        if self.levels >= MOST_LEVELS:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise _TooDeepError(None, None, f"nested deeper than {MOST_LEVELS} levels", mark)
        self.levels += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.levels -= 1
        return node


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
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise UserError(f"{name}:1: has more than {MOST_BYTES} bytes; a scenario has fewer")
    try:
        loader = _Loader(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise UserError(f"{name}:{line}: holds the character U+{error.character:04X}; expected plain text") from None
    try:
        node = loader.get_single_node()
        reader = _Reader(loader, name)
        return Document(None if node is None else reader.plain(node, ()), reader.lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        said = error.problem if isinstance(error, _TooDeepError) else f"not YAML: {_in_words(error)}"
        raise UserError(f"{name}:{line}: {said}") from None
    finally:
        loader.dispose()


def read_file(path: FilePath) -> Document:
    """The values of a YAML file; raises UserError that says what is wrong and where."""
    try:
        if not path.is_file():  # a pipe would be waited for
            raise UserError(f"{path}: no such file")
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UserError(f"{shown(path)}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        return read(raw.decode(), str(path))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UserError(f"{path}:{line}: holds the byte 0x{raw[error.start]:02x}, which is not UTF-8") from None


def shown(given: object) -> str:
    """A path or a text as messages show it: cut where it is long, on one line."""
    text = str(given)
    return printable(text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 3] + "...")


def printable(text: str) -> str:
    """The text, with what no terminal shows as Python writes it."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def value(text: str) -> Any:
    """The value of one YAML scalar, list or mapping, as on the command line; raises UserError."""
    return read(text, "--set").plain


WORDS = (
    ("expected <block end>", "its indentation fits none of the lines before it"),
    ("mapping values are not allowed", "a colon where none can be; look at the indentation, or quote the text"),
    ("could not find expected ':'", "a key without a colon"),
    ("found character '\\t'", "a tab; indent by spaces"),
    ("found undefined alias", "an alias, *name, of what has no &name before it"),
    ("found unexpected end of stream", "a quote is not closed"),
    ("did not find expected <document start>", "it follows after the end of the document"),
    ("but found another document", "a second document, ---; expected one"),
    ("expected ',' or ']'", "a list, [...], lacks a comma or is not closed"),
    ("expected ',' or '}'", "a mapping, {...}, lacks a comma or is not closed"),
)


def _in_words(error: yaml.MarkedYAMLError) -> str:
    """What the parser says, without its own names for what it met."""
    problem = error.problem or "it cannot be read"
    return next((words for technical, words in WORDS if technical in problem), problem)


class _Reader:
    """Plain values of nodes, and the lines where they stand."""

    def __init__(self, loader: _Loader, name: str) -> None:
        self.lines: dict[Path, int] = {}
        self._loader = loader
        self._name = name

    def plain(self, node: yaml.Node, path: Path) -> Any:
        """The value of a node; raises UserError for what a scenario cannot hold."""
        self.lines[path] = node.start_mark.line + 1
        if len(self.lines) > MOST_VALUES:
            self._refuse(node, f"more than {MOST_VALUES} values, aliases written out")
        if len(path) > MOST_LEVELS:
            self._refuse(node, f"nested deeper than {MOST_LEVELS} levels; an alias may stand inside what it names")
        tag = node.tag.removeprefix("tag:yaml.org,2002:")
        if tag not in (SCALARS if isinstance(node, yaml.ScalarNode) else COLLECTIONS):
            self._refuse(node, f"the tag {tag!r} is not known; expected plain values")
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child, (*path, index)) for index, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node, tag)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, "a key is a list or a mapping; expected text")
            key = self._text(key_node)
            if key in values:
                first = self.lines[(*path, key)]
                self._refuse(key_node, f"the key {brief(key)} is given twice (first on line {first})")
            values[key] = self.plain(child, (*path, key))
            self.lines[(*path, key)] = line
        return values

    def _scalar(self, node: yaml.ScalarNode, tag: str) -> Any:
        text = self._text(node)
        try:
            if tag == "int":
                return int(text)
            if tag == "float" and "." not in text.lstrip("+-")[:1]:
                return float(text)
            return self._loader.construct_object(node, deep=True)
        except (KeyError, ValueError):
            self._refuse(node, f"{_short(text)} is no {tag}")

    def _text(self, node: yaml.ScalarNode) -> str:
        """The text of a scalar, which names may be made of and terminals may show."""
        text = str(node.value)
        if len(text) > MOST_LETTERS:
            self._refuse(node, f"a text of {len(text)} letters, {_short(text)}; expected at most {MOST_LETTERS}")
        bad = next((one for one in text if unicodedata.category(one) in UNPRINTABLE and one not in KEPT_BY), None)
        if bad is not None:
            self._refuse(node, f"{_short(text)} holds the character U+{ord(bad):04X}; expected plain text")
        return text

    def _refuse(self, node: yaml.Node, why: str) -> NoReturn:
        raise UserError(f"{self._name}:{node.start_mark.line + 1}: {why}")


def _short(text: str) -> str:
    return repr(text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 3] + "...")
