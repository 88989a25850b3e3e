"""Clusters and their search indexes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from tierup.sandbox.registry import WarningsOf

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Plain,
    Quota,
    Reference,
    Rejection,
    Stage,
    digest,
    documented,
    located,
    rule,
)
from ..cloud import CloudResource
from . import api_limits
from .cluster_storage import STORAGE_RULES, default_disk
from .effective_specs import (
    EFFECTIVE_RULES,
    KEPT_BLOCKS,
    ignored_sizes,
    is_out_of_range,
    region_configs,
    size_number,
)
from .ids import object_id, state_id_of
from .project import ATLAS_LIMITS, CLUSTER, of_project, project_id_shape
from .sources import API, ERRORS, FORCE_NEW, provider, sdk

_SCHEMA = provider("internal/service/advancedcluster/schema.go")
_PEERING = "mongodbatlas:index/networkPeering:NetworkPeering"
_CONTAINER = "mongodbatlas:index/networkContainer:NetworkContainer"
_ENCRYPTION = "mongodbatlas:index/encryptionAtRest:EncryptionAtRest"

INVALID = "INVALID_ATTRIBUTE"
_ELECTABLE = sdk("advancedcluster")

_KNOWN_SIZES = {"AWS": ("M400", "M700")}
"""Sizes that older clusters have and the description of the API no longer lists."""
_OLDEST = (6, 0)
"""The oldest major version: Atlas no longer supports 5.0 and earlier.
https://www.mongodb.com/docs/atlas/reference/faq/database/ with latest-mongodb-eol of https://github.com/mongodb/docs,
content/atlas/snooty.toml (read 2026-11-29)."""
_VERSION_NEEDED: Mapping[str, tuple[int, int]] = {
    "changeStreamOptionsPreAndPostImagesExpireAfterSeconds": (7, 0),
    "defaultMaxTimeMs": (8, 0),
}
"""The oldest major version for inputs of advancedConfiguration (PlanMustUseMongoDBVersion in the provider's schema)."""
_SHARED = ("M0", "M2", "M5", "FLEX")
MULTI_TENANT = frozenset({"TENANT", "FLEX"})
_DISK_SCALING = "replicationSpecs[*].regionConfigs[*].autoScaling.diskGbEnabled"
_AWS = documented("https://github.com/mongodb/docs, content/atlas/source/reference/amazon-aws.txt", read="2026-11-29")
_FREE_REGIONS = (
    "AF_SOUTH_1", "AP_EAST_1", "AP_NORTHEAST_1", "AP_NORTHEAST_2", "AP_SOUTHEAST_1", "AP_SOUTHEAST_2", "AP_SOUTH_1",
    "EU_CENTRAL_1", "EU_NORTH_1", "EU_WEST_1", "EU_WEST_3", "ME_SOUTH_1", "SA_EAST_1", "US_EAST_1", "US_WEST_2",
)  # fmt: skip
"""The regions of AWS with free and flex clusters."""
_FREE_NODES = 3  # https://www.mongodb.com/docs/atlas/reference/free-shared-limitations/ (read 2026-11-29)
_MAX_SHARDS = 12  # of a cluster of several regions
_MAX_TAGS = 50
_MAX_DIMENSIONS = 8_192
"""https://www.mongodb.com/docs/atlas/atlas-vector-search/vector-search-type/ (read 2026-11-29)"""
_SIMILARITIES = ("euclidean", "cosine", "dotProduct")
_TAGS = documented("https://www.mongodb.com/docs/atlas/tags/", read="2026-11-29")
_TAG = re.compile(r"[\w ;@.+-]{1,255}")
_DOCS = documented(
    "https://github.com/mongodb/terraform-provider-mongodbatlas, docs/resources/advanced_cluster.md", read="2026-11-28"
)
_OPLOG = documented("https://github.com/mongodb/terraform-provider-mongodbatlas/issues/4322", read="2026-11-28")
_REGIONAL_MODE = "mongodbatlas:index/privateEndpointRegionalMode:PrivateEndpointRegionalMode"
FLEX = "mongodbatlas:index/flexCluster:FlexCluster"
LEGACY_CLUSTER = "mongodbatlas:index/cluster:Cluster"
_HOST_NAME_CHARACTERS = 23  # of a cluster's name are part of its host names


def cluster_of(call: Call, name: Plain, project: Plain) -> CloudResource | None:
    """Return the cluster of a project by its name, or None."""
    return next(call.cloud.find(CLUSTER, name=name, projectId=project), None)


def cluster_regions(cluster: CloudResource) -> set[str]:
    """Return the regions of a cluster's nodes, by their Atlas names ("EU_WEST_1")."""
    return {region for _, region in located(cluster.inputs, "replicationSpecs[*].regionConfigs[*].regionName")}


def cluster_clouds(inputs: Mapping[str, Any]) -> set[str]:
    """Return the providers of a cluster's nodes ("AWS"), by its inputs."""
    return {cloud for _, cloud in located(inputs, "replicationSpecs[*].regionConfigs[*].providerName")}


def name_rejections(call: Call, *types: str) -> Iterator[Rejection]:
    """Reject a name that another cluster of one of these types has in the project."""
    for type in types:
        for other in call.cloud.find(type, projectId=call.get("projectId"), name=call.get("name")):
            if other.urn != call.urn:
                yield Rejection(
                    "name", f"a cluster named '{call.get('name')}' exists: '{other.name}'.", "DUPLICATE_CLUSTER_NAME"
                )


def in_cluster(source: Any, *, code: str = "CLUSTER_NOT_FOUND") -> Reference:
    """Return the reference of a resource to its cluster, by name. Deleting the cluster deletes the resource."""
    return Reference(
        path="clusterName",
        to=(CLUSTER, FLEX, LEGACY_CLUSTER),
        by="name",
        same=("projectId",),
        code=code,
        holds=False,
        source=source,
    )


def _configs(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for at, each in located(call.inputs, "replicationSpecs[*].regionConfigs[*]"):
        if isinstance(each, dict):
            yield at, each


def _specs(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for at, each in _configs(call):
        for kind in ("electableSpecs", "readOnlySpecs", "analyticsSpecs"):
            if isinstance(each.get(kind), dict):
                yield f"{at}.{kind}", each[kind]


# --- rules on the inputs ---


@rule("regions-are-in-atlas-form", Stage.PLAN, source=API)
def _region_form(call: Call) -> Iterator[Rejection]:
    for at, each in _configs(call):
        region, cloud = each.get("regionName"), each.get("providerName")
        if cloud in MULTI_TENANT:
            cloud = each.get("backingProviderName")
        known = api_limits.regions(str(cloud))
        if not isinstance(region, str) or not known or region in known:
            continue
        named = region.upper().replace("-", "_")
        near = [named] if named in known else get_close_matches(named, known, n=1)
        hint = f"Use Atlas's name '{near[0]}'." if near else f"Allowed are {', '.join(known)}."
        yield Rejection(
            f"{at}.regionName", f"the region is invalid for {cloud} (got '{region}'). {hint}", "INVALID_REGION"
        )


@rule("free-clusters-name-their-cloud", Stage.PLAN, source=_DOCS)
def _backing_provider(call: Call) -> Iterator[Rejection]:
    for at, each in _configs(call):
        if each.get("providerName") in MULTI_TENANT and each.get("backingProviderName") is None:
            yield Rejection(f"{at}.backingProviderName", f"it is missing. {each['providerName']} requires it.", INVALID)
        if each.get("providerName") in api_limits.CLOUDS and each.get("backingProviderName") not in (None, UNKNOWN):
            yield Rejection(
                f"{at}.backingProviderName", "it is allowed only if providerName is TENANT or FLEX. Omit it.", INVALID
            )
        nodes = (each.get("electableSpecs") or {}).get("nodeCount")
        if each.get("providerName") == "TENANT" and isinstance(nodes, (int, float)) and nodes != _FREE_NODES:
            yield Rejection(
                f"{at}.electableSpecs.nodeCount",
                f"a free cluster has {_FREE_NODES} nodes (got {nodes:g}). Omit it.",
                "TENANT_ATTRIBUTE_READ_ONLY",
            )
        for kind in ("readOnlySpecs", "analyticsSpecs"):
            if each.get("providerName") in MULTI_TENANT and (each.get(kind) or {}).get("nodeCount"):
                yield Rejection(
                    f"{at}.{kind}", f"{each['providerName']} clusters have no such nodes. Omit it.", INVALID
                )


def free_region_rejections(path: str, cloud: Plain, region: str) -> Iterator[Rejection]:
    """Reject a region of AWS without free and flex clusters."""
    if cloud == "AWS" and region not in _FREE_REGIONS:
        yield Rejection(
            path,
            f"the region has no free or flex clusters (got '{region}'). Allowed are {', '.join(_FREE_REGIONS)}.",
            "INVALID_REGION",
        )


@rule("free-clusters-are-in-some-regions", Stage.PLAN, source=_AWS)
def _free_regions(call: Call) -> Iterator[Rejection]:
    for at, each in _configs(call):
        region = each.get("regionName")
        if each.get("providerName") in MULTI_TENANT and isinstance(region, str):
            yield from free_region_rejections(f"{at}.regionName", each.get("backingProviderName"), region)


@rule("multi-region-clusters-have-twelve-shards", Stage.PLAN, source=ATLAS_LIMITS)
def _shard_count(call: Call) -> Iterator[Rejection]:
    specs = call.get("replicationSpecs") or ()
    regions = {region for _, region in located(call.inputs, "replicationSpecs[*].regionConfigs[*].regionName")}
    if isinstance(specs, list) and len(specs) > _MAX_SHARDS and len(regions - {UNKNOWN}) > 1:
        yield Rejection(
            "replicationSpecs",
            f"too many shards (got {len(specs)}). A cluster of several regions allows {_MAX_SHARDS}.",
            INVALID,
        )


@rule("configs-of-a-shard-agree", Stage.PLAN, source=_DOCS)
def _agreement(call: Call) -> Iterator[Rejection]:
    for at, spec in located(call.inputs, "replicationSpecs[*]"):
        configs = [each for _, each in located(spec, "regionConfigs[*]") if isinstance(each, dict)]
        places = [(each.get("providerName"), each.get("regionName")) for each in configs]
        for place in {place for place in places if UNKNOWN not in place and places.count(place) > 1}:
            yield Rejection(
                f"{at}.regionConfigs", f"two of them are in {place[1]} of {place[0]}. Set one for each region.", INVALID
            )
        sizes = {
            size
            for each in configs
            for kind in ("electableSpecs", "readOnlySpecs")
            if isinstance(each.get(kind), dict) and each[kind].get("nodeCount") not in (0, None)
            and isinstance(size := each[kind].get("instanceSize"), str)
        }  # fmt: skip
        if len(sizes) > 1:
            yield Rejection(
                f"{at}.regionConfigs",
                "the electable and read-only nodes of a shard must have the same instanceSize"
                f" (got {', '.join(sorted(sizes))}).",
                "INVALID_INSTANCE_SIZE",
            )
        for block in ("autoScaling", "analyticsAutoScaling"):
            given = [each[block] for each in configs if isinstance(each.get(block), dict)]
            if any(other != given[0] for other in given[1:]) and UNKNOWN not in given:
                yield Rejection(
                    f"{at}.regionConfigs", f"{block} must be the same in all regionConfigs of a cluster.", INVALID
                )


@rule("priorities-descend-from-7", Stage.PLAN, source=_SCHEMA)
def _priorities(call: Call) -> Iterator[Rejection]:
    for at, spec in located(call.inputs, "replicationSpecs[*]"):
        configs = spec.get("regionConfigs") if isinstance(spec, dict) else None
        if not isinstance(configs, list) or UNKNOWN in configs:
            continue
        priorities = [config.get("priority") for config in configs]
        if UNKNOWN in priorities:
            continue
        for place, config in enumerate(configs):
            specs = config.get("electableSpecs") if isinstance(config, dict) else UNKNOWN
            is_empty = specs is None or (isinstance(specs, dict) and specs.get("nodeCount") == 0)
            is_dedicated = is_empty and config.get("providerName") in api_limits.CLOUDS
            if is_dedicated and config.get("priority") not in (None, 0, UNKNOWN):
                yield Rejection(
                    f"{at}.regionConfigs[{place}].priority",
                    f"a region without electable nodes has the priority 0 (got {config['priority']}).",
                    INVALID,
                )
        electable = [
            config.get("priority")
            for config in configs
            if isinstance(config.get("electableSpecs"), dict) and config["electableSpecs"].get("nodeCount") != 0
        ]
        if priorities != sorted(priorities, reverse=True) or electable != list(range(7, 7 - len(electable), -1)):
            yield Rejection(
                f"{at}.regionConfigs",
                f"the priorities are not consecutive (got {', '.join(map(str, priorities))}). They must descend from 7"
                " in steps of one (0 for regions without electable nodes).",
                INVALID,
            )


@rule("electable-nodes-are-3-5-or-7", Stage.PLAN, source=_ELECTABLE)
def _nodes(call: Call) -> Iterator[Rejection]:
    for at, spec in located(call.inputs, "replicationSpecs[*]"):
        if not isinstance(spec, dict) or call.get("databaseEdition") == "INFINITE":
            continue  # Atlas Infinite Database has other numbers of nodes
        counts = [count for _, count in located(spec, "regionConfigs[*].electableSpecs.nodeCount")]
        if UNKNOWN not in counts and counts and sum(counts) not in (3, 5, 7):
            yield Rejection(
                f"{at}.regionConfigs",
                f"the number of electable nodes is not allowed (got {sum(counts)}). Allowed are 3, 5 and 7 in total.",
                INVALID,
            )


@rule(
    "sharding-needs-m30",
    Stage.PLAN,
    source=documented(
        "https://www.mongodb.com/docs/atlas/manage-clusters/: M10 and M20 support replica sets only", read="2026-11-29"
    ),
)
def _shape(call: Call) -> Iterator[Rejection]:
    kind, specs = call.get("clusterType"), call.get("replicationSpecs")
    if call.get("databaseEdition") == "INFINITE" and kind not in ("REPLICASET", None, UNKNOWN):
        message = f"INFINITE supports only clusterType REPLICASET (got {kind}). Omit it, or use CORE."
        yield Rejection("databaseEdition", message, INVALID)
    if kind == "REPLICASET" and isinstance(specs, list) and len(specs) != 1:
        yield Rejection(
            "replicationSpecs",
            f"a REPLICASET has exactly one (got {len(specs)}). Use SHARDED for several shards.",
            INVALID,
        )
    if kind not in ("SHARDED", "GEOSHARDED"):
        return
    for at, spec in _specs(call):
        tier = size_number(spec.get("instanceSize"))
        if tier is not None and tier < 30:
            yield Rejection(
                f"{at}.instanceSize",
                f"the size is too small (got {spec['instanceSize']}). {kind} clusters require M30 or larger.",
                "INVALID_INSTANCE_SIZE",
            )


@rule("instance-size-exists", Stage.PLAN, source=API)
def _sizes(call: Call) -> Iterator[Rejection]:
    for at, each in _configs(call):
        cloud = str(each.get("providerName"))
        known = _SHARED if cloud in MULTI_TENANT else (*api_limits.sizes(cloud), *_KNOWN_SIZES.get(cloud, ()))
        for kind in ("electableSpecs", "readOnlySpecs", "analyticsSpecs"):
            spec = each.get(kind)
            size = spec.get("instanceSize") if isinstance(spec, dict) else None
            if isinstance(size, str) and known and size not in known:
                yield Rejection(
                    f"{at}.{kind}.instanceSize",
                    f"the size is not allowed (got '{size}'). Allowed are {', '.join(known)}.",
                    "INVALID_INSTANCE_SIZE",
                )


@rule("autoscaling-has-bounds", Stage.PLAN, source=sdk("advancedcluster"))
def _scaling(call: Call) -> Iterator[Rejection]:
    for at, each in _configs(call):
        for kind, specs in (("autoScaling", "electableSpecs"), ("analyticsAutoScaling", "analyticsSpecs")):
            scaling = each.get(kind)
            if not isinstance(scaling, dict):
                continue
            if scaling.get("computeEnabled") is True and scaling.get("computeMaxInstanceSize") is None:
                yield Rejection(
                    f"{at}.{kind}.computeMaxInstanceSize",
                    "it is missing. It is required when computeEnabled is true.",
                    INVALID,
                )
            if scaling.get("computeScaleDownEnabled") is True:
                if scaling.get("computeMinInstanceSize") is None:
                    yield Rejection(
                        f"{at}.{kind}.computeMinInstanceSize",
                        "it is missing. It is required when computeScaleDownEnabled is true.",
                        INVALID,
                    )
                if scaling.get("computeEnabled") in (None, False):
                    yield Rejection(
                        f"{at}.{kind}.computeEnabled", "computeScaleDownEnabled requires it to be true.", INVALID
                    )
            spec = each.get(specs)
            size = size_number(spec.get("instanceSize")) if isinstance(spec, dict) else None
            if size is not None and is_out_of_range(size, scaling):
                yield Rejection(
                    f"{at}.{kind}",
                    f"the instanceSize is outside its bounds (got M{size}). Allowed are"
                    f" {scaling.get('computeMinInstanceSize') or 'any'} to"
                    f" {scaling.get('computeMaxInstanceSize') or 'any'}.",
                    INVALID,
                )


@rule("continuous-backup-needs-backup", Stage.PLAN, source=sdk("advancedcluster"))
def _backup(call: Call) -> Iterator[Rejection]:
    if call.get("pitEnabled") is True and call.get("backupEnabled") in (None, False):
        yield Rejection("pitEnabled", "continuous backup requires backupEnabled: true.", "PIT_REQUIRES_BACKUP")
    for at, each in _configs(call):
        if each.get("providerName") == "TENANT":
            for path in ("backupEnabled", "pitEnabled", "paused"):
                if call.get(path) is True:
                    yield Rejection(
                        path,
                        f"it is not allowed on a free cluster ({at}). It requires M10 or larger.",
                        "TENANT_ATTRIBUTE_READ_ONLY",
                    )


@rule("version-fits-the-release-system", Stage.PLAN, source=sdk("advancedcluster"))
def _version(call: Call) -> Iterator[Rejection]:
    version = call.get("mongoDbMajorVersion")
    if call.get("versionReleaseSystem") == "CONTINUOUS" and version not in (None, UNKNOWN):
        yield Rejection("mongoDbMajorVersion", "it conflicts with versionReleaseSystem CONTINUOUS. Omit it.", INVALID)
    supported = isinstance(version, str) and re.fullmatch(r"\d+(\.\d+)?", version) and _number(version) >= _OLDEST
    if isinstance(version, str) and not supported:
        yield Rejection(
            "mongoDbMajorVersion",
            f"the version is not supported (got '{version}'). Allowed are 6.0 and newer, such as '8.0'.",
            "INVALID_VERSION",
        )
    for path, oldest in _VERSION_NEEDED.items():
        given = call.get(f"advancedConfiguration.{path}")
        if supported and given not in (None, UNKNOWN) and _number(str(version)) < oldest:
            yield Rejection(
                f"advancedConfiguration.{path}",
                f"it requires mongoDbMajorVersion {'.'.join(map(str, oldest))} or higher (got {version}).",
                INVALID,
            )


@rule("ciphers-need-the-custom-mode", Stage.PLAN, source=API)
def _ciphers(call: Call) -> Iterator[Rejection]:
    for path in ("customOpensslCipherConfigTls12s", "customOpensslCipherConfigTls13s"):
        given = call.get(f"advancedConfiguration.{path}")
        if given and given is not UNKNOWN and call.get("advancedConfiguration.tlsCipherConfigMode") == "DEFAULT":
            yield Rejection(f"advancedConfiguration.{path}", "it requires tlsCipherConfigMode CUSTOM.", INVALID)


@rule(
    "zones-have-different-preferred-regions", Stage.PLAN,
    source=documented(
        "https://github.com/mongodb/terraform-provider-mongodbatlas/issues/3497: two zones of a GEOSHARDED cluster with"
        " one preferred region",
        read="2026-11-28",
    ),
)  # fmt: skip
def _zones(call: Call) -> Iterator[Rejection]:
    if call.get("clusterType") != "GEOSHARDED":
        return
    zones: dict[Plain, Plain] = {}  # the zone of each preferred region
    for at, spec in located(call.inputs, "replicationSpecs[*]"):
        configs = spec.get("regionConfigs") if isinstance(spec, dict) else None
        if not isinstance(configs, list) or UNKNOWN in configs or not configs:
            continue
        region, zone = max(configs, key=_priority).get("regionName"), spec.get("zoneName")
        if UNKNOWN in (region, zone):
            continue
        if zones.setdefault(region, zone) != zone:
            yield Rejection(
                f"{at}.regionConfigs",
                f"the preferred region {region} is also that of zone '{zones[region]}'. Each zone requires its own"
                " preferred region.",
                INVALID,
            )


def _priority(config: Mapping[str, Any]) -> float:
    priority = config.get("priority")
    return float(priority) if isinstance(priority, (int, float)) else -1.0


@rule("autoscaling-range-is-not-empty", Stage.PLAN, source=_DOCS)
def _scaling_range(call: Call) -> Iterator[Rejection]:
    for at, each in _configs(call):
        for kind in ("autoScaling", "analyticsAutoScaling"):
            scaling = each.get(kind) or {}
            low, high = (size_number(scaling.get(f"compute{end}InstanceSize")) for end in ("Min", "Max"))
            if low is not None and high is not None and low > high:
                yield Rejection(
                    f"{at}.{kind}.computeMinInstanceSize",
                    f"it is above computeMaxInstanceSize (got M{low}, maximum M{high}).",
                    INVALID,
                )


@rule("tags-are-valid", Stage.PLAN, source=_TAGS)
def tags_are_valid(call: Call) -> Iterator[Rejection]:
    """Reject too many tags, and characters that a tag cannot have."""
    tags = call.get("tags")
    if isinstance(tags, dict) and len(tags) > _MAX_TAGS:
        yield Rejection("tags", f"too many tags (got {len(tags)}). Allowed are {_MAX_TAGS}.", "TAGS_LIMIT_EXCEEDED")
    for key, value in tags.items() if isinstance(tags, dict) else ():
        for text in (key, value):
            if isinstance(text, str) and not _TAG.fullmatch(text):
                yield Rejection(
                    f"tags.{key}",
                    f"the tag is invalid (got '{text}'). Allowed are 1 to 255 letters, digits, spaces and ; @ _ - . +",
                    "INVALID_TAG",
                )


# --- rules of the cloud ---


@rule(
    "one-free-cluster-per-project", Stage.CREATE,
    source=documented("https://www.mongodb.com/docs/atlas/reference/atlas-limits/", read="2026-11-28"),
)  # fmt: skip
def _one_free_cluster(call: Call) -> Iterator[Rejection]:
    if not _is_free(call.inputs):
        return
    for other in call.cloud.find(CLUSTER, projectId=call.get("projectId")):
        if other.urn != call.urn and _is_free(other.inputs):
            yield Rejection(
                "", f"the project already has a free cluster, '{other.name}'.", "CANNOT_CREATE_FREE_CLUSTER"
            )


def _is_free(inputs: Mapping[str, Any]) -> bool:
    sizes = located(inputs, "replicationSpecs[*].regionConfigs[*].electableSpecs.instanceSize")
    return any(size == "M0" for _, size in sizes)


@rule("oplog-retention-needs-disk-autoscaling", Stage.CREATE, source=_OPLOG)
def _oplog_of_new(call: Call) -> Iterator[Rejection]:
    hours = call.get("advancedConfiguration.oplogMinRetentionHours")
    off = [at for at, value in located(call.inputs, _DISK_SCALING) if value is False]
    if isinstance(hours, (int, float)) and hours > 0 and off:
        yield Rejection(
            off[0],
            f"disk autoscaling cannot be disabled while the minimum oplog retention is {hours:g} hours.",
            "OPLOG_MIN_RETENTION_HOURS_NO_DISK_AUTO_SCALING",
        )


@rule("regionalized-project-has-only-sharded-clusters", Stage.CREATE, source=API)
def _regionalized(call: Call) -> Iterator[Rejection]:
    mode = next(call.cloud.find(_REGIONAL_MODE, projectId=call.get("projectId"), enabled=True), None)
    if mode is not None and call.get("clusterType") == "REPLICASET":
        yield Rejection(
            "clusterType",
            "the project has regionalized private endpoints, so it accepts no replica set. Use SHARDED.",
            "REGIONALIZED_PRIVATE_ENDPOINT_REPLICA_SET",
        )


@rule("name-differs-from-flex-clusters", Stage.CREATE, source=ERRORS)
def _flex_names(call: Call) -> Iterator[Rejection]:
    yield from name_rejections(call, FLEX)


@rule("name-differs-in-its-first-characters", Stage.CREATE, source=ATLAS_LIMITS)
def _first_characters(call: Call) -> Iterator[Rejection]:
    name = call.get("name", "")
    for other in call.cloud.find(CLUSTER, projectId=call.get("projectId")):
        used = str(other.outputs.get("name"))
        if other.urn != call.urn and used != name and used[:_HOST_NAME_CHARACTERS] == name[:_HOST_NAME_CHARACTERS]:
            yield Rejection(
                "name",
                f"'{name}' and the cluster '{used}' begin alike. Their first {_HOST_NAME_CHARACTERS}"
                " characters are part of the host name and must differ.",
                "DUPLICATE_CLUSTER_NAME",
            )


@rule("encryption-at-rest-is-configured", Stage.CREATE, Stage.UPDATE, source=sdk("advancedcluster"))
def _encryption_at_rest(call: Call) -> Iterator[Rejection]:
    if call.get("encryptionAtRestProvider", "NONE") == "NONE":
        return
    if next(call.cloud.find(_ENCRYPTION, projectId=call.get("projectId")), None) is None:
        yield Rejection(
            "encryptionAtRestProvider",
            "the project has no EncryptionAtRest. Create it before a cluster uses it.",
            "CANNOT_ENABLE_ENCRYPTION_AT_REST",
        )


@rule("cluster-cannot-be-downgraded", Stage.UPDATE, source=ERRORS)
def _no_downgrade(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    before = call.old or {}
    kind, was = call.get("clusterType"), before.get("clusterType")
    if kind == "REPLICASET" and was in ("SHARDED", "GEOSHARDED"):
        yield Rejection(
            "clusterType", f"a {was} cluster cannot become a REPLICASET.", "CLUSTER_TYPE_UNSUPPORTED_CHANGE"
        )
    version, old_version = call.get("mongoDbMajorVersion"), call.this.outputs.get("mongoDbMajorVersion")
    if version and old_version and _number(version) < _number(old_version):
        yield Rejection(
            "mongoDbMajorVersion",
            f"the version cannot be downgraded (got {version}, has {old_version}).",
            "CANNOT_DOWNGRADE",
        )
    elif version and old_version and _number(version)[0] > _number(old_version)[0] + 1 and _number(version)[1:] == (0,):
        yield Rejection(
            "mongoDbMajorVersion",
            f"the version cannot be upgraded over another major version (got {version}, has {old_version})."
            f" Upgrade to {_number(old_version)[0] + 1}.0 first.",
            "CANNOT_UPGRADE_ACROSS_MULTIPLE_MAJOR_VERSIONS",
        )
    if cluster_clouds(before) <= api_limits.CLOUDS and cluster_clouds(call.inputs) & MULTI_TENANT:
        yield Rejection(
            "replicationSpecs",
            "a dedicated cluster cannot become a free or flex cluster. Create another cluster.",
            "CLUSTER_DOWNGRADE_UNSUPPORTED",
        )
    if before.get("paused") is True and call.get("paused") is True:
        yield Rejection(
            "paused", "a paused cluster cannot be changed. Set paused to false first.", "CANNOT_UPDATE_PAUSED_CLUSTER"
        )


def _number(version: str) -> tuple[int, ...]:
    """Return a major version as numbers: (8, 0) for "8" and "8.0", which the provider accepts alike."""
    return tuple(int(part) for part in (version if "." in version else f"{version}.0").split("."))


@rule(
    "sharded-cluster-begins-with-one-shard", Stage.UPDATE,
    source=documented(
        "https://github.com/mongodb/mongodb-atlas-cli/pull/2786, which cites"
        " https://www.mongodb.com/docs/atlas/scale-cluster/#convert-a-replica-set-to-a-sharded-cluster",
        read="2026-11-24",
    ),
)  # fmt: skip
def _one_shard_first(call: Call) -> Iterator[Rejection]:
    specs = call.get("replicationSpecs") or []
    if (call.old or {}).get("clusterType") == "REPLICASET" and call.get("clusterType") == "SHARDED" and len(specs) > 1:
        yield Rejection(
            "replicationSpecs",
            f"too many shards (got {len(specs)}). Convert the replica set to one shard first, then add shards.",
            "CLUSTER_TYPE_UNSUPPORTED_CHANGE",
        )


@rule("cluster-is-not-protected", Stage.DELETE, source=sdk("advancedcluster"))
def _protected(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    if call.this.outputs.get("terminationProtectionEnabled") is True:
        yield Rejection(
            "",
            f"cannot terminate the cluster '{call.this.outputs.get('name')}': termination protection is on; update it"
            " with terminationProtectionEnabled: false first",
            "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED",
        )


# --- search indexes ---


@rule("index-definition-is-json", Stage.PLAN, source=sdk("searchindex"))
def _index(call: Call) -> Iterator[Rejection]:
    for path in ("analyzers", "mappingsFields", "fields", "mappingsDynamicConfig"):
        text = call.get(path)
        if isinstance(text, str) and text:
            try:
                json.loads(text)
            except ValueError as error:
                yield Rejection(path, f"it is not valid JSON ({error}).", INVALID)
    if call.get("type") == "vectorSearch":
        yield from _vector_errors(call.get("fields"))
        if "fields" not in call.inputs:
            yield Rejection("fields", "it is missing. A vectorSearch index requires it.", INVALID)
    elif "mappingsDynamic" not in call.inputs and "mappingsDynamicConfig" not in call.inputs:
        if "mappingsFields" not in call.inputs:
            yield Rejection(
                "mappingsFields",
                "it is missing. A search index requires mappingsDynamic: true or mappingsFields.",
                INVALID,
            )
    elif call.get("mappingsDynamic") is False and "mappingsFields" not in call.inputs:
        yield Rejection("mappingsFields", "it is missing. It is required when mappingsDynamic is false.", INVALID)


_LUCENE = (
    "standard", "simple", "whitespace", "keyword", "arabic", "armenian", "basque", "bengali", "brazilian", "bulgarian",
    "catalan", "chinese", "cjk", "czech", "danish", "dutch", "english", "finnish", "french", "galician", "german",
    "greek", "hindi", "hungarian", "indonesian", "irish", "italian", "japanese", "korean", "kuromoji", "latvian",
    "lithuanian", "morfologik", "nori", "norwegian", "persian", "portuguese", "romanian", "russian", "smartcn",
    "sorani", "spanish", "swedish", "thai", "turkish", "ukrainian",
)  # fmt: skip
_ANALYZERS = frozenset(f"lucene.{name}" for name in _LUCENE)


@rule("analyzer-exists", Stage.PLAN, source=API)
def _analyzer(call: Call) -> Iterator[Rejection]:
    own = call.get("analyzers")
    try:
        defined: Any = json.loads(own) if isinstance(own, str) and own else []
    except ValueError:
        return  # another rule reports it
    names = {each.get("name") for each in defined if isinstance(each, dict)} if isinstance(defined, list) else set()
    for path in ("analyzer", "searchAnalyzer"):
        name = call.get(path)
        if own is not UNKNOWN and isinstance(name, str) and name not in _ANALYZERS | names:
            message = f"the analyzer does not exist (got '{name}'). Use one of lucene.*, or define it in analyzers."
            yield Rejection(path, message, INVALID)


def _vector_errors(text: Plain) -> Iterator[Rejection]:
    """Yield what is wrong with the fields of a vector index."""
    try:
        fields: Any = json.loads(text) if isinstance(text, str) else []
    except ValueError:
        return  # another rule reports it
    for number, each in enumerate(fields if isinstance(fields, list) else ()):
        field: Any = each
        if not isinstance(field, dict) or field.get("type") != "vector":
            continue
        size, similarity = field.get("numDimensions"), field.get("similarity")
        if not isinstance(size, int) or not 1 <= size <= _MAX_DIMENSIONS:
            message = f"field {number}: numDimensions must be 1 to {_MAX_DIMENSIONS} (got {size})."
            yield Rejection("fields", message, INVALID)
        if similarity not in _SIMILARITIES:
            message = f"field {number}: similarity must be one of {', '.join(_SIMILARITIES)} (got {similarity})."
            yield Rejection("fields", message, INVALID)


# --- outputs ---


def _host(call: Call) -> str:
    return f"{call.inputs['name'][:_HOST_NAME_CHARACTERS].lower()}.{call.hex(5, 'host')}.mongodb.net"


def _connection_strings(call: Call) -> dict[str, Any]:
    host, project = _host(call), call.inputs.get("projectId")
    name, _, domain = host.partition(".")
    shards = ",".join(f"{name}-shard-00-0{node}.{domain}:27017" for node in range(3))
    options = f"?ssl=true&authSource=admin&replicaSet=atlas-{call.hex(6, 'set')}-shard-0"
    strings: dict[str, Any] = {
        "standard": f"mongodb://{shards}/{options}",
        "standardSrv": f"mongodb+srv://{host}",
        "private": "",
        "privateSrv": "",
        "privateEndpoints": [],
    }
    # A cluster has private host names once its project has a peering.
    if next(call.cloud.find(_PEERING, projectId=project), None) is not None:
        private = f"{name}-pri.{domain}"
        strings["private"] = strings["standard"].replace(domain, f"pri.{domain}")
        strings["privateSrv"] = f"mongodb+srv://{private}"
    return strings


def _mongodb_version(call: Call) -> str:
    version = str(call.inputs.get("mongoDbMajorVersion") or call.outputs.get("mongoDbMajorVersion"))
    return f"{'.'.join(map(str, _number(version)))}.4"


def _specs_with_ids(call: Call) -> list[dict[str, Any]]:
    """Return the specs with the computed fields: one zone for all, an id for each shard."""
    specs = call.inputs.get("replicationSpecs") or []
    zone = digest(f"{call.id}/zone", 24)
    added = [{"zoneId": zone, "externalId": digest(f"{call.id}/shard {n}", 24)} for n in range(len(specs))]
    return [
        {**spec, **ids, "regionConfigs": region_configs(call, place, spec.get("regionConfigs"), default_disk)}
        for place, (spec, ids) in enumerate(zip(specs, added, strict=True))
    ]


WARNINGS: Mapping[str, WarningsOf] = {CLUSTER: ignored_sizes}


def _has_shards(call: Call) -> bool:
    return call.inputs.get("clusterType") in ("SHARDED", "GEOSHARDED")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=CLUSTER,
        source=sdk("advancedcluster"),
        id=object_id,
        outputs={
            "clusterId": "{id}",
            "connectionStrings": _connection_strings,
            "advancedConfiguration": {
                "javascriptEnabled": True,
                "minimumEnabledTlsProtocol": "TLS1_2",
                "noTableScan": False,
                "tlsCipherConfigMode": "DEFAULT",
            },
            "backupEnabled": False,
            "biConnectorConfig": {"enabled": False, "readPreference": "secondary"},
            "configServerManagementMode": "ATLAS_MANAGED",
            "configServerType": lambda call: "DEDICATED" if _has_shards(call) else "",
            "createDate": "2026-11-24T00:00:00Z",
            "deleteOnCreateTimeout": True,
            "effectiveDatabaseEdition": "CORE",
            "encryptionAtRestProvider": "NONE",
            "globalClusterSelfManagedSharding": False,
            "mongoDbMajorVersion": "8.0",
            "paused": False,
            "pitEnabled": False,
            "redactClientLogData": False,
            "replicaSetScalingStrategy": "WORKLOAD_TYPE",
            "retainBackupsEnabled": False,
            "rootCertType": "ISRGROOTX1",
            "stateName": "IDLE",
            "terminationProtectionEnabled": False,
            "useAwsTimeBasedSnapshotCopyForFastInitialSync": False,
            "versionReleaseSystem": "LTS",
        },
        derived={"mongoDbVersion": _mongodb_version, "replicationSpecs": _specs_with_ids},
        replaces=frozenset({"projectId", "name"}),
        fixed=frozenset({"deleteOnCreateTimeout"}),
        keeps=frozenset(
            {
                *(f"replicationSpecs.regionConfigs.{block}" for block in KEPT_BLOCKS),
                "advancedConfiguration", "backupEnabled", "biConnectorConfig", "configServerManagementMode",
                "encryptionAtRestProvider", "globalClusterSelfManagedSharding", "mongoDbMajorVersion", "paused",
                "pitEnabled", "redactClientLogData", "replicaSetScalingStrategy", "rootCertType",
                "terminationProtectionEnabled", "versionReleaseSystem",
            }
        ),
        replace_source=_SCHEMA,
        enums={
            "clusterType": ("REPLICASET", "SHARDED", "GEOSHARDED"),
            "configServerManagementMode": ("ATLAS_MANAGED", "FIXED_TO_DEDICATED"),
            "encryptionAtRestProvider": ("NONE", "AWS", "GCP", "AZURE"),
            "replicaSetScalingStrategy": ("WORKLOAD_TYPE", "SEQUENTIAL", "NODE_TYPE"),
            "rootCertType": ("ISRGROOTX1",),
            "versionReleaseSystem": ("LTS", "CONTINUOUS"),
            "replicationSpecs[*].regionConfigs[*].providerName": ("AWS", "GCP", "AZURE", "TENANT", "FLEX"),
            "replicationSpecs[*].regionConfigs[*].electableSpecs.ebsVolumeType": (
                "STANDARD", "PROVISIONED", "HIGH_PERFORMANCE",
            ),
            "biConnectorConfig.readPreference": ("primary", "secondary", "analytics"),
            "advancedConfiguration.minimumEnabledTlsProtocol": ("TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"),
        },
        ranges={"replicationSpecs[*].regionConfigs[*].priority": (0, 7)},
        name=Name(
            longest=64,
            pattern=r"[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?",
            allowed="letters, digits and '-', with a letter or digit at both ends",
            unique="projectId",
            taken="DUPLICATE_CLUSTER_NAME",
            source=ATLAS_LIMITS,
        ),
        references=(of_project(holds=True),),
        quotas=(
            Quota(
                limit=25, per="projectId", what="clusters per project", code="CLUSTER_LIMIT_EXCEEDED",
                source=ATLAS_LIMITS,
            ),
        ),
        rules=(
            project_id_shape, _region_form, _free_regions, _shard_count, _backing_provider, _agreement, _scaling_range,
            tags_are_valid, _one_free_cluster, _oplog_of_new, _regionalized, _flex_names, _priorities, _nodes, _shape,
            _sizes, _scaling, _backup, _version, _ciphers, _zones, _first_characters, _encryption_at_rest,
            _no_downgrade, _one_shard_first, _protected, *STORAGE_RULES, *EFFECTIVE_RULES,
        ),
    ),
    Behaviour(
        type="mongodbatlas:index/searchIndex:SearchIndex",
        source=sdk("searchindex"),
        id=state_id_of(project_id="projectId", cluster_name="clusterName", index_id="#"),
        outputs={"indexId": object_id, "status": "READY", "type": "search"},
        replaces=frozenset({"projectId", "clusterName"}),
        replace_source=FORCE_NEW,
        enums={"type": ("search", "vectorSearch"), "numPartitions": (1, 2, 4)},
        conflicts=(("mappingsDynamic", "mappingsDynamicConfig"),),
        name=Name(unique="projectId+clusterName+database+collectionName", taken="DUPLICATE_INDEX_NAME", source=API),
        references=(of_project(), in_cluster(sdk("searchindex"))),
        rules=(_index, _analyzer),
    ),
)  # fmt: skip
