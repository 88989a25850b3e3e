"""What the traffic model keeps in the sandbox's file: what running tasks started with, and injected conditions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tierup.sandbox.cloud import Cloud, CloudResource, Operation
from tierup.sandbox.registrar import delegations

from .conditions import Condition, ConditionKind, Conditions
from .manifests import DEPLOYMENT, SECRET_PROVIDER
from .memory import (
    CACHE,
    RUNNERS,
    SECRET_VERSION,
    SERVICE,
    TASK_DEFINITION,
    Memory,
    from_document,
    to_document,
)
from .rows import Rows

_OLD_TOKEN = "old_token"  # noqa: S105 (a key of a document, which holds a digest)
_DECIDE = (SERVICE, TASK_DEFINITION, SECRET_VERSION, DEPLOYMENT, SECRET_PROVIDER)


def observe_service(cloud: Cloud, before: CloudResource | None, after: CloudResource | None) -> None:
    """Record what tasks or pods start with, if a change starts a deployment, and the old token of a cache.

    Call it in the transaction.
    """
    changed = after or before
    if changed is None or changed.type not in (*RUNNERS, CACHE):
        return
    memory = load_memory(cloud)
    rows = Rows(resource for type in _DECIDE for resource in cloud.find(type))
    if not memory.observe(before, after, rows):
        return
    if changed.type == CACHE:
        token = memory.old_tokens.get(changed.id)
        cloud.set_started(changed.id, None if token is None else {_OLD_TOKEN: token})
    elif after is None:
        cloud.set_started(changed.id, None)
    else:
        cloud.set_started(after.id, to_document(memory.started[after.id]))


def load_memory(cloud: Cloud) -> Memory:
    """Return what the running tasks of each service started with."""
    return memory_of(cloud, cloud.started())


def memory_of(cloud: Cloud, documents: Mapping[str, Any]) -> Memory:
    """Return what running tasks started with, from the records of `Cloud.started` or of a run."""
    return Memory(
        {service: from_document(facts) for service, facts in documents.items() if _OLD_TOKEN not in facts},
        old_tokens={cache: str(facts[_OLD_TOKEN]) for cache, facts in documents.items() if _OLD_TOKEN in facts},
        registrar=delegations(cloud),
    )


def rows_before(cloud: Cloud, operations: Sequence[tuple[int, Operation]]) -> Rows:
    """Return the rows as they were before `operations`, which are the newest of `Cloud.operations`."""
    rows = Rows([*cloud.all(), *host_rows(cloud)])
    for _, operation in reversed(operations):
        rows.undo(operation)
    return rows


def host_rows(cloud: Cloud) -> list[CloudResource]:
    """Return the objects of Netlify and Railway in the sandbox's host APIs as rows, as they are now."""
    file = Path(cloud.path).with_name("hosts.json")  # tierup/sandbox/server.py, hosts_path
    if str(cloud.path) == ":memory:" or not file.is_file():
        return []
    objects = json.loads(file.read_text(encoding="utf-8"))["objects"]
    found = [(kind, id, values) for kind, owned in objects.items() for id, values in owned.items()]
    return [
        CloudResource(
            type=kind, id=id, urn=f"::{values.get('name') or id}", region="", account="", inputs=values, outputs=values,
            key=-number,
        )
        for number, (kind, id, values) in enumerate(found, 1)
    ]  # fmt: skip


def load_conditions(cloud: Cloud) -> Conditions:
    """Return the injected conditions."""
    return Conditions(Condition(ConditionKind(kind), target) for kind, target in cloud.conditions())
