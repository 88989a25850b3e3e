"""What the rehearsal's state says, read from the file backend without a start of the engine."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """A stack's state, in the form of `pulumi stack export`."""

    resources: Sequence[dict[str, Any]] = ()
    pending_operations: Sequence[dict[str, Any]] = ()

    @property
    def ids(self) -> frozenset[tuple[str, str]]:
        """Type and id of all that the state knows. An id alone is not enough: a bucket's policy, versioning and
        encryption have the bucket's."""
        return frozenset(
            (str(resource["type"]), str(resource["id"])) for resource in self.resources if resource.get("id")
        )


def checkpoint_path(state: Path, project: str, stack: str) -> Path:
    """The file of a stack's state. It may not exist."""
    plain = state / ".pulumi" / "stacks" / project / f"{stack}.json"
    packed = plain.with_name(plain.name + ".gz")  # PULUMI_DIY_BACKEND_GZIP
    return packed if packed.exists() else plain


def read(state: Path, project: str, stack: str) -> Checkpoint:
    """The state of a stack; an empty one where there is none.

    Raises:
        ValueError: the file is not a checkpoint.
    """
    path = checkpoint_path(state, project, stack)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Checkpoint()
    latest = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)["checkpoint"].get("latest")
    return of_deployment(latest or {})


def drop_torn_side_files(state: Path, project: str, stack: str) -> list[Path]:
    """Delete the attributes of a stack's state that a killed engine left half written; returns which.

    The engine's file backend replaces a checkpoint whole, but writes the attributes beside it in place. Half written
    they make every later run fail with "failed to load checkpoint: EOF"; missing ones mean the defaults.
    """
    torn: list[Path] = []
    for path in checkpoint_path(state, project, stack).parent.glob(f"{stack}.json*.attrs"):
        try:
            json.loads(path.read_bytes())
        except FileNotFoundError:
            continue
        except ValueError:
            path.unlink(missing_ok=True)
            torn.append(path)
    return torn


def of_deployment(deployment: dict[str, Any]) -> Checkpoint:
    """The same of an exported `deployment`."""
    return Checkpoint(
        resources=deployment.get("resources") or (), pending_operations=deployment.get("pending_operations") or ()
    )


def was_ever_known(state: Path, project: str, stack: str, resource: tuple[str, str], *, since: float = 0.0) -> bool:
    """Whether an earlier state of the stack held a resource of this type and id.

    Elsewhere than as a resource's id it says nothing: a network's outputs name the security group that comes with it.
    Only states written after `since` (Unix time) count: of an id that is made of names, an earlier bearer may have
    been deleted long before this one was created. What was once in the state and is no more was let go on purpose
    (`retain_on_delete`, `pulumi state delete`).
    """
    folders = (state / ".pulumi" / kind / project / stack for kind in ("history", "backups"))
    for folder in folders:
        for path in sorted(folder.glob("*.json*"), reverse=True):
            if path.name.endswith(".attrs") or path.stat().st_mtime < since:
                continue
            if (
                path.name.endswith((".checkpoint.json", ".checkpoint.json.gz"))
                or folder.parent.parent.name == "backups"
            ):
                content = path.read_bytes()
                document = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
                if resource in of_deployment(document["checkpoint"].get("latest") or {}).ids:
                    return True
    return False
