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
        ("a: &a\n  b: *a", r"^x\.yaml: is nested too deeply, or an alias stands inside what it names$"),
        ("[" * 3000 + "]" * 3000, r"^x\.yaml: is nested too deeply"),
    ],
)
def test_values_of_another_kind_than_they_say_are_refused(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read(text, "x.yaml")


def test_every_value_knows_its_line() -> None:
    lines = read("a:\n  b: 1\n  c:\n    - 5\n    - d: 2\n", "x").lines
    assert lines["a", "b"] == 2
    assert lines["a", "c", 0] == 4
    assert lines["a", "c", 1, "d"] == 5
