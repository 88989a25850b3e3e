"""Files and lines of the program that create a resource, from a saved state or from a run of the program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from tierup.deployment.project import Project

# Installed packages and the language host are not part of the program.
_INSTALLED = ("site-packages", "dist-packages")
_STARTED_BY = "tierup/engine/language_host.py"


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """A line of the program. `file` is relative to the project's folder, with "/" as separator."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


SourceLocations = Mapping[str, tuple[SourceLocation, ...]]
"""Locations by URN, innermost first: the line that creates the resource, then its callers."""


def from_state(positions: Mapping[str, Iterable[str]], project: Project | None) -> SourceLocations:
    """Return the locations of a saved state's `positions` (policies/state.py) that are in the project's folder."""
    return {} if project is None else {urn: tuple(_saved(each, project)) for urn, each in positions.items()}


def from_source_map(path: Path, project: Project) -> SourceLocations:
    """Return the locations that a run of the program wrote (SourceMap in tierup/engine/language_host.py), if it did."""
    if not path.is_file():
        return {}
    noted: Mapping[str, list[tuple[str, int]]] = json.loads(path.read_text(encoding="utf-8"))
    return {urn: tuple(_read_note(frames, project)) for urn, frames in noted.items()}


def callers(locations: tuple[SourceLocation, ...], project: Project) -> tuple[SourceLocation, ...]:
    """Return the callers in a resource's locations, without those outside the program's folder, each line once."""
    main = project.main if project.main.is_dir() else project.main.parent
    return tuple(each for each in dict.fromkeys(locations[1:]) if (project.folder / each.file).is_relative_to(main))


def _saved(positions: Iterable[str], project: Project) -> Iterator[SourceLocation]:
    for position in positions:
        path, _, line = position.rpartition("#")
        parts = [part for part in PurePosixPath(unquote(urlsplit(path).path)).parts if part not in ("/", "..")]
        file = _in_project(parts, project.folder)
        if file and line.partition(",")[0].isdigit():
            yield SourceLocation(file, int(line.partition(",")[0]))


def _in_project(parts: list[str], folder: Path) -> str:
    """Return the file's path in this checkout, or "" if it is not part of it.

    The path in a state is relative to the engine's working folder: the project's, the sandbox's working copy, or one on
    another machine. The longest suffix of the path that is a file here is used.
    """
    if any(part in _INSTALLED or part.startswith("python3.") for part in parts):
        return ""
    for start in range(len(parts)):
        if (folder / Path(*parts[start:])).is_file():
            file = "/".join(parts[start:])
            return "" if file == _STARTED_BY else file
    return ""


def _read_note(frames: Iterable[tuple[str, int]], project: Project) -> Iterator[SourceLocation]:
    for uri, line in frames:
        path = Path(unquote(urlsplit(uri).path))
        if not path.is_relative_to(project.folder):
            continue
        file = path.relative_to(project.folder)
        if not any(part in _INSTALLED for part in file.parts) and file.as_posix() != _STARTED_BY:
            yield SourceLocation(file.as_posix(), line)
