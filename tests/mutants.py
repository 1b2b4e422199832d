"""Scenarios that somebody got wrong: shipped ones with one or two changes, drawn from a generator."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from command import ROOT

SHIPPED = sorted((ROOT / "scenarios").rglob("*.yaml"))
WILD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 3.5, -1e308, 1e308, 1e-308, 1e-9, 10**12, 2**63, -(2**63), 10**400, 0.1 + 0.2,
    float("nan"), float("inf"), float("-inf"), "", " ", ".", "..", "../../x", "/dev/null", "~nobody/x", "a" * 300,
    "a" * 3900, "a" * 5000, "x\0y", "\x1b[2J", "[/red]", "$\\foo$", "é", "\U0001f4e1", "12", "1/0", "null", "kind",
    "awgn", "os:_exit", "antigravity:Foo-v0", "{", "%", [], {}, [[]], [None], [0], [1, 1], ["a", 1, None],
    {"kind": None}, {"kind": []}, {"kind": "nothing"}, {"": 1}, {"a": {"b": {"c": [1]}}},
    {"start": 0, "stop": 1, "step": 1e-9}, {"start": -1e308, "stop": 1e308, "step": 1}, {"start": 0, "stop": 1},
    {"start": 1, "stop": 0, "step": 1},
)  # fmt: skip
NAMES = ("kind", "name", "seed", "x", "stp", "snr", "modes", "0", "a.b", "a b", "snr_db ", "kind.kind", "transceiver.")
Place = tuple[Any, Any]  # a container and a key or index in it


def mutant(rng: np.random.Generator) -> tuple[str, bytes]:
    """The name of the scenario that was changed, and what became of its text."""
    path = SHIPPED[rng.integers(len(SHIPPED))]
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).as_posix()
    if rng.random() < 0.3:
        return name, one_of(TEXTS, rng)(text.encode(), rng)
    plain = yaml.safe_load(text)
    for _ in range(rng.integers(1, 3)):
        one_of(TREES, rng)(plain, rng)
    return name, yaml.dump(plain, Dumper=Dumper, sort_keys=False, allow_unicode=bool(rng.integers(2))).encode()


class Dumper(yaml.SafeDumper):
    """Writes what a value is, and what is there twice as an alias."""


def one_of(choices: Any, rng: np.random.Generator) -> Any:
    return choices[rng.integers(len(choices))]


def places(plain: Any, met: set[int] | None = None) -> Iterator[Place]:
    """Every place of a tree, those of what stands at several places once."""
    met = set() if met is None else met
    if id(plain) in met:
        return
    met.add(id(plain))
    keys: Any = plain if isinstance(plain, dict) else range(len(plain)) if isinstance(plain, list) else ()
    for key in keys:
        yield plain, key
        yield from places(plain[key], met)


def some_place(plain: Any, rng: np.random.Generator) -> Place:
    """A place; the root of an emptied tree."""
    every = list(places(plain))
    return every[rng.integers(len(every))] if every else (plain, "name")


def misspelt(word: str, rng: np.random.Generator) -> str:
    """A letter lost, doubled, exchanged or in capitals, or the end cut off."""
    place = int(rng.integers(max(len(word), 1)))
    before, letter, after = word[:place], word[place : place + 1], word[place + 1 :]
    return str(one_of((before + after, before + letter * 2 + after, before + "q" + after, word.upper(), before), rng))


def misspell(plain: Any, rng: np.random.Generator) -> None:
    """A key, or the text in its place."""
    inside, key = some_place(plain, rng)
    if isinstance(key, str) and key in inside:
        renamed = misspelt(key, rng)
        kept = [(renamed if name == key else name, value) for name, value in inside.items()]
        inside.clear()
        inside.update(kept)
    else:
        inside[key] = misspelt(str(inside[key]), rng) if key != "name" else "x"


def misspell_value(plain: Any, rng: np.random.Generator) -> None:
    """A text that says a kind or a choice."""
    texts = [(inside, key) for inside, key in places(plain) if isinstance(inside[key], str)]
    if texts:
        inside, key = one_of(texts, rng)
        inside[key] = misspelt(inside[key], rng)


def delete(plain: Any, rng: np.random.Generator) -> None:
    """A field or an entry."""
    inside, key = some_place(plain, rng)
    if isinstance(inside, list) or key in inside:
        del inside[key]


def insert(plain: Any, rng: np.random.Generator) -> None:
    """A field that is not known, or known elsewhere, with any value."""
    holders = [plain] + [inside[key] for inside, key in places(plain) if isinstance(inside[key], dict)]
    known = [key for _, key in places(plain) if isinstance(key, str)] + list(NAMES)
    one_of(holders, rng)[one_of(known, rng)] = wild(rng)


def swap_type(plain: Any, rng: np.random.Generator) -> None:
    """Any value in place of another."""
    inside, key = some_place(plain, rng)
    inside[key] = wild(rng)


def rescale(plain: Any, rng: np.random.Generator) -> None:
    """A number, by many decades."""
    numbers = [(inside, key) for inside, key in places(plain) if type(inside[key]) in (int, float)]
    if numbers:
        inside, key = one_of(numbers, rng)
        factor = 10 ** int(rng.integers(1, 10))
        scaled = (inside[key] * factor, -inside[key] * factor, inside[key] / factor, inside[key] // factor)
        inside[key] = one_of(scaled, rng)


def swap_values(plain: Any, rng: np.random.Generator) -> None:
    """Two fields exchange what they hold."""
    (one, first), (other, second) = some_place(plain, rng), some_place(plain, rng)
    here, there = copy.deepcopy(one.get(first) if isinstance(one, dict) else one[first]), other
    one[first] = copy.deepcopy(there.get(second) if isinstance(there, dict) else there[second])
    if isinstance(other, dict) or second < len(other):
        other[second] = here


def wrap(plain: Any, rng: np.random.Generator) -> None:
    """A value in a list, in a mapping, or deep inside both."""
    inside, key = some_place(plain, rng)
    for _ in range(int(one_of((1, 1, 2, 10, 60), rng))):
        kept = inside.get(key) if isinstance(inside, dict) else inside[key]
        inside[key] = [kept] if rng.integers(2) else {"kind": kept}


def alias(plain: Any, rng: np.random.Generator) -> None:
    """The same mapping or list at two places, which YAML writes as an alias, or doubled again and again."""
    inside, key = some_place(plain, rng)
    shared = [1, 2]
    for _ in range(int(one_of((0, 3, 30), rng))):
        shared = [shared, shared]  # type: ignore[list-item]
    inside[key] = shared
    plain["figure"] = shared if rng.integers(2) else {"title": shared}


def wild(rng: np.random.Generator) -> Any:
    """A fresh copy of a value that hardly any field expects."""
    return copy.deepcopy(one_of(WILD, rng))


def break_line(text: bytes, rng: np.random.Generator) -> bytes:
    """A line is indented otherwise, given twice, left out, or cut off."""
    lines = text.split(b"\n")
    place = int(rng.integers(len(lines)))
    line = lines[place]
    cut = line[: int(rng.integers(len(line) + 1))]
    put = (
        (b"   " + line,),
        (b"\t" + line,),
        (line.lstrip(),),
        (line, line),
        (),
        (cut,),
        (line + b" {",),
        (b"- " + line,),
    )
    lines[place : place + 1] = one_of(put, rng)
    return b"\n".join(lines)


def put_bytes(text: bytes, rng: np.random.Generator) -> bytes:
    """Bytes that are no text, or mean something to YAML, anywhere."""
    place = int(rng.integers(len(text)))
    strange = (b"\0", b"\xff\xfe", b"\xc3", b"\xef\xbb\xbf", b"\t", b"\r", b"\x1b[2J", b"\xe2\x80\xa8", b"&a *a", b"*a")
    marks = (
        b"!!python/object/apply:os.system ",
        b"!x ",
        b"---\n",
        b"...\n",
        b"? ",
        b"%YAML 3\n",
        b"'",
        b'"',
        b"[" * 99,
    )
    return text[:place] + bytes(one_of((*strange, *marks), rng)) + text[place:]


def cut_off(text: bytes, rng: np.random.Generator) -> bytes:
    """The file ends too early, or holds nothing of what it should."""
    nothing = (b"", b"\n\n", b"# only a comment\n", b"null", b"3", b"[]", b"{}", b"just words", b"\0" * 100)
    return text[: int(rng.integers(len(text)))] if rng.integers(2) else bytes(one_of(nothing, rng))


TREES: tuple[Callable[[Any, np.random.Generator], None], ...] = (
    misspell, misspell, misspell_value, delete, insert, swap_type, swap_type, rescale, rescale, rescale, swap_values,
    wrap, alias,
)  # fmt: skip
TEXTS: tuple[Callable[[bytes, np.random.Generator], bytes], ...] = (break_line, break_line, put_bytes, cut_off)


def write(folder: Path, text: bytes) -> Path:
    """The mutant as a file."""
    path = folder / "mutant.yaml"
    path.write_bytes(text)
    return path
