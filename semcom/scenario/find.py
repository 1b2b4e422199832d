"""Scenarios by path or by name, with the command line's changes."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from semcom.errors import UserError, brief, nearest
from semcom.scenario.complaints import complaint, placed
from semcom.scenario.scenario import Scenario
from semcom.scenario.trust import refuse_code_of
from semcom.scenario.yaml_text import Document, read_file, shown, value

PACKAGE = Path(__file__).parent.parent
FOLDERS = (PACKAGE / "scenarios", PACKAGE.parent / "scenarios")  # in a wheel, and in a checkout


def shipped() -> Iterator[tuple[str, Path]]:
    """The name and the path of every scenario that comes with semcom."""
    folder = next((folder for folder in FOLDERS if folder.is_dir()), None)
    if folder is not None:
        for path in sorted(folder.rglob("*.yaml")):
            yield path.relative_to(folder).with_suffix("").as_posix(), path


def question(path: Path) -> str:
    """The question that a scenario asks: the first line of its opening comment."""
    with path.open(encoding="utf-8") as file:
        return file.readline().removeprefix("#").strip()


def locate(given: str) -> Path:
    """The file of a scenario given by its path or by the name of a shipped one; raises UserError."""
    path = Path(given)
    try:
        if path.is_file():
            return path
        if path.is_dir():
            raise UserError(_of_folder(path))
    except OSError as error:
        raise UserError(f"{shown(given)}: cannot be read: {error.strerror}") from None
    names = dict(shipped())
    if given in names:
        return names[given]
    if path.suffix in (".yaml", ".yml") or "/" in given:
        by_name = names.get(given.removeprefix("scenarios/").removesuffix(".yaml"))
        if by_name is not None:
            return by_name
        raise UserError(f"{shown(given)}: no such file")
    raise UserError(f"{shown(given)}: no such scenario; {nearest(given, names)}")


def _of_folder(path: Path) -> str:
    inside = path / "scenario.yaml"
    if inside.is_file():
        return f"{path}: is a run folder; to go on with its run: `semcom run {inside} --out {path}`"
    return f"{path}: is a folder; expected a YAML file"


def load(given: str, changes: Iterable[str] = (), trust: bool = False) -> Scenario:
    """The scenario of a path or name, changed by `path=value` texts; raises UserError.

    `trust` admits a scenario that names code of its own, which runs with all your rights: from people you trust alone.
    """
    path = locate(given)
    document = _changed(path, changes)
    scenario = parse(document, str(path))
    try:
        points = scenario.points()
        if not trust:
            refuse_code_of(scenario, points)
    except UserError as error:
        raise UserError(placed(str(error), document, str(path))) from None
    return scenario


def with_place(given: str, changes: Iterable[str], said: str) -> str:
    """What is wrong with a point of a scenario, with the file and the line of the field that the words name."""
    path = locate(given)
    return placed(said, _changed(path, changes), str(path))


def _changed(path: Path, changes: Iterable[str]) -> Document:
    document = read_file(path)
    if document.plain is None:
        raise UserError(f"{path}:1: is empty; expected fields such as name, study and sweep")
    if not isinstance(document.plain, dict):
        holds = "a list" if isinstance(document.plain, list) else f"the text {shown(document.plain)}"
        raise UserError(f"{path}:1: holds {holds}; expected fields such as name, study and sweep")
    for change in changes:
        _set(document.plain, change)
    return document


def parse(document: Document, name: str) -> Scenario:
    """The scenario that a document holds; raises UserError that says what is wrong and where."""
    try:
        return Scenario.read(document.plain)
    except ValidationError as error:
        raise UserError(complaint(error, document, name, Scenario)) from None


def _set(plain: dict[str, Any], change: str) -> None:
    """Puts the value of `a.b.c=value` where the path leads; keys may hold dots, the longest one that fits is taken."""
    path, equals, text = change.partition("=")
    if not equals or not path:
        raise UserError(f"--set {change}: expected path=value, such as seed=7 or stop.max_blocks=1000")
    here: Any = plain
    parts = path.split(".")
    while parts:
        unknown = len(parts) if here is plain.get("sweep") else 1  # the name of a new axis holds dots
        taken = next((end for end in range(len(parts), 0, -1) if _has(here, ".".join(parts[:end]))), unknown)
        key, parts = ".".join(parts[:taken]), parts[taken:]
        if isinstance(here, list):
            here = _step(here, _index(here, key, change), parts, text)
        elif isinstance(here, dict):
            here = _step(here, key, parts, text)
        else:
            raise UserError(f"--set {change}: {key} would be inside {brief(here)}, which has no fields")


def _has(here: Any, key: str) -> bool:
    return isinstance(here, dict) and key in here


def _index(here: list[Any], key: str, change: str) -> int:
    if not key.isdecimal() or int(key) >= len(here):
        raise UserError(f"--set {change}: {key} is no index of a list of {len(here)}")
    return int(key)


def _step(here: Any, key: str | int, rest: list[str], text: str) -> Any:
    if not rest:
        here[key] = value(text)
        return None
    if isinstance(here, dict):
        inner = here.setdefault(str(key), {})
        here[str(key)] = {"kind": inner} if isinstance(inner, str) else inner
    return here[key]
