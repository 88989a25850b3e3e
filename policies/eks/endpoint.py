"""EKS-001: the Kubernetes API of a cluster is not open to every address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, shown
from .clusters import CLUSTER

ANYWHERE = ("0.0.0.0/0", "::/0")


def check(cluster: Resource, _parameters: Parameters) -> Iterator[Finding]:
    network = block(cluster.properties, "vpcConfig")
    if network.get("endpointPublicAccess") is False:
        return
    # The provider's default is a public endpoint for every address.
    ranges = network.get("publicAccessCidrs")
    if not ranges:
        yield Finding("vpcConfig.publicAccessCidrs", shown(ranges), "address ranges, or endpointPublicAccess false")
    for at, cidr in enumerate(ranges or ()):
        if cidr in ANYWHERE:
            yield Finding(f"vpcConfig.publicAccessCidrs[{at}]", shown(cidr), "a smaller range")


RULE = ResourceRule(
    id="EKS-001",
    name="cluster-endpoint",
    title="The Kubernetes API of a cluster is not open to every address.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=(CLUSTER,),
    check=check,
    remediation="Set endpoint_public_access to False and endpoint_private_access to True, or public_access_cidrs to "
    "your own ranges.",
    example="""vpc_config = {
    "subnet_ids": private_subnet_ids,
    "endpoint_private_access": True,
    "endpoint_public_access": False,
}""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/eks-controls.html#eks-1",
    read=date(2026, 11, 28),
)
