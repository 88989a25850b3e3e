"""The storage of Atlas clusters: disk sizes by cloud and instance size, IOPS, local NVMe disks, generations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import UNKNOWN, Call, Plain, Rejection, Stage, documented, located, rule
from .effective_specs import size_number
from .project import PROJECT

INVALID = "INVALID_ATTRIBUTE"
_DOCS = "https://github.com/mongodb/docs, content/atlas/source/"
_SIZES = documented(
    f"{_DOCS}includes/list-tables/instance-types, of https://www.mongodb.com/docs/atlas/reference/cloud-providers/",
    read="2026-11-29",
)
_EXTENDED = documented(f"{_DOCS}includes/fact-extend-storage-limitations.rst", read="2026-11-29")
_NVME = documented(f"{_DOCS}manage-clusters.txt, NVMe Considerations", read="2026-11-29")
_GENERATIONS = documented(
    f"{_DOCS}includes/cluster-settings/gen2-clusters: gen2-cluster-limitations.rst, aws-gen2-autoscaling-bounds.rst;"
    " reference/amazon-aws.txt, Supported Regions",
    read="2026-11-29",
)
_IOPS = documented(
    "https://github.com/mongodb/terraform-provider-mongodbatlas: docs/resources/advanced_cluster.md (disk_iops), issue"
    f" 439 (the error), pull request 4660 (GCP); the standard rate by size: {_DOCS}customize-storage.txt",
    read="2026-11-29",
)
_SHARDS = documented(f"{_DOCS}manage-clusters.txt, Sharded Clusters", read="2026-11-29")

_SMALLEST_GB = {"AWS": 10, "AZURE": 8, "GCP": 10}
_DISKS_GB: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "AWS": {
        "M10": (10, 128), "M20": (20, 255), "M30": (40, 512), "M40": (80, 1_024), "M50": (160, 4_096),
        "M60": (320, 4_096), "M80": (750, 4_096), "M140": (1_000, 4_096), "M200": (1_500, 4_096),
        "M300": (2_000, 4_096), "M400": (3_000, 4_096), "M700": (4_096, 4_096),
    },
    "AZURE": {
        "M10": (8, 128), "M20": (16, 256), "M30": (32, 512), "M40": (64, 1_024), "M50": (128, 4_096),
        "M60": (128, 4_096), "M80": (256, 4_096), "M200": (256, 4_096), "M300": (512, 4_096), "M400": (512, 4_096),
    },
    "GCP": {
        "M10": (10, 128), "M20": (20, 256), "M30": (40, 512), "M40": (80, 1_024), "M50": (160, 4_096),
        "M60": (320, 4_096), "M80": (750, 4_096), "M140": (1_000, 4_096), "M200": (1_500, 4_096),
        "M250": (1_750, 4_096), "M300": (2_000, 4_096), "M400": (3_000, 4_096), "M600": (4_096, 4_096),
    },
}  # fmt: skip
"""Default and largest disk by cloud and tier, in GB. Low-CPU tiers (R40) have the disks of their general tier (M40)."""
_NVME_GB: Mapping[str, Mapping[str, int]] = {
    "AWS": {
        "M40_NVME": 380, "M50_NVME": 760, "M60_NVME": 1_600, "M80_NVME": 1_600, "M200_NVME": 3_100, "M400_NVME": 4_000,
    },
    "AZURE": {
        "M60_NVME": 1_600, "M80_NVME": 1_600, "M200_NVME": 3_100, "M300_NVME": 3_600, "M400_NVME": 4_000,
        "M600_NVME": 4_000,
    },
}  # fmt: skip
"""The fixed size of a local NVMe disk, in GB."""
_TIERS = (30, 40, 50, 60, 80, 140, 200, 300, 400, 700)
_MAX_TIERS_APART = 2
_GEN2_CLASSES: Mapping[str, str] = {
    "CA_CENTRAL_1": "MRN", "MX_CENTRAL_1": "R", "SA_EAST_1": "MRN", "US_EAST_1": "MRN", "US_EAST_2": "MRN",
    "US_WEST_1": "MRN", "US_WEST_2": "MRN", "AP_EAST_1": "MR", "AP_NORTHEAST_1": "MRN", "AP_NORTHEAST_2": "MRN",
    "AP_NORTHEAST_3": "MRN", "AP_SOUTH_1": "MRN", "AP_SOUTH_2": "MR", "AP_SOUTHEAST_1": "MRN",
    "AP_SOUTHEAST_2": "MRN", "AP_SOUTHEAST_3": "MR", "AP_SOUTHEAST_4": "MR", "AP_SOUTHEAST_5": "MR",
    "AP_SOUTHEAST_7": "M", "EU_CENTRAL_1": "MRN", "EU_CENTRAL_2": "MR", "EU_NORTH_1": "MRN", "EU_SOUTH_1": "M",
    "EU_SOUTH_2": "MRN", "EU_WEST_1": "MRN", "EU_WEST_2": "MRN", "EU_WEST_3": "MR", "AF_SOUTH_1": "M",
}  # fmt: skip
"""The classes of Gen2 clusters in each region of AWS: general (M), Low-CPU (R), NVMe (N)."""


def default_disk(cloud: Plain, size: Plain) -> int | None:
    """Return the disk in GB of an instance size whose program declares none, or None if it is not known."""
    base = _base(size)
    if (fixed := _NVME_GB.get(str(cloud), {}).get(base)) is not None:
        return fixed
    return _DISKS_GB.get(str(cloud), {}).get(_tier(base), (None, None))[0]


def _base(size: Plain) -> str:
    """Return an instance size without its generation: "M30" for "M30_GEN_2"."""
    return str(size).removesuffix("_GEN_2")


def _tier(base: str) -> str:
    """Return the general tier with the disks of an instance size: "M40" for "R40"."""
    return f"M{base[1:]}" if base.startswith("R") else base


def _is_nvme(size: Plain) -> bool:
    return isinstance(size, str) and "_NVME" in size


def _is_gen2(size: Plain) -> bool:
    return isinstance(size, str) and size.endswith("_GEN_2")


def _specs(call: Call) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the path, the cloud and the value of all specs with nodes."""
    for at, config in located(call.inputs, "replicationSpecs[*].regionConfigs[*]"):
        for kind in ("electableSpecs", "readOnlySpecs", "analyticsSpecs"):
            if isinstance(config, dict) and isinstance(spec := config.get(kind), dict) and spec.get("nodeCount") != 0:
                yield f"{at}.{kind}", str(config.get("providerName")), spec


def _clouds(call: Call) -> set[Plain]:
    return {cloud for _, cloud in located(call.inputs, "replicationSpecs[*].regionConfigs[*].providerName")}


def _most_with_extension(tier: str, most: int) -> int:
    number = size_number(tier) or 0
    if number < 40:
        return most
    return 4_096 if number == 40 else 8_192 if number < 80 else 14_336


@rule("disk-fits-the-tier", Stage.PLAN, source=_SIZES)
def _disks(call: Call) -> Iterator[Rejection]:
    sizes: set[Plain] = set()
    for at, cloud, spec in _specs(call):
        disk, size = spec.get("diskSizeGb"), spec.get("instanceSize")
        if not isinstance(disk, (int, float)):
            continue
        sizes.add(disk)
        fixed, tier = _NVME_GB.get(cloud, {}).get(_base(size)), _tier(_base(size))
        if fixed is not None and disk != fixed:
            message = f"the disk of {size} has {fixed:,} GB (got {disk:g} GB). Omit it."
            yield Rejection(f"{at}.diskSizeGb", message, "INVALID_DISK_SIZE")
        if (limits := _DISKS_GB.get(cloud, {}).get(tier)) is None:
            continue
        least, most = _SMALLEST_GB[cloud], _most_with_extension(tier, limits[1])
        if not least <= disk <= most:
            yield Rejection(
                f"{at}.diskSizeGb",
                f"the size is out of range (got {disk:g} GB). {size} allows {least} to {limits[1]:,} GB.",
                "INVALID_DISK_SIZE",
            )
    if len(sizes) > 1:
        yield Rejection(
            "replicationSpecs",
            f"diskSizeGb must be equal in all specs (got {', '.join(map(str, sorted(sizes)))}).",
            INVALID,
        )


@rule("large-disk-needs-extended-storage", Stage.CREATE, Stage.UPDATE, source=_EXTENDED)
def _extended(call: Call) -> Iterator[Rejection]:
    project = call.cloud.get(PROJECT, str(call.get("projectId")))
    if project is not None and project.outputs.get("isExtendedStorageSizesEnabled") is True:
        return
    for at, cloud, spec in _specs(call):
        disk, tier = spec.get("diskSizeGb"), _tier(_base(spec.get("instanceSize")))
        limits = _DISKS_GB.get(cloud, {}).get(tier)
        if limits is not None and isinstance(disk, (int, float)) and disk > limits[1]:
            yield Rejection(
                f"{at}.diskSizeGb",
                f"the size is out of range (got {disk:g} GB). {spec['instanceSize']} allows {limits[1]:,} GB, and more"
                " only if the project sets isExtendedStorageSizesEnabled.",
                "INVALID_DISK_SIZE",
            )


@rule("iops-fit-the-disk", Stage.PLAN, source=_IOPS)
def _iops(call: Call) -> Iterator[Rejection]:
    clouds = _clouds(call)
    for at, cloud, spec in _specs(call):
        size, volume, iops = spec.get("instanceSize"), spec.get("ebsVolumeType"), spec.get("diskIops")
        number = size_number(size)
        if number is None:
            continue
        if len(clouds - {UNKNOWN}) > 1:
            for path in ("diskIops", "ebsVolumeType"):
                if spec.get(path) is not None:
                    yield Rejection(f"{at}.{path}", "a multi-cloud cluster cannot set it. Omit it.", INVALID)
            continue
        if cloud == "AWS" and volume == "PROVISIONED" and number < 30:
            message = f"provisioned IOPS require M30 or larger (got {size}). Set STANDARD."
            yield Rejection(f"{at}.ebsVolumeType", message, INVALID)
        elif isinstance(iops, (int, float)) and volume is not UNKNOWN:
            disk = spec.get("diskSizeGb") or default_disk(cloud, size)
            if (
                isinstance(disk, (int, float))
                and (allowed := _allowed_iops(cloud, str(size), volume, disk)) is not None
            ):
                yield from _out_of_range(at, iops, allowed, f"a disk of {disk:g} GB on {size}", volume)


def _allowed_iops(cloud: str, size: str, volume: Plain, disk: float) -> tuple[float, float] | None:
    """Return the smallest and the largest IOPS of a disk, (0, 0) where IOPS cannot be set, or None if not known."""
    if _is_nvme(size):
        return 0, 0
    if cloud == "AWS" and volume in (None, "STANDARD"):
        standard = min(16_000, max(3_000, 3 * disk))
        return (3_000, 80_000) if _is_gen2(size) else (standard, standard)
    if cloud == "AWS":
        return 100, min(256_000, 1_000 * disk)
    if cloud == "GCP" and _is_gen2(size):
        return max(3_000, 3 * disk), min(160_000, 500 * disk)
    if cloud == "GCP" or (cloud == "AZURE" and (size_number(size) or 0) < 40):
        return 0, 0
    return None  # Azure's range depends on the region


def _out_of_range(at: str, iops: float, allowed: tuple[float, float], what: str, volume: Plain) -> Iterator[Rejection]:
    least, most = allowed
    if not most:
        yield Rejection(f"{at}.diskIops", f"{what} has no configurable IOPS (got {iops:g}). Omit it.", INVALID)
    elif not least <= iops <= most:
        wanted = f"{least:g}" if least == most else f"between {least:g} and {most:g}"
        yield Rejection(
            f"{at}.diskIops",
            f"the IOPS are invalid (got {iops:g}). For {what} with a volume type of {volume or 'STANDARD'}, they must"
            f" be {wanted}.",
            "CLUSTER_DISK_IOPS_INVALID",
        )


@rule("nvme-clusters-are-backed-up-and-run", Stage.PLAN, source=_NVME)
def _nvme(call: Call) -> Iterator[Rejection]:
    found = [(at, spec) for at, _, spec in _specs(call) if _is_nvme(spec.get("instanceSize"))]
    if not found:
        return
    if call.get("backupEnabled") in (None, False):
        yield Rejection("backupEnabled", "a cluster with NVMe disks requires backups. Set it to true.", INVALID)
    if call.get("paused") is True:
        yield Rejection("paused", "a cluster with NVMe disks cannot be paused. Set it to false.", INVALID)
    if len(_clouds(call) - {UNKNOWN}) > 1:
        yield Rejection("replicationSpecs", "NVMe disks are not allowed in a multi-cloud cluster.", INVALID)
    if len({str(spec["instanceSize"]) for _, spec in found}) > 1:
        yield Rejection("replicationSpecs", "shards with NVMe disks must have the same instanceSize.", INVALID)
    for at, spec in found:
        if spec.get("ebsVolumeType") == "STANDARD":
            yield Rejection(
                f"{at}.ebsVolumeType", "NVMe disks require PROVISIONED or HIGH_PERFORMANCE (got STANDARD).", INVALID
            )


@rule("generations-agree", Stage.PLAN, source=_GENERATIONS)
def _generations(call: Call) -> Iterator[Rejection]:
    sizes = [
        str(spec["instanceSize"]) for _, _, spec in _specs(call) if (size_number(spec.get("instanceSize")) or 0) >= 30
    ]
    if not any(map(_is_gen2, sizes)):
        return
    if not all(map(_is_gen2, sizes)):
        message = f"all nodes must be of one generation (got {', '.join(sorted(set(sizes)))})."
        yield Rejection("replicationSpecs", message, INVALID)
    if len(_clouds(call) - {UNKNOWN}) > 1:
        yield Rejection("replicationSpecs", "Gen2 clusters are not allowed in several clouds.", INVALID)
    for at, config in located(call.inputs, "replicationSpecs[*].regionConfigs[*]"):
        region = config.get("regionName") if isinstance(config, dict) else None
        if not isinstance(region, str) or config.get("providerName") != "AWS":
            continue
        for kind in ("electableSpecs", "readOnlySpecs", "analyticsSpecs"):
            size = (config.get(kind) or {}).get("instanceSize")
            if _is_gen2(size) and _gen2_class(str(size)) not in _GEN2_CLASSES.get(region, ""):
                yield Rejection(f"{at}.regionName", f"the region has no {size} (got '{region}').", "INVALID_REGION")


def _gen2_class(size: str) -> str:
    return "N" if _is_nvme(size) else size[0]


@rule("autoscaling-keeps-the-generation", Stage.PLAN, source=_GENERATIONS)
def _scaling_generations(call: Call) -> Iterator[Rejection]:
    for at, config in located(call.inputs, "replicationSpecs[*].regionConfigs[*]"):
        if not isinstance(config, dict):
            continue
        for kind, specs in (("autoScaling", "electableSpecs"), ("analyticsAutoScaling", "analyticsSpecs")):
            scaling, size = config.get(kind) or {}, (config.get(specs) or {}).get("instanceSize")
            if (size_number(size) or 0) < 30:
                continue
            for end in ("computeMinInstanceSize", "computeMaxInstanceSize"):
                bound = scaling.get(end)
                if (size_number(bound) or 0) >= 30 and _is_gen2(bound) != _is_gen2(size):
                    yield Rejection(
                        f"{at}.{kind}.{end}", f"it is of another generation than {size} (got {bound}).", INVALID
                    )


@rule("shards-are-two-tiers-apart-at-most", Stage.PLAN, source=_SHARDS)
def _shard_tiers(call: Call) -> Iterator[Rejection]:
    numbers = {
        number
        for _, size in located(call.inputs, "replicationSpecs[*].regionConfigs[*].electableSpecs.instanceSize")
        if (number := size_number(size)) in _TIERS
    }
    places = sorted(_TIERS.index(number) for number in numbers)
    if places and places[-1] - places[0] > _MAX_TIERS_APART:
        yield Rejection(
            "replicationSpecs",
            f"the smallest and the largest shard are more than {_MAX_TIERS_APART} tiers apart (got M{min(numbers)} and"
            f" M{max(numbers)}).",
            "INVALID_INSTANCE_SIZE",
        )


STORAGE_RULES = (_disks, _extended, _iops, _nvme, _generations, _scaling_generations, _shard_tiers)
