"""The buckets of the sandbox: folders beside its database."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from hashlib import md5
from pathlib import Path

from tierup.deployment.errors import CommandError
from tierup.site.files import FileEntry, Headers


class SandboxBucket:
    """A bucket of the sandbox: a folder that holds each object as a file, and its headers in another one."""

    def __init__(self, folder: Path) -> None:
        self._objects = folder / "objects"
        self._metadata = folder / "metadata"

    def list(self) -> Mapping[str, str]:
        """Return the MD5 digest of every object by key."""
        if not self._objects.is_dir():
            return {}
        return {
            path.relative_to(self._objects).as_posix(): md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            for path in sorted(self._objects.rglob("*"))
            if path.is_file()
        }

    def read(self, key: str) -> bytes | None:
        """Return the content of an object, or None if it does not exist."""
        path = self._objects / key
        return path.read_bytes() if path.is_file() else None

    def headers(self, key: str) -> Headers:
        """Return the headers of an object."""
        try:
            kind, control, encoding, tags = json.loads((self._metadata / f"{key}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return ("application/octet-stream", "", None, "")
        return (kind, control, encoding, tags)

    def write(self, key: str, content: bytes, entry: FileEntry | None = None) -> None:
        """Write an object, with the headers of `entry`; None is a JSON document."""
        path = self._objects / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if entry is not None:
            described = self._metadata / f"{key}.json"
            described.parent.mkdir(parents=True, exist_ok=True)
            described.write_text(json.dumps(entry.headers), encoding="utf-8")

    def create(self, key: str, content: bytes) -> bool:
        """Write a JSON document and return True, or return False if the object exists."""
        path = self._objects / key
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            return False
        return True

    def copy(self, source: str, key: str, entry: FileEntry) -> None:
        """Copy an object within the bucket, with the headers of `entry`."""
        content = self.read(source)
        if content is None:
            raise CommandError(f"{source}: the object does not exist. Deploy the site again.")
        self.write(key, content, entry)

    def delete(self, keys: Collection[str]) -> None:
        """Delete objects. Those that do not exist are ignored."""
        for key in keys:
            (self._objects / key).unlink(missing_ok=True)
            (self._metadata / f"{key}.json").unlink(missing_ok=True)


def sandbox_buckets(home: Path) -> Path:
    """Return the folder that holds the objects of the sandbox's buckets, one folder for each."""
    return home / "sandbox" / "buckets"


def delete_sandbox_buckets(home: Path) -> None:
    """Delete the objects of all buckets of the sandbox."""
    shutil.rmtree(sandbox_buckets(home), ignore_errors=True)
