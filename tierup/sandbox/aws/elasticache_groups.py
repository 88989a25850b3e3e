"""ElastiCache: subnet groups and parameter groups."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    Behaviour,
    Call,
    Plain,
    Quota,
    Rejection,
    Stage,
    located,
    rule,
)

from .elasticache import PARAMETER_GROUP, QUOTAS, SUBNET_GROUP, name_rule
from .elasticache_parameters import parameters_exist
from .network import APPLY, subnets_in_vpc, to_subnet, vpc_of_subnets
from .sources import api, created_only, sdk


def _vpc(call: Call) -> Plain:
    return vpc_of_subnets(call, located(call.inputs, "subnetIds[*]"))


@rule("subnet-group-in-one-vpc", *APPLY, source=api("elasticache", "CreateCacheSubnetGroup"))
def subnets_of_one_vpc(call: Call) -> Iterator[Rejection]:
    yield from subnets_in_vpc(call, located(call.inputs, "subnetIds[*]"), _vpc(call), code="InvalidSubnet")


@rule("subnet-group-is-not-empty", Stage.PLAN, source=api("elasticache", "CreateCacheSubnetGroup"))
def subnet_group_size(call: Call) -> Iterator[Rejection]:
    subnets = call.get("subnetIds")
    if isinstance(subnets, list) and not 1 <= len(subnets) <= 20:
        yield Rejection(
            "subnetIds",
            f"invalid number of subnets (got {len(subnets)}). Allowed are 1 to 20.",
            "InvalidParameterValue",
        )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=SUBNET_GROUP,
        source=sdk("elasticache/subnetgroup"),
        id=lambda call: str(call.get("name")).lower(),
        outputs={
            "arn": "arn:aws:elasticache:{region}:{account}:subnetgroup:{name}",
            "description": "Managed by Pulumi",
        },
        derived={"vpcId": _vpc},
        replaces=frozenset({"name"}),
        replace_source=created_only("AWS::ElastiCache::SubnetGroup"),
        name=name_rule("name", 255, "CacheSubnetGroupAlreadyExists", "CreateCacheSubnetGroup"),
        references=(to_subnet("subnetIds[*]", "InvalidSubnet"),),
        quotas=(
            Quota(
                limit=300, per="region", what="cache subnet groups", code="CacheSubnetGroupQuotaExceeded", source=QUOTAS
            ),
        ),
        rules=(subnet_group_size, subnets_of_one_vpc),
    ),
    Behaviour(
        type=PARAMETER_GROUP,
        source=sdk("elasticache/parametergroup"),
        id=lambda call: str(call.get("name")).lower(),
        outputs={
            "arn": "arn:aws:elasticache:{region}:{account}:parametergroup:{name}",
            "description": "Managed by Pulumi",
        },
        replaces=frozenset({"name", "family", "description"}),
        replace_source=created_only("AWS::ElastiCache::ParameterGroup"),
        enums={
            "family": (
                "valkey9",
                "valkey8",
                "valkey7",
                "redis7",
                "redis6.x",
                "redis5.0",
                "redis4.0",
                "redis3.2",
                "redis2.8",
                "redis2.6",
                "memcached1.6",
                "memcached1.5",
                "memcached1.4",
            )
        },
        name=name_rule("name", 255, "CacheParameterGroupAlreadyExists", "CreateCacheParameterGroup"),
        quotas=(
            Quota(
                limit=300,
                per="region",
                what="cache parameter groups",
                code="CacheParameterGroupQuotaExceeded",
                source=QUOTAS,
            ),
        ),
        rules=(parameters_exist,),
    ),
)
