"""ElastiCache: names that its modules share."""

from __future__ import annotations

from tierup.sandbox.behaviour import (
    Name,
    documented,
)

from .sources import api, provider

SUBNET_GROUP = "aws:elasticache/subnetGroup:SubnetGroup"

PARAMETER_GROUP = "aws:elasticache/parameterGroup:ParameterGroup"

USER_GROUP = "aws:elasticache/userGroup:UserGroup"

CREATE = api("elasticache", "CreateReplicationGroup")

PROVIDER = provider("elasticache/replication_group.go")

QUOTAS = documented("https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html", read="2026-11-28")

_LOWER_HYPHENATED = r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]*(?<!-)"


def name_rule(property: str, longest: int, taken: str, operation: str, *, automatic: bool = True) -> Name:
    return Name(
        property=property,
        longest=longest,
        pattern=_LOWER_HYPHENATED,
        allowed="letters, digits and hyphens, starting with a letter, without a trailing hyphen or two in a row",
        automatic=automatic,
        taken=taken,
        source=api("elasticache", operation),
    )
