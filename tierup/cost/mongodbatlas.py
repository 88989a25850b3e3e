"""Price rules for MongoDB Atlas: clusters, and a share of their price for auditing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from .rules import PricedResource, PriceRule, Quantity

_CLUSTER: Final = "mongodbatlas:index/advancedCluster:AdvancedCluster"
_PRICED_NODES: Final = 3  # Atlas's prices are for a replica set of three nodes
_AUDITING: Final = 0.1  # https://www.mongodb.com/docs/atlas/billing/additional-services/ (from memory)


def _cluster(resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
    """Yield a third of the price for each node of each shard and region."""
    for shard in resource.inputs["replicationSpecs"]:
        for region in shard["regionConfigs"]:
            nodes = region["electableSpecs"]
            yield f"atlas-{nodes['instanceSize']}", float(nodes["nodeCount"]) / _PRICED_NODES


def _auditing(resource: PricedResource, program: Sequence[PricedResource]) -> Iterator[Quantity]:
    if resource.inputs.get("enabled"):
        for cluster in program:
            if cluster.type == _CLUSTER:
                yield from ((key, quantity * _AUDITING) for key, quantity in _cluster(cluster, program))


RULES: Final[Mapping[str, PriceRule]] = {
    _CLUSTER: PriceRule(fixed="its nodes, by instance size", count=_cluster, by_use=("atlas-transfer-gb",)),
    "mongodbatlas:index/auditing:Auditing": PriceRule(fixed="a tenth of the project's clusters", count=_auditing),
    "mongodbatlas:index/logIntegration:LogIntegration": PriceRule(by_use=("atlas-transfer-gb",)),
    "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule": PriceRule(
        by_use=("atlas-backup-gb", "atlas-copy-gb")
    ),
}

FREE: Final = frozenset(
    f"mongodbatlas:index/{each}"
    for each in (
        "alertConfiguration:AlertConfiguration",
        "backupCompliancePolicy:BackupCompliancePolicy",
        "cloudProviderAccessAuthorization:CloudProviderAccessAuthorization",
        "cloudProviderAccessSetup:CloudProviderAccessSetup",
        "databaseUser:DatabaseUser",
        "encryptionAtRest:EncryptionAtRest",
        "maintenanceWindow:MaintenanceWindow",
        "networkContainer:NetworkContainer",
        "networkPeering:NetworkPeering",
        "privateEndpointRegionalMode:PrivateEndpointRegionalMode",
        "privateLinkEndpoint:PrivateLinkEndpoint",
        "privateLinkEndpointService:PrivateLinkEndpointService",
        "project:Project",
        "projectIpAccessList:ProjectIpAccessList",
    )
)
"""Types that Atlas does not charge for, as far as its documentation says."""
