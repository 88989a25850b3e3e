"""The service-linked roles of the services that the stack uses.

A service creates its role at its first use in the account. Where IAM is slow, the first resource then fails with
"Unable to assume the service linked role" and the second `up` succeeds, so a missing role is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tierup.preflight.aws_clients import GLOBAL_REGION
from tierup.preflight.check import PreflightCheck, PreflightFinding, passed, warned
from tierup.preflight.context import PreflightContext, call_or_none

# Prefix of a resource type → role, and the service name for its creation.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html and the pages "Using
# service-linked roles" of the services (from memory)
LINKED_ROLES: Final[Mapping[str, tuple[str, str]]] = {
    "aws:ecs/": ("AWSServiceRoleForECS", "ecs.amazonaws.com"),
    "aws:lb/loadBalancer": ("AWSServiceRoleForElasticLoadBalancing", "elasticloadbalancing.amazonaws.com"),
    "aws:appautoscaling/": (
        "AWSServiceRoleForApplicationAutoScaling_ECSService",
        "ecs.application-autoscaling.amazonaws.com",
    ),
    "aws:elasticache/replicationGroup": ("AWSServiceRoleForElastiCache", "elasticache.amazonaws.com"),
    "aws:wafv2/webAclLogging": ("AWSServiceRoleForWAFV2Logging", "wafv2.amazonaws.com"),
    "aws:backup/": ("AWSServiceRoleForBackup", "backup.amazonaws.com"),
}


def _linked_roles(context: PreflightContext) -> Iterator[PreflightFinding]:
    types = {resource.type for resource in context.resources()}
    needed = {
        role: service
        for prefix, (role, service) in LINKED_ROLES.items()
        if any(each.startswith(prefix) for each in types)
    }
    client = context.aws.client("iam", GLOBAL_REGION)
    missing = [
        role for role in needed if call_or_none(lambda r=role: client.get_role(RoleName=r), "NoSuchEntity") is None
    ]
    for role in missing:
        yield warned(
            f"The account has no service-linked role {role}. The first `up` may fail while AWS creates it.",
            f"aws iam create-service-linked-role --aws-service-name {needed[role]}",
        )
    if needed and not missing:
        yield passed(f"The account has the {len(needed)} service-linked roles that the stack uses.")


CHECKS: Final = (
    PreflightCheck(
        name="linked-roles",
        area="AWS",
        description="The service-linked roles of ECS, Elastic Load Balancing, ElastiCache and others exist.",
        run=_linked_roles,
        needs_aws=True,
        timeout_seconds=150,
    ),
)
