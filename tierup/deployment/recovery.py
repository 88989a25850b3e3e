"""Takes over what a killed engine or a lost answer left, so that nothing is lost and nothing is made twice.

Two things can be left behind. A *pending operation* is one that the engine had begun and never saw the end of; it
stands in the state. An *orphan* is a resource that was created although its creation was reported as failed (the reply
was lost, the cloud's server died); it stands in the cloud and nowhere in the state. Both are settled the same way: what
stands in the cloud is written into the state with its id (`pulumi stack export`, `pulumi stack import`) and read anew
(`pulumi refresh --target`), and what does not is forgotten.

Not used: `pulumi refresh --import-pending-creates URN --import-pending-creates ID`. Tried with v3.259.0 on a file
backend (2026-11-24), it reads nothing, imports nothing, ends with 0 and drops the pending operation all the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tierup.deployment import checkpoint
from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.engine_process import ask
from tierup.deployment.failure import ExitCode, Failure
from tierup.deployment.progress import name_of, type_of
from tierup.deployment.rehearsal import state_folder
from tierup.deployment.workspace import Workspace
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud, CloudResource

Say = Callable[[str], None]

# A cloud goes on with what it was asked for when the engine that asked is killed. How long one waits for it to be seen.
_ARRIVAL_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Adoption:
    """A resource that stands in the cloud and is to be written into the state."""

    urn: str
    id: str
    properties: Mapping[str, Any]  # what a read needs beside the id


@dataclass(frozen=True, kw_only=True, slots=True)
class Leftovers:
    """What is to be settled."""

    adopted: Sequence[Adoption] = ()
    read_again: Sequence[str] = ()  # URNs of the state whose update or deletion was cut short
    forgotten: Sequence[str] = ()  # URNs whose creation left nothing

    def __bool__(self) -> bool:
        return bool(self.adopted or self.read_again or self.forgotten)


def leftovers_in_sandbox(workspace: Workspace) -> Leftovers:
    """What earlier runs left of a rehearsal's stack; nothing as a rule, and then no engine is started to find out."""
    assert workspace.home is not None
    state = state_folder(workspace.home)
    known = checkpoint.read(state, workspace.project.name, workspace.stack)
    standing = _standing(workspace)
    until = time.monotonic() + _ARRIVAL_SECONDS
    while _missing(known, standing) and time.monotonic() < until:
        time.sleep(_ARRIVAL_SECONDS / 20)
        standing = _standing(workspace)
    ids = known.ids
    orphans = [
        resource
        for resource in standing
        if (resource.type, resource.id) not in ids
        and not checkpoint.was_ever_known(
            state, workspace.project.name, workspace.stack, (resource.type, resource.id), since=resource.created
        )
    ]
    return leftovers(known, orphans)


def leftovers(known: Checkpoint, orphans: Iterable[CloudResource]) -> Leftovers:
    """The same from the state and from what stands in the cloud with an id that the state does not know."""
    adopted = [
        Adoption(
            urn=orphan.urn,
            id=orphan.id,
            # A regional resource of another region than the provider's is found only with it.
            properties={"region": orphan.region} if "region" in orphan.inputs else {},
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


def _missing(known: Checkpoint, standing: Iterable[CloudResource]) -> bool:
    """Whether a creation is pending that left nothing in the cloud so far."""
    found = {resource.urn for resource in standing if (resource.type, resource.id) not in known.ids}
    return any(each["type"] == "creating" and each["resource"]["urn"] not in found for each in known.pending_operations)


def _standing(workspace: Workspace) -> list[CloudResource]:
    assert workspace.home is not None
    path = cloud_path(workspace.home)
    if not path.exists():
        return []
    cloud = Cloud(path)
    try:
        return [resource for resource in cloud.all() if resource.urn.startswith(workspace.urn_prefix)]
    finally:
        cloud.close()


def settle(workspace: Workspace, left: Leftovers, say: Say) -> None:
    """Write what is left into the state, or out of it, and read it from the cloud.

    Raises:
        Failure: the engine refused; the state is then as it was.
    """
    exported: dict[str, Any] = json.loads(ask(workspace, ["stack", "export", "--stack", workspace.stack]))
    adopted, alone = written_into(exported, left)
    for adoption in alone:
        say(
            f"{name_of(adoption.urn)} ({adoption.id}) stands in the sandbox, but the state knows no provider to "
            "take it over with: was the state deleted? `tierup sandbox reset` empties the sandbox too."
        )
    # `stack import` drops every pending operation of what it is given.
    ask(workspace, ["stack", "import", "--stack", workspace.stack], stdin=json.dumps(exported))
    targets = sorted({*(adoption.urn for adoption in adopted), *left.read_again})
    if targets:
        chosen = [flag for urn in targets for flag in ("--target", urn)]
        refresh = ["refresh", "--yes", "--skip-preview", "--suppress-progress", "--stack", workspace.stack]
        ask(workspace, [*refresh, *chosen])
    for text, urns in (
        ("Took over {names}, which an earlier run had created without learning so.", [a.urn for a in adopted]),
        ("Read {names} again, whose change was cut short.", list(left.read_again)),
        ("Forgot {names}, whose creation was cut short before anything stood.", list(left.forgotten)),
    ):
        if urns:
            say(text.format(names=_listed(urns)))


def _listed(urns: Sequence[str]) -> str:
    names = [f"{name_of(urn)} ({type_of(urn)})" for urn in urns]
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"


def written_into(exported: dict[str, Any], left: Leftovers) -> tuple[list[Adoption], list[Adoption]]:
    """Write adoptions into an exported state, in place; returns those that were, and those that have no provider."""
    deployment: dict[str, Any] = exported["deployment"]
    resources: list[dict[str, Any]] = deployment.setdefault("resources", [])
    pending = {str(each["resource"]["urn"]): each["resource"] for each in deployment.get("pending_operations") or ()}
    adopted: list[Adoption] = []
    alone: list[Adoption] = []
    for adoption in left.adopted:
        provider = pending.get(adoption.urn, {}).get("provider") or _provider(resources, type_of(adoption.urn))
        if not provider:
            alone.append(adoption)
            continue
        entry = {
            "urn": adoption.urn,
            "custom": True,
            "id": adoption.id,
            "type": type_of(adoption.urn),
            "inputs": dict(adoption.properties),
            "outputs": dict(adoption.properties),
            "provider": provider,
        }
        # Its twin in the state is the one that it replaces: what depends on the URN comes after both.
        twin = next(
            (i for i, each in enumerate(resources) if each["urn"] == adoption.urn and not each.get("delete")), None
        )
        if twin is None:
            resources.append(entry)
        else:
            resources[twin]["delete"] = True
            resources.insert(twin, entry)
        adopted.append(adoption)
    deployment["pending_operations"] = []
    return adopted, alone


def _provider(resources: Sequence[Mapping[str, Any]], type: str) -> str:
    """A provider of the state for a resource of a type: what most of its kind use, else the package's first."""
    package = type.partition(":")[0]
    used = [str(each["provider"]) for each in resources if each.get("type") == type and each.get("provider")]
    if used:
        return max(sorted(set(used)), key=used.count)
    for each in resources:
        if each.get("type") == f"pulumi:providers:{package}":
            return f"{each['urn']}::{each['id']}"
    return ""


# --- real accounts ---


def check_pending_creates(workspace: Workspace, adopt: Mapping[str, str], forget: Sequence[str], say: Say) -> None:
    """On real accounts only the user can tell what stands: settle what he says, and refuse to go on where he does not.

    Args:
        workspace: of real accounts.
        adopt: id by URN, of what was created.
        forget: URNs of what was not.
        say: told what was settled.

    Raises:
        Failure: creations are pending of which nothing was said, or something was said of none.
    """
    exported: dict[str, Any] = json.loads(ask(workspace, ["stack", "export", "--stack", workspace.stack]))
    known = checkpoint.of_deployment(exported["deployment"])
    creating = [str(each["resource"]["urn"]) for each in known.pending_operations if each["type"] == "creating"]
    strange = sorted({*adopt, *forget} - set(creating))
    if strange:
        raise Failure(
            f"No creation of {strange[0]} is pending in stack '{workspace.stack}'"
            + (f"; pending are: {', '.join(creating)}." if creating else "; none is."),
            ExitCode.SETTINGS,
        )
    open_ones = [urn for urn in creating if urn not in adopt and urn not in forget]
    if open_ones:
        raise Failure(question(workspace, open_ones))
    if creating:
        adoptions = [Adoption(urn=urn, id=id, properties={}) for urn, id in adopt.items()]
        left = leftovers(known, ())
        settle(workspace, Leftovers(adopted=adoptions, read_again=left.read_again, forgotten=list(forget)), say)


def question(workspace: Workspace, urns: Sequence[str]) -> str:
    """What to ask the user of creations that were cut short, with the commands that answer it."""
    lines = [
        f"An earlier run on stack '{workspace.stack}' was killed while it created {len(urns)} resource"
        f"{'s' if len(urns) > 1 else ''}, and the state does not know whether they stand. Look each up in its cloud, "
        "then run `tierup up` with one of these for each of them:"
    ]
    for urn in urns:
        lines.append(f"  it stands:     --adopt '{urn}=ID'")
        lines.append(f"  it does not:   --forget '{urn}'")
    return "\n".join(lines)
