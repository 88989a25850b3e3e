"""The objects of the hosts' APIs, in memory and in a file, so that a restarted sandbox still has them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tierup import atomic_file

from ..behaviour import digest

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a call."""

    status: int
    body: Any = None


class HostStore:
    """Objects by kind and id, in the order of their creation."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.lock = threading.RLock()
        self._objects: dict[str, dict[str, Json]] = {}
        self._created = 0
        if path is not None and path.is_file():
            stored = json.loads(path.read_text(encoding="utf-8"))
            self._objects, self._created = stored["objects"], stored["created"]

    def forget_if_reset(self) -> None:
        """Delete all objects if `tierup sandbox reset` has deleted the file."""
        if self._path is not None and self._objects and not self._path.is_file():
            self._objects.clear()

    def create(self, kind: str, values: Mapping[str, Any]) -> Json:
        """Store an object with a new id, in the form of a UUID, and return it."""
        self._created += 1
        text = digest(f"{kind}/{self._created}", 32)
        new = {**values, "id": f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"}
        self._objects.setdefault(kind, {})[new["id"]] = new
        self.save()
        return new

    def get(self, kind: str, id: str) -> Json | None:
        """Return an object, or None."""
        return self._objects.get(kind, {}).get(id)

    def find(self, kind: str, **values: Any) -> Iterator[Json]:
        """Yield the objects of a kind with these values."""
        for each in list(self._objects.get(kind, {}).values()):
            if all(each.get(key) == value for key, value in values.items()):
                yield each

    def delete(self, kind: str, id: str) -> bool:
        """Delete an object, and return whether it existed."""
        found = self._objects.get(kind, {}).pop(id, None)
        self.save()
        return found is not None

    def save(self) -> None:
        """Write the file after a change of an object."""
        if self._path is not None:
            atomic_file.write_text(self._path, json.dumps({"objects": self._objects, "created": self._created}))
