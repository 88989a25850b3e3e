"""docs/reference/deployer-policy.json: the IAM policies with which each phase can be deployed, and their table.

The policies allow what tierup/sandbox/aws/access/deployer_actions.py lists for the resource types and functions of the
phase, with any tier and either CDN, and nothing else.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tierup.cost.prices import REGIONS
from tierup.cost.rules import PricedResource
from tierup.mocked_program import RecordedProgram, record_program
from tierup.program_settings import RejectedSettingsError
from tierup.sandbox.aws.access.deployer import LONGEST
from tierup.sandbox.aws.access.deployer_actions import ACTIONS, FUNCTIONS

from .markdown import table

PAGE: Final = Path(__file__).parents[2] / "docs/reference/deployer-policy.json"
EVERY_SETTING: Final = "everySetting"
_CLOUDFLARE: Final = {"cdn": "cloudflare", "cloudflareZoneId": "0" * 32}
_ROLES: Final = "arn:aws:iam::*:role/*"
_LINKED_ROLES: Final = "arn:aws:iam::*:role/aws-service-role/*"


@cache
def programs(phase: Phase) -> Sequence[RecordedProgram]:
    """Return what the program uses in a phase, with each tier that the settings allow, and behind Cloudflare.

    The tier and the CDN decide independently of each other which types there are, so that one tier suffices for
    Cloudflare.
    """
    found = [record_program(phase, Tier.MEDIUM, REGIONS[0], **_CLOUDFLARE)]
    for tier in Tier:
        try:
            found.append(record_program(phase, tier, REGIONS[0]))
        except RejectedSettingsError:
            continue
    return found


def text() -> str:
    """Return the content of docs/reference/deployer-policy.json."""
    return json.dumps({"policies": policies()}, indent=2) + "\n"


@cache
def policies() -> Mapping[str, Mapping[str, Any]]:
    """Return the policies by name ("tierup-mvp-1") of each phase, and of every setting of the program."""
    found: dict[str, Mapping[str, Any]] = {}
    for phase in Phase:
        resources = [resource for program in programs(phase) for resource in program.resources]
        functions = {token for program in programs(phase) for token in program.functions}
        found[phase.value] = _named(phase.value, _statements(_actions(resources, functions), _types(resources)))
    every = {action for each in ACTIONS.values() for action in each.every}
    every |= {action for actions in FUNCTIONS.values() for action in actions}
    found[EVERY_SETTING] = _named("every-setting", _statements(every, ACTIONS.keys()))
    return found


def _types(resources: Iterable[PricedResource]) -> frozenset[str]:
    return frozenset(resource.type for resource in resources if resource.type.startswith("aws:"))


def _actions(resources: Sequence[PricedResource], functions: Iterable[str]) -> set[str]:
    found = {action for token in functions for action in FUNCTIONS.get(token, ())}
    for resource in resources:
        known = ACTIONS.get(resource.type)
        if known is None:
            if resource.type.startswith("aws:"):
                raise LookupError(f"{resource.type}: no actions. Add the type to deployer_actions.py.")
            continue
        found.update((*known.create, *known.read, *known.update, *known.delete, *known.tag, *known.untag))
        found.update(known.needed_by(resource.inputs))
    return found


def _statements(actions: Iterable[str], types: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield one statement per service, then those of iam:PassRole and iam:CreateServiceLinkedRole."""
    by_service: dict[str, list[str]] = defaultdict(list)
    for action in sorted(set(actions)):
        by_service[action.partition(":")[0]].append(action)
    for service, allowed in sorted(by_service.items()):
        sid = "".join(part.title() for part in service.split("-"))
        yield {"Sid": sid, "Effect": "Allow", "Action": allowed, "Resource": "*"}
    known = [ACTIONS[type] for type in sorted(types)]
    passed = sorted({service for each in known for _, service in each.passes})
    yield _conditional("PassRoles", "iam:PassRole", _ROLES, "iam:PassedToService", passed)
    linked = sorted({each.linked for each in known if each.linked})
    action = "iam:CreateServiceLinkedRole"
    yield _conditional("ServiceLinkedRoles", action, _LINKED_ROLES, "iam:AWSServiceName", linked)


def _conditional(sid: str, action: str, resource: str, key: str, values: Sequence[str]) -> dict[str, Any]:
    condition = {"StringEquals": {key: list(values)}}
    return {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition}


def _named(name: str, statements: Iterator[dict[str, Any]]) -> Mapping[str, Any]:
    """Return the statements in as few policies as their size allows, in order. A large statement is divided."""
    documents: list[list[dict[str, Any]]] = [[]]
    for statement in statements:
        if _length([*documents[-1], statement]) > LONGEST:
            documents.append([])
        documents[-1].append(statement)
    return {
        f"tierup-{name}-{number}": {"Version": "2012-10-17", "Statement": given}
        for number, given in enumerate(documents, 1)
    }


def _length(statements: Sequence[dict[str, Any]]) -> int:
    return len(json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":")))


def sizes() -> str:
    """Return the table of the policies: how many a phase needs, their actions and their longest document."""
    rows: list[Sequence[str]] = []
    for phase, named in policies().items():
        statements = [each for policy in named.values() for each in policy["Statement"]]
        actions = sum(1 if isinstance(each["Action"], str) else len(each["Action"]) for each in statements)
        longest = max(_length(policy["Statement"]) for policy in named.values())
        rows.append((f"`{phase}`", str(len(named)), str(actions), f"{longest:,}"))
    return table(("phase", "policies", "actions", "characters of the longest"), rows)
