"""Scenario files are YAML 1.2 and say where they are wrong."""

import pytest

from semcom.errors import UserError
from semcom.scenario.yaml_text import read, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1e-3", 0.001),
        ("1E6", 1e6),
        ("-2.5e+1", -25.0),
        (".5", 0.5),
        ("7", 7),
        ("010", 10),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("null", None),
        ("1/12", "1/12"),
        ("12:30:00", "12:30:00"),
        ("2026-01-01", "2026-01-01"),
        ("16qam", "16qam"),
        ("'1'", "1"),
        ("[1, 2.0, a]", [1, 2.0, "a"]),
        ("{a: {b: 1}}", {"a": {"b": 1}}),
    ],
)
def test_values_mean_what_they_look_like(text: str, expected: object) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


def test_a_key_given_twice_is_refused_with_both_lines() -> None:
    with pytest.raises(UserError, match=r"^x\.yaml:3: the key 'seed' is given twice \(first on line 1\)$"):
        read("seed: 1\nname: a\nseed: 2\n", "x.yaml")


def test_text_that_is_not_yaml_is_refused_with_its_line() -> None:
    with pytest.raises(UserError, match=r"^x\.yaml:2: not YAML: "):
        read("a: [1,\nb: }", "x.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: !!int '0x10'", r"^x\.yaml:2: '0x10' is no int$"),
        ("a: !!float b", r"^x\.yaml:1: 'b' is no float$"),
        ("a: !!bool maybe", r"^x\.yaml:1: 'maybe' is no bool$"),
        ("a: !!timestamp 2026-01-01", r"^x\.yaml:1: the tag 'timestamp' is not known; expected plain values$"),
        ("a: !here b", r"^x\.yaml:1: the tag '!here' is not known; expected plain values$"),
        (
            "a: 1\nb: !!python/object/apply:os.system [ls]",
            r"^x\.yaml:2: the tag 'python/object/apply:os.system' is not",
        ),
        ("a: 1\nb: !!set {c}", r"^x\.yaml:2: the tag 'set' is not known; expected plain values$"),
        ("a: 1\nb: &a\n  c: *a", r"^x\.yaml:2: nested deeper than 50 levels; an alias may stand inside what it names$"),
        ("a: 1\nb: " + "[" * 3000 + "]" * 3000, r"^x\.yaml:2: nested deeper than 50 levels$"),
        ("a: 1\nb: " + "1" * 5000, r"^x\.yaml:2: a text of 5000 letters, '1{57}\.\.\.'; expected at most 4000$"),
        ("a: 1\nb: " + "x" * (1 << 20), r"^x\.yaml:1: has more than 1048576 bytes; a scenario has fewer$"),
        ("a: 1\nb\0: 2", r"^x\.yaml:2: holds the character U\+0000; expected plain text$"),
        ('a: 1\nb: "x\\0y"', r"^x\.yaml:2: 'x\\x00y' holds the character U\+0000; expected plain text$"),
        ('a: 1\n"b\\e[2J": 2', r"^x\.yaml:2: 'b\\x1b\[2J' holds the character U\+001B; expected plain text$"),
        ('a: 1\nb: "\\ud800"', r"^x\.yaml:2: '\\ud800' holds the character U\+D800; expected plain text$"),
    ],
)
def test_values_of_another_kind_than_they_say_are_refused(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read(text, "x.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a:\n  b: 1\n    c: 2", r"^x\.yaml:3: not YAML: a colon where none can be; look at the indentation, or quote"),
        ("a:\n    b: 1\n  c: 2", r"^x\.yaml:3: not YAML: its indentation fits none of the lines before it$"),
        ("a: 1\n\tb: 2", r"^x\.yaml:2: not YAML: a tab; indent by spaces$"),
        ("a: [1, 2\nb: 3", r"^x\.yaml:2: not YAML: a list, \[\.\.\.\], lacks a comma or is not closed$"),
        ("a: {b: 1\nc: 2", r"^x\.yaml:2: not YAML: a mapping, \{\.\.\.\}, lacks a comma or is not closed$"),
        ("a: 'b\nc: 2", r"^x\.yaml:2: not YAML: a quote is not closed$"),
        ("a: 1\nb\nc: 2", r"^x\.yaml:3: not YAML: a key without a colon$"),
        ("a: 1\nb: *c", r"^x\.yaml:2: not YAML: an alias, \*name, of what has no &name before it$"),
        ("a: 1\n---\nb: 2", r"^x\.yaml:2: not YAML: a second document, ---; expected one$"),
    ],
)
def test_what_is_not_yaml_is_told_in_plain_words(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read(text, "x.yaml")


def test_an_alias_bomb_is_refused_before_it_is_written_out() -> None:
    levels = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    with pytest.raises(UserError, match=r"^x\.yaml:1: more than 100000 values, aliases written out$"):
        read("\n".join(levels), "x.yaml")


def test_an_alias_means_what_it_names() -> None:
    assert read("a: &one [1, 2]\nb: {c: *one}", "x").plain == {"a": [1, 2], "b": {"c": [1, 2]}}


def test_every_value_knows_its_line() -> None:
    lines = read("a:\n  b: 1\n  c:\n    - 5\n    - d: 2\n", "x").lines
    assert lines["a", "b"] == 2
    assert lines["a", "c", 0] == 4
    assert lines["a", "c", 1, "d"] == 5
