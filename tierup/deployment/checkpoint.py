"""The state of a sandbox stack, read from the file backend without starting the engine."""

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
        """Type and id of every resource in the state. The id alone is ambiguous: a bucket's policy, versioning and
        encryption have the id of the bucket."""
        return frozenset(
            (str(resource["type"]), str(resource["id"])) for resource in self.resources if resource.get("id")
        )


def checkpoint_path(state: Path, project: str, stack: str) -> Path:
    """Return the file of a stack's state. It may not exist."""
    plain = state / ".pulumi" / "stacks" / project / f"{stack}.json"
    packed = plain.with_name(plain.name + ".gz")  # PULUMI_DIY_BACKEND_GZIP
    return packed if packed.exists() else plain


def tags_path(state: Path, project: str, stack: str) -> Path:
    """Return the file of a stack's tags. It does not exist before the first tag."""
    return state / ".pulumi" / "stacks" / project / f"{stack}.pulumi-tags"


def read(state: Path, project: str, stack: str) -> Checkpoint:
    """Return the state of a stack, or an empty one if there is none.

    Raises:
        ValueError: the file is not a checkpoint.
    """
    path = checkpoint_path(state, project, stack)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Checkpoint()
    latest = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)["checkpoint"].get("latest")
    return checkpoint_of(latest or {})


def delete_incomplete_attributes(state: Path, project: str, stack: str) -> list[Path]:
    """Delete attribute files of a stack's state that a killed engine left incomplete, and return them.

    The engine's file backend replaces a checkpoint atomically, but writes its attribute file in place, unless the URL
    of the backend says otherwise, as that of `tierup sandbox env` does. An incomplete one makes every later run fail
    with "failed to load checkpoint: EOF"; without one, the defaults apply.
    """
    incomplete: list[Path] = []
    for path in checkpoint_path(state, project, stack).parent.glob(f"{stack}.json*.attrs"):
        try:
            json.loads(path.read_bytes())
        except FileNotFoundError:
            continue
        except ValueError:
            path.unlink(missing_ok=True)
            incomplete.append(path)
    return incomplete


def checkpoint_of(deployment: dict[str, Any]) -> Checkpoint:
    """Return the checkpoint of an exported `deployment`."""
    return Checkpoint(
        resources=deployment.get("resources") or (), pending_operations=deployment.get("pending_operations") or ()
    )


def was_in_earlier_state(
    state: Path, project: str, stack: str, resource: tuple[str, str], *, since: float = 0.0
) -> bool:
    """Return whether an earlier state of the stack contained a resource of this type and id.

    Only the ids of resources count: the outputs of a VPC, for example, contain the id of its default security group.
    Only states written after `since` (Unix time) count: an earlier resource with the same name-based id may have been
    deleted before this one was created. A resource that was in the state and no longer is was released on purpose
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
                if resource in checkpoint_of(document["checkpoint"].get("latest") or {}).ids:
                    return True
    return False
