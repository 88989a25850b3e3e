"""COST-002: billed resources and resources that hold data are in an allowed region."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    Parameter,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    declared,
    items,
    shown,
)
from .billed import BILLED

REGIONS = Parameter(
    "regions",
    {"type": "array", "items": {"type": "string"}},
    (),
    'The allowed regions in AWS\'s form ("eu-west-1"); an empty list allows all.',
)
STORES = (
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:dynamodb/table:Table",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketV2:BucketV2",
    "aws:secretsmanager/secret:Secret",
)
ATLAS = "mongodbatlas:index/advancedCluster:AdvancedCluster"
ZONE = re.compile(r"^([a-z]{2}(?:-[a-z]+)+-\d+)[a-z]$")


def check(resource: Resource, _stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    allowed = parameters[REGIONS.name]
    if not allowed:
        return
    for path, region in _atlas(resource) if resource.type == ATLAS else _aws(resource):
        if region not in allowed:
            yield Finding(path, shown(region), f"one of {', '.join(allowed)}")


def _aws(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield the region that the resource sets, or else its provider's region from the outputs."""
    if declared(resource.properties, "region"):
        yield "region", str(resource.properties["region"])
    elif declared(resource.properties, "availabilityZone") and (
        match := ZONE.match(str(resource.properties["availabilityZone"]))
    ):
        yield "availabilityZone", match[1]
    elif region := resource.outputs.get("region"):
        yield "region (of the provider)", str(region)
    elif (arn := str(resource.outputs.get("arn") or "").split(":"))[3:4] not in ([], [""]):
        yield "region (of the provider)", arn[3]
    else:
        raise Indeterminate("the provider sets its region, which the outputs do not contain")


def _atlas(cluster: Resource) -> Iterator[tuple[str, str]]:
    for path, spec in items(cluster.properties, "replicationSpecs"):
        for config_path, config in items(spec, "regionConfigs"):
            region = str(config.get("regionName"))  # EU_WEST_1
            yield f"{path}.{config_path}.regionName", region.lower().replace("_", "-")


RULE = StackRule(
    id="COST-002",
    name="regions",
    title="Billed resources and data stores are in an allowed region.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    applies_to=(*BILLED, *STORES, ATLAS),
    check=check,
    remediation=(
        "Set aws:region, or the resource's region, to an allowed region; changing it later replaces the resource."
    ),
    example="""aws.s3.Bucket("uploads", region="eu-west-1")""",
    source="https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/cost_pricing_model_region_cost.html",
    read=None,
    parameters=(REGIONS,),
    unproven="The rule does not see copies in other regions: replicas of a table or bucket, backups, logs of a CDN.",
)
