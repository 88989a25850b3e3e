"""Calls of an application to AWS services: the permissions of its task role, and the way to each service.

The inline policy `<task>-application` of a task role has the permissions that the settings name
(components/ecs/task_roles.py). Volumes, sessions and the cache have flows of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tierup.sandbox.aws.access.documents import UnreadablePolicyError, statements
from tierup.sandbox.aws.access.needs import Need
from tierup.sandbox.cloud import CloudResource

from ..hop import Hop, World
from ..rows import Rows
from . import ecs, iam, vpc_endpoints

ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_APPLICATION = "-application"
_OWN_FLOWS = ("elasticache", "elasticfilesystem", "ssmmessages")
_ENDPOINTS: Mapping[str, str] = {"ses": "email"}
"""The last part of the name of a service's VPC endpoint, where it is not the prefix of the actions:
https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html (from memory)."""


def services_of(rows: Rows, runner: CloudResource) -> Mapping[str, list[Need]]:
    """Return what a runner's application may do, by service: the prefix of the actions, such as "s3"."""
    found: dict[str, list[Need]] = {}
    definition = ecs.definition_of(rows, runner)
    role = rows.one(iam.ROLE, arn=str(definition.value("taskRoleArn"))) if definition is not None else None
    if role is None:
        return found
    for policy in rows.find(ROLE_POLICY, role=str(role.value("name"))):
        if not policy.name.endswith(_APPLICATION):
            continue
        try:
            allowed = [each for each in statements(policy.value("policy"), policy.name) if each.effect == "Allow"]
        except UnreadablePolicyError:
            continue
        for statement in allowed:
            for action in statement.actions if not statement.conditions else ():
                service, _, operation = action.partition(":")
                if service in _OWN_FLOWS or "*" in operation:
                    continue
                found.setdefault(service, []).extend(
                    Need(caller=str(role.value("arn")), action=action, resource=_example(resource))
                    for resource in statement.resources
                )
    return found


def call(world: World, runner: CloudResource, service: str) -> Iterator[Hop]:
    """Yield the hops of the application's calls to a service."""
    here, definition = ecs.party(runner), ecs.definition_of(world.rows, runner)
    endpoint = _ENDPOINTS.get(service, service)
    yield from vpc_endpoints.aws_service(world, here, endpoint)
    if definition is None:
        return
    found = vpc_endpoints.endpoints_of(world, here, endpoint)
    needs = services_of(world.rows, runner).get(service, [])
    yield iam.may_call(world, definition, needs, {service: found[0]} if found else {})


def _example(resource: str) -> str:
    """Return a resource that a pattern matches: an object of a bucket, an index of a table."""
    return resource if resource == "*" else resource.replace("*", "example")
