"""The storage of Atlas clusters in the sandbox: disks, IOPS, NVMe and generations."""

from __future__ import annotations

from typing import Any

import pytest

from ..aws.account import Account
from .test_clusters import CLUSTER, cluster
from .test_project import ORG, PROJECT, project


def config(size: str, region: str = "EU_WEST_1", cloud: str = "AWS", priority: int = 7, **more: Any) -> dict[str, Any]:
    """Return a region config; more inputs belong to its electable specs, or are blocks of the config."""
    blocks = {name: more.pop(name) for name in tuple(more) if name.endswith(("Scaling", "Specs"))}
    nodes = more.pop("nodeCount", 3)
    specs = {"instanceSize": size, "nodeCount": nodes, **more}
    return {"providerName": cloud, "regionName": region, "priority": priority, "electableSpecs": specs, **blocks}


def scaling(largest: str) -> dict[str, Any]:
    return {"computeEnabled": True, "computeMaxInstanceSize": largest}


def codes(*configs: dict[str, Any], project_name: str = "app", **more: Any) -> set[str]:
    account = Account()
    return account.codes(CLUSTER, name="app", **cluster(project(account, project_name), *configs, **more))


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        (config("M20", diskSizeGb=255), True),
        (config("M20", diskSizeGb=256), False),
        (config("R40", diskSizeGb=1_024), True),
        (config("R40", diskSizeGb=1_025), False),
        (config("M30_GEN_2", diskSizeGb=513), False),
        (config("M10", region="EUROPE_NORTH", cloud="AZURE", diskSizeGb=8), True),
        (config("M10", region="EUROPE_NORTH", cloud="AZURE", diskSizeGb=4), False),
        (config("M30", region="WESTERN_EUROPE", cloud="GCP", diskSizeGb=600), False),
        (config("M40_NVME", diskSizeGb=380, ebsVolumeType="PROVISIONED"), True),
        (config("M40_NVME", diskSizeGb=400, ebsVolumeType="PROVISIONED"), False),
        (config("M60_NVME", region="EUROPE_NORTH", cloud="AZURE", diskSizeGb=1_600), True),
    ],
)
def test_disk_fits_the_tier(given: dict[str, Any], allowed: bool) -> None:
    assert codes(given, backupEnabled=True) == (set() if allowed else {"INVALID_DISK_SIZE"})


def test_extended_storage_is_a_setting_of_the_project() -> None:
    account = Account()
    plain = project(account)
    extended = account.make(PROJECT, "big", name="big", orgId=ORG, isExtendedStorageSizesEnabled=True).id
    inputs = {"name": "app", "clusterType": "REPLICASET"}
    large = [{"regionConfigs": [config("M40", diskSizeGb=2_000)]}]
    assert account.codes(CLUSTER, **inputs, projectId=plain, replicationSpecs=large) == {"INVALID_DISK_SIZE"}
    assert not account.codes(CLUSTER, **inputs, projectId=extended, replicationSpecs=large)
    larger = [{"regionConfigs": [config("M40", diskSizeGb=5_000)]}]
    assert account.codes(CLUSTER, **inputs, projectId=extended, replicationSpecs=larger) == {"INVALID_DISK_SIZE"}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (config("M10", diskIops=3_000), None),
        (config("M10", diskIops=3_000, ebsVolumeType="STANDARD"), None),
        (config("M10", diskIops=150, diskSizeGb=50, ebsVolumeType="STANDARD"), "CLUSTER_DISK_IOPS_INVALID"),
        (config("M50", diskIops=6_144, diskSizeGb=2_048), None),
        (config("M50", diskIops=3_000, diskSizeGb=2_048), "CLUSTER_DISK_IOPS_INVALID"),
        (config("M30", diskIops=4_000, ebsVolumeType="PROVISIONED"), None),
        (config("M30", diskIops=50, ebsVolumeType="PROVISIONED"), "CLUSTER_DISK_IOPS_INVALID"),
        (config("M30", diskIops=50_000, ebsVolumeType="PROVISIONED"), "CLUSTER_DISK_IOPS_INVALID"),
        (config("M20", ebsVolumeType="PROVISIONED"), "INVALID_ATTRIBUTE"),
        (config("M30_GEN_2", diskIops=80_000), None),
        (config("M30_GEN_2", diskIops=2_000), "CLUSTER_DISK_IOPS_INVALID"),
        (config("M30_GEN_2", region="WESTERN_EUROPE", cloud="GCP", diskIops=3_000), None),
        (config("M30", region="WESTERN_EUROPE", cloud="GCP", diskIops=1_200), "INVALID_ATTRIBUTE"),
        (config("M30", region="EUROPE_NORTH", cloud="AZURE", diskIops=1_200), "INVALID_ATTRIBUTE"),
        (config("M40", region="EUROPE_NORTH", cloud="AZURE", diskIops=1_200), None),
    ],
)
def test_iops_fit_the_disk(given: dict[str, Any], code: str | None) -> None:
    assert codes(given) == ({code} if code else set())


def test_multi_cloud_cluster_sets_no_iops() -> None:
    configs = [config("M30", nodeCount=2), config("M30", "WESTERN_EUROPE", "GCP", priority=6, nodeCount=1)]
    assert not codes(*configs)
    configs[0]["electableSpecs"]["diskIops"] = 3_000
    assert codes(*configs) == {"INVALID_ATTRIBUTE"}


@pytest.mark.parametrize(
    ("specs", "more", "allowed"),
    [
        ({"ebsVolumeType": "PROVISIONED"}, {"backupEnabled": True}, True),
        ({}, {"backupEnabled": True}, True),
        ({"ebsVolumeType": "STANDARD"}, {"backupEnabled": True}, False),
        ({"diskIops": 3_000}, {"backupEnabled": True}, False),
        ({}, {}, False),
        ({}, {"backupEnabled": True, "paused": True}, False),
    ],
)
def test_nvme_clusters_are_backed_up_and_run(specs: dict[str, Any], more: dict[str, Any], allowed: bool) -> None:
    assert codes(config("M40_NVME", **specs), **more) == (set() if allowed else {"INVALID_ATTRIBUTE"})


@pytest.mark.parametrize(
    ("configs", "code"),
    [
        ([config("M30_GEN_2")], None),
        ([config("M30_GEN_2", "ME_SOUTH_1")], "INVALID_REGION"),
        ([config("R40_GEN_2", "EU_SOUTH_1")], "INVALID_REGION"),
        ([config("M30_GEN_2", analyticsSpecs={"instanceSize": "M40", "nodeCount": 1})], "INVALID_ATTRIBUTE"),
        ([config("M30_GEN_2", autoScaling=scaling("M40"))], "INVALID_ATTRIBUTE"),
        ([config("M30_GEN_2", autoScaling=scaling("M40_GEN_2"))], None),
        ([config("M10", autoScaling=scaling("M40_GEN_2"))], None),
    ],
)  # fmt: skip
def test_generations_agree(configs: list[dict[str, Any]], code: str | None) -> None:
    assert codes(*configs) == ({code} if code else set())


def test_shards_are_two_tiers_apart_at_most() -> None:
    def sharded(*sizes: str) -> set[str]:
        return codes(clusterType="SHARDED", replicationSpecs=[{"regionConfigs": [config(size)]} for size in sizes])

    assert not sharded("M30", "M50")
    assert sharded("M30", "M60") == {"INVALID_INSTANCE_SIZE"}


def test_free_clusters_are_in_some_regions() -> None:
    def free(region: str, nodes: int = 3) -> set[str]:
        specs = {"instanceSize": "M0", "nodeCount": nodes}
        place = {"providerName": "TENANT", "backingProviderName": "AWS", "regionName": region, "priority": 7}
        return codes({**place, "electableSpecs": specs})

    assert not free("EU_WEST_1")
    assert free("EU_WEST_2") == {"INVALID_REGION"}
    assert free("EU_WEST_1", 5) == {"TENANT_ATTRIBUTE_READ_ONLY"}


def test_cluster_of_several_regions_has_twelve_shards_at_most() -> None:
    def sharded(count: int) -> set[str]:
        regions = [config("M30", nodeCount=2), config("M30", "EU_CENTRAL_1", priority=6, nodeCount=1)]
        return codes(clusterType="SHARDED", replicationSpecs=[{"regionConfigs": regions}] * count)

    assert not sharded(12)
    assert sharded(13) == {"INVALID_ATTRIBUTE"}
