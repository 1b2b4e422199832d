"""Kinds by name: those that semcom has, and those that installed packages offer."""

from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

T = TypeVar("T")


class PlugInError(ValueError):
    """What an installed package offers cannot be used; one line names the package, the entry point and the error."""


class Kinds(Mapping[str, T], Generic[T]):
    """Names and what they stand for; what an entry point offers is imported when its name is looked up, not before."""

    def __init__(self, group: str, builtin: Mapping[str, T], check: Callable[[str, object], T]) -> None:
        """`check` takes the name and what an entry point of the group offers, and raises TypeError for a misfit."""
        self.group = group
        self._builtin = dict(builtin)
        self._check = check
        found = sorted(entry_points(group=group), key=lambda entry: entry.name)
        self._offered: dict[str, tuple[EntryPoint, ...]] = {}
        for entry in (entry for entry in found if entry.name not in self._builtin):
            self._offered[entry.name] = (*self._offered.get(entry.name, ()), entry)
        self._loaded: dict[str, T] = {}

    def has(self, name: str) -> bool:
        """Whether semcom itself has it."""
        return name in self._builtin

    def __getitem__(self, name: str) -> T:
        """What a name stands for; raises KeyError for an unknown name, PlugInError for what cannot be imported."""
        if name in self._builtin:
            return self._builtin[name]
        if name not in self._loaded:
            self._loaded[name] = self._load(self._offered[name])
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._builtin
        yield from self._offered

    def __len__(self) -> int:
        return len(self._builtin) + len(self._offered)

    def _load(self, entries: tuple[EntryPoint, ...]) -> T:
        entry, *others = entries
        if others:  # whichever was meant, the other would be taken half of the time
            packages = " and ".join(sorted(_package(one) for one in entries))
            raise PlugInError(f"{packages} both offer {entry.name} of {self.group}; remove one of them")
        try:
            return self._check(entry.name, entry.load())
        except (Exception, SystemExit) as error:  # of whatever class: the package is somebody else's
            told = (str(error).strip() or "without a word").splitlines()[0]
            raise PlugInError(
                f"{_package(entry)}: its entry point {entry.name} of {self.group} ({entry.value}) cannot be used: "
                f"{type(error).__name__}: {told}"
            ) from error


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else "an unknown package"
