"""CACHE-002: a cache asks who is calling."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, declared
from .encrypted import REPLICATION_GROUP

# authTokenWo is write-only: it never reaches the state, so only a resource rule, which sees inputs, can ask for it.
WAYS = ("authToken", "authTokenWo", "userGroupIds")


def check(cache: Resource, _parameters: Parameters) -> Iterator[Finding]:
    # Whether a token is given is all that is looked at: a token is a secret, and a policy sees it in plain text.
    if not any(declared(cache.properties, way) for way in WAYS):
        yield Finding("authToken", "not set, nor is userGroupIds", "a token or a user group")


RULE = ResourceRule(
    id="CACHE-002",
    name="cache-authenticated",
    title="A cache asks for a token or a user before it answers.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=(REPLICATION_GROUP,),
    check=check,
    remediation="Set auth_token (a Pulumi secret, from Secrets Manager) or user_group_ids.",
    example="""aws.elasticache.ReplicationGroup(
    "cache",
    transit_encryption_enabled=True,
    auth_token=token.secret_string,
    # ...
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html#elasticache-6",
    read=date(2026, 11, 24),
)
