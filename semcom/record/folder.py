"""A run folder: the scenario, the machine, the points, the figures."""

import json
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Self

import yaml
from pydantic import ValidationError

from semcom.errors import OutsideError, UserError
from semcom.record.aside import write_whole
from semcom.record.journal import MOST_BYTES, Journal, read_lines
from semcom.record.line import Finished, UnderWay, key_of, line_of
from semcom.scenario.complaints import complaint
from semcom.scenario.scenario import Scenario
from semcom.scenario.yaml_text import read_file, shown
from semcom_channels.foreign import foreign

FREE_TO_CHANGE = ("sweep", "figure", "repeats")  # a run folder outlives changes of these
FREE_IN_STUDY = ("transceivers", "channels")


class Part(NamedTuple):
    """Part `number` of `total` of a job array, counted from 1."""

    number: int
    total: int

    @property
    def suffix(self) -> str:
        """What tells the files of this part from those of others."""
        return "" if self.total == 1 else f"-{self.number}-of-{self.total}"


WHOLE = Part(1, 1)


class RunFolder:
    """Where a run is kept. Reading needs no lock; writing is for one process a part."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []
        """Words for the user about what was found, such as a torn line."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """An existing run folder; raises UserError for anything else."""
        folder = cls(path)
        try:
            there = path.is_dir()
        except OSError as error:
            raise UserError(f"{shown(path)}: cannot be read: {error.strerror}") from None
        if not there:
            raise UserError(f"{shown(path)}: no such run folder")
        folder.scenario()
        return folder

    @classmethod
    def create(cls, path: Path, scenario: Scenario) -> Self:
        """A run folder for a scenario, new or to be continued; raises UserError for one of another scenario."""
        folder = cls(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
            if (path / "scenario.yaml").exists():
                folder._check_same(scenario)
            elif any(path.glob("points*.jsonl")):
                raise UserError(f"{path}: holds points but no scenario.yaml; choose another --out")
            write_whole(path / "scenario.yaml", _scenario_text(scenario).encode())
        except NotADirectoryError:
            raise UserError(f"{path}: is a file; choose another --out") from None
        except FileExistsError:
            raise UserError(f"{path}: is a file; choose another --out") from None
        except OSError as error:
            raise OutsideError(f"{path}: cannot be written: {error.strerror}") from error
        return folder

    def scenario(self) -> Scenario:
        """The scenario whose run this is; raises UserError when it cannot be read."""
        path = self.path / "scenario.yaml"
        if not path.is_file():
            raise UserError(f"{self.path}: is no run folder: it has no readable scenario.yaml")
        document = read_file(path)
        try:
            return Scenario.read(document.plain)
        except ValidationError as error:
            told = complaint(error, document, str(path), Scenario).splitlines()[0]
            raise UserError(
                f"{told}; it is no scenario of this version of semcom and its packages, choose another --out"
            ) from None

    def finished(self) -> dict[str, Finished]:
        """The finished points of all parts, by key."""
        lines = [line for path in sorted(self.path.glob("points*.jsonl")) for line in self._lines(path, Finished)]
        return {line.key: line for line in lines}

    def under_way(self) -> dict[str, UnderWay]:
        """How far the unfinished points of all parts are, by key."""
        lines = [line for path in self._progress() for line in self._lines(path, UnderWay)]
        return {line.key: line for line in sorted(lines, key=lambda line: line.chunks)}

    def forget_progress(self, part: Part) -> None:
        """Removes how far a part was, once all its points are finished; the whole run's end removes it of all parts."""
        for path in self._progress() if part == WHOLE else [self.path / f"progress{part.suffix}.jsonl"]:
            path.unlink(missing_ok=True)

    def journals(self, part: Part) -> tuple[Journal, Journal]:
        """The files that finished points and progress are appended to."""
        points = self.path / f"points{part.suffix}.jsonl"
        progress = self.path / f"progress{part.suffix}.jsonl"
        first = Journal(points, lambda: len(self._lines(points, Finished)))
        try:
            return first, Journal(progress, lambda: len(self._lines(progress, UnderWay)), key_of)
        except (UserError, OutsideError):
            first.close()
            raise

    def note_machine(self, part: Part, machine: dict[str, object]) -> None:
        """Adds a machine to those that computed this run, unless it is there; raises OutsideError."""
        path = self.path / f"machine{part.suffix}.json"
        known = self._machines(path)
        if machine not in known:
            write_whole(path, (json.dumps([*known, machine], indent=2) + "\n").encode())

    def _machines(self, path: Path) -> list[object]:
        """What the file lists; a file that lists nothing is replaced, with a word."""
        try:
            with foreign(lambda why: UserError(f"{path}: cannot be read as a list of machines: {why}")):
                if not path.exists():
                    return []
                if path.stat().st_size > MOST_BYTES or not path.is_file():  # a pipe would be waited for
                    raise ValueError("it is too large, or no file")
                known = json.loads(path.read_bytes())
                if not isinstance(known, list):
                    raise ValueError("it is something else")
                return known
        except UserError as error:
            self.notes.append(f"{error}; it is written anew")
            return []

    def _progress(self) -> list[Path]:
        return sorted(self.path.glob("progress*.jsonl"))

    def _lines(self, path: Path, kind: Any) -> list[Any]:
        lines, torn = read_lines(path, partial(line_of, kind))
        note = f"{path}: its last line was cut off and is dropped"
        if torn and note not in self.notes:
            self.notes.append(note)
        return lines

    def _check_same(self, scenario: Scenario) -> None:
        kept = self.scenario()
        if kept.name != scenario.name:
            raise UserError(f"{self.path}: holds a run of {kept.name}, not of {scenario.name}; choose another --out")
        mine, theirs = _fixed(scenario), _fixed(kept)
        changed = [field for field in {**theirs, **mine} if mine.get(field) != theirs.get(field)]
        if changed:
            raise UserError(
                f"{self.path}: holds a run of {kept.name} with another {', '.join(changed)}; choose another --out"
            )


def _fixed(scenario: Scenario) -> dict[str, Any]:
    plain = scenario.plain()
    study = {f"study.{field}": value for field, value in plain["study"].items() if field not in FREE_IN_STUDY}
    top = {field: value for field, value in plain.items() if field not in (*FREE_TO_CHANGE, "study")}
    return {**top, **study}


def _scenario_text(scenario: Scenario) -> str:
    return yaml.safe_dump(scenario.plain(), sort_keys=False, allow_unicode=True)
