"""CACHE-002: a cache authenticates its clients."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, declared
from .encrypted import REPLICATION_GROUP

# authTokenWo is write-only and never in the state, so only a rule that reads inputs can find it.
AUTHENTICATION = ("authToken", "authTokenWo", "userGroupIds")


def check(cache: Resource, _parameters: Parameters) -> Iterator[Finding]:
    # The rule only tests whether a token is given, because policies receive secrets in plain text.
    if not any(declared(cache.properties, key) for key in AUTHENTICATION):
        yield Finding("authToken", "not set, nor is userGroupIds", "a token or a user group")


RULE = ResourceRule(
    id="CACHE-002",
    name="cache-authenticated",
    title="A cache authenticates its clients by a token or by users.",
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
