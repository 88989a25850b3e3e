"""Recovers a stack after a killed engine or a lost response, so that no resource is lost or created twice.

There are two cases. A *pending operation* is one that the engine started and whose end it did not record; it is in the
state. An *orphan* is a resource that was created although its creation was reported as failed (the response was lost,
the cloud's server stopped); it exists in the cloud but not in the state. Both are recovered the same way: a resource
that exists in the cloud is written into the state with its id (`pulumi stack export`, `pulumi stack import`) and read
again (`pulumi refresh --target`); a pending creation that left none is removed from the state.

Not used: `pulumi refresh --import-pending-creates URN --import-pending-creates ID`. In a test with v3.259.0 on a file
backend (2026-11-24) it imported nothing, exited with 0 and removed the pending operation.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tierup.counting import counted
from tierup.deployment import checkpoint
from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.engine_process import run_engine_command
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.progress import name_of, type_of
from tierup.deployment.sandbox_backend import kept_state, state_folder
from tierup.deployment.workspace import Workspace
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.importing import IMPORT_IDS, ImportIdError, check_import_id

Notify = Callable[[str], None]

# A cloud continues an operation after the engine was killed. This is how long recovery waits for its result.
_ARRIVAL_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Adoption:
    """A resource that exists in the cloud and is to be written into the state."""

    urn: str
    id: str
    properties: Mapping[str, Any]  # known inputs, without secrets; a read needs some of them besides the id


@dataclass(frozen=True, kw_only=True, slots=True)
class Leftovers:
    """What earlier runs left to be recovered."""

    adopted: Sequence[Adoption] = ()
    read_again: Sequence[str] = ()  # URNs in the state whose update or deletion was interrupted
    forgotten: Sequence[str] = ()  # URNs whose creation left no resource

    def __bool__(self) -> bool:
        return bool(self.adopted or self.read_again or self.forgotten)


def find_leftovers_in_sandbox(workspace: Workspace) -> Leftovers:
    """Return what earlier runs left of a sandbox stack. This does not start an engine."""
    assert workspace.home is not None
    state = state_folder(workspace.home)
    known = checkpoint.read(state, workspace.project.name, workspace.stack)
    existing = _existing_resources(workspace)
    until = time.monotonic() + _ARRIVAL_SECONDS
    while _missing(known, existing) and time.monotonic() < until:
        time.sleep(_ARRIVAL_SECONDS / 20)
        existing = _existing_resources(workspace)
    ids = known.ids
    orphans = [
        resource
        for resource in existing
        if (resource.type, resource.id) not in ids
        and not checkpoint.was_in_earlier_state(
            state, workspace.project.name, workspace.stack, (resource.type, resource.id), since=resource.created
        )
    ]
    return find_leftovers(known, orphans)


def find_leftovers(known: Checkpoint, orphans: Iterable[CloudResource]) -> Leftovers:
    """Return the leftovers, given the state and the resources in the cloud whose ids the state does not contain."""
    adopted = [
        Adoption(
            urn=orphan.urn,
            id=orphan.id,
            properties={name: value for name, value in orphan.inputs.items() if name not in orphan.secrets},
        )
        for orphan in orphans
    ]
    found = {adoption.urn for adoption in adopted}
    recorded = {str(resource["urn"]) for resource in known.resources}
    pending = [(str(each["type"]), str(each["resource"]["urn"])) for each in known.pending_operations]
    return Leftovers(
        adopted=adopted,
        read_again=[urn for kind, urn in pending if kind != "creating" and urn in recorded],
        forgotten=[urn for kind, urn in pending if kind == "creating" and urn not in found],
    )


def _missing(known: Checkpoint, existing: Iterable[CloudResource]) -> bool:
    """Return whether a creation is pending whose resource does not exist in the cloud yet."""
    found = {resource.urn for resource in existing if (resource.type, resource.id) not in known.ids}
    return any(each["type"] == "creating" and each["resource"]["urn"] not in found for each in known.pending_operations)


def _existing_resources(workspace: Workspace) -> list[CloudResource]:
    assert workspace.home is not None
    path = cloud_path(workspace.home)
    if not path.exists():
        return []
    cloud = Cloud(path)
    try:
        return [resource for resource in cloud.all() if resource.urn.startswith(workspace.urn_prefix)]
    finally:
        cloud.close()


def recover(workspace: Workspace, left: Leftovers, notify: Notify) -> None:
    """Write the leftovers into the state or remove them from it, and read them from the cloud.

    Raises:
        CommandError: the engine reported an error; the state is unchanged.
    """
    exported: dict[str, Any] = json.loads(
        run_engine_command(workspace, ["stack", "export", "--stack", workspace.stack])
    )
    adopted, without_provider = write_adoptions(exported, left)
    for adoption in without_provider:
        notify(
            f"{name_of(adoption.urn)} ({adoption.id}) exists in the sandbox, but the state has no provider to adopt it "
            "with. If the state was deleted, `tierup sandbox reset` deletes the sandbox's resources as well."
        )
    with kept_state(workspace):
        # `stack import` removes every pending operation from the state.
        run_engine_command(workspace, ["stack", "import", "--stack", workspace.stack], stdin=json.dumps(exported))
        targets = sorted({*(adoption.urn for adoption in adopted), *left.read_again})
        if targets:
            chosen = [flag for urn in targets for flag in ("--target", urn)]
            refresh = ["refresh", "--yes", "--skip-preview", "--suppress-progress", "--stack", workspace.stack]
            run_engine_command(workspace, [*refresh, *chosen])
    for text, urns in (
        ("Adopted {names}, created by an earlier run whose result was lost.", [a.urn for a in adopted]),
        ("Refreshed {names}, whose change was interrupted.", list(left.read_again)),
        ("Removed the pending creation of {names}, which left no resource.", list(left.forgotten)),
    ):
        if urns:
            notify(text.format(names=_listed(urns)))


def _listed(urns: Sequence[str]) -> str:
    names = [f"{name_of(urn)} ({type_of(urn)})" for urn in urns]
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"


def write_adoptions(exported: dict[str, Any], left: Leftovers) -> tuple[list[Adoption], list[Adoption]]:
    """Write adoptions into an exported state in place. Return those written, and those without a provider."""
    deployment: dict[str, Any] = exported["deployment"]
    resources: list[dict[str, Any]] = deployment.setdefault("resources", [])
    pending = {str(each["resource"]["urn"]): each["resource"] for each in deployment.get("pending_operations") or ()}
    adopted: list[Adoption] = []
    without_provider: list[Adoption] = []
    for adoption in left.adopted:
        provider = pending.get(adoption.urn, {}).get("provider") or _provider(resources, type_of(adoption.urn))
        if not provider:
            without_provider.append(adoption)
            continue
        # The refresh compares the resource with these inputs, and a provider may reject a comparison with none: an ECS
        # service fails if its capacity provider strategy seems to be removed.
        inputs = pending.get(adoption.urn, {}).get("inputs") or dict(adoption.properties)
        entry = {
            "urn": adoption.urn,
            "custom": True,
            "id": adoption.id,
            "type": type_of(adoption.urn),
            "inputs": inputs,
            "outputs": dict(adoption.properties),
            "provider": provider,
        }
        # An entry with the same URN is the resource that it replaces. Dependents must come after both.
        replaced = next(
            (i for i, each in enumerate(resources) if each["urn"] == adoption.urn and not each.get("delete")), None
        )
        if replaced is None:
            resources.append(entry)
        else:
            resources[replaced]["delete"] = True
            resources.insert(replaced, entry)
        adopted.append(adoption)
    deployment["pending_operations"] = []
    return adopted, without_provider


def _provider(resources: Sequence[Mapping[str, Any]], type: str) -> str:
    """Return a provider in the state for a type: the one that most of its resources use, else the package's first."""
    package = type.partition(":")[0]
    used = [str(each["provider"]) for each in resources if each.get("type") == type and each.get("provider")]
    if used:
        return max(sorted(set(used)), key=used.count)
    for each in resources:
        if each.get("type") == f"pulumi:providers:{package}":
            return f"{each['urn']}::{each['id']}"
    return ""


# --- real accounts ---


def check_pending_creates(
    workspace: Workspace, adopt: Mapping[str, str], forget: Sequence[str], notify: Notify
) -> None:
    """Resolve pending creations on real accounts as the options say, and reject a run that leaves any unresolved.

    Args:
        workspace: the workspace of real accounts.
        adopt: the ids of created resources by URN.
        forget: the URNs of resources that were not created.
        notify: called with a message for each resolved creation.

    Raises:
        CommandError: a pending creation is in neither, or one of them names a URN without a pending creation.
    """
    exported: dict[str, Any] = json.loads(
        run_engine_command(workspace, ["stack", "export", "--stack", workspace.stack])
    )
    known = checkpoint.checkpoint_of(exported["deployment"])
    creating = [str(each["resource"]["urn"]) for each in known.pending_operations if each["type"] == "creating"]
    unknown = sorted({*adopt, *forget} - set(creating))
    if unknown:
        raise CommandError(
            f"--adopt, --forget: no pending creation in stack '{workspace.stack}' (got {unknown[0]}). "
            + (f"Pending creations: {', '.join(creating)}." if creating else "The stack has none; omit the option."),
            ExitCode.SETTINGS,
        )
    for urn, id in adopt.items():
        try:
            check_import_id(type_of(urn), id)
        except ImportIdError as error:
            raise CommandError(f"--adopt: {name_of(urn)} ({type_of(urn)}): {error}", ExitCode.SETTINGS) from error
    unresolved = [urn for urn in creating if urn not in adopt and urn not in forget]
    if unresolved:
        raise CommandError(unresolved_message(workspace, unresolved))
    if creating:
        adoptions = [Adoption(urn=urn, id=id, properties={}) for urn, id in adopt.items()]
        left = find_leftovers(known, ())
        recover(workspace, Leftovers(adopted=adoptions, read_again=left.read_again, forgotten=list(forget)), notify)


def unresolved_message(workspace: Workspace, urns: Sequence[str]) -> str:
    """Return the error message for unresolved creations, with the options that resolve them."""
    lines = [
        f"An earlier run on stack '{workspace.stack}' was killed while it created "
        f"{counted(len(urns), 'resource')}. Check in the cloud whether each of them exists, then run `tierup up` with "
        "one of these options for each:"
    ]
    for urn in urns:
        format, _ = IMPORT_IDS.get(type_of(urn), ("ID", None))
        lines.append(f"  it exists:          --adopt '{urn}={format}'")
        lines.append(f"  it does not exist:  --forget '{urn}'")
    return "\n".join(lines)
