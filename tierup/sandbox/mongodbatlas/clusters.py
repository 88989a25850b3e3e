"""Clusters and their search indexes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
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
    assumed,
    digest,
    documented,
    located,
    rule,
)
from ..cloud import CloudResource
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
from .sources import ERRORS, FORCE_NEW, provider, sdk

_SCHEMA = provider("internal/service/advancedcluster/schema.go")
_PEERING = "mongodbatlas:index/networkPeering:NetworkPeering"
_CONTAINER = "mongodbatlas:index/networkContainer:NetworkContainer"
_ENCRYPTION = "mongodbatlas:index/encryptionAtRest:EncryptionAtRest"

INVALID = "INVALID_ATTRIBUTE"
_ELECTABLE = sdk("advancedcluster")

DISK_GIB: Mapping[str, tuple[int, int]] = {
    "M10": (10, 128),
    "M20": (20, 256),
    "M30": (40, 512),
    "M40": (80, 1_024),
    "M50": (160, 4_096),
    "M60": (320, 4_096),
    "M80": (750, 4_096),
    "M140": (1_000, 4_096),
    "M200": (1_500, 4_096),
    "M300": (2_000, 4_096),
    "M400": (3_000, 4_096),
    "M700": (4_096, 4_096),
}
"""Default and largest disk of the general tiers on AWS, in GiB; the smallest is 10."""
_DISKS = assumed("disk sizes in the Atlas console on AWS; its documents give only the ratio to memory")

_SIZES = (*DISK_GIB, "R40", "R50", "R60", "R80", "R200", "R300", "R400", "R700", "M40_NVME", "M50_NVME", "M60_NVME",
          "M80_NVME", "M200_NVME", "M400_NVME")  # fmt: skip
_OLDEST_VERSION = (6, 0)
"""The oldest major version of a cluster; https://www.mongodb.com/docs/atlas/reference/faq/database/ (from memory)."""
_SHARED = ("M0", "M2", "M5", "FLEX")
_AWS_REGION = r"[A-Z]{2}(_GOV)?(_[A-Z]+)+_\d"
_HOST_NAME_CHARACTERS = 23  # of a cluster's name are part of its host names


def cluster_of(call: Call, name: Plain, project: Plain) -> CloudResource | None:
    """Return the cluster of a project by its name, or None."""
    return next(call.cloud.find(CLUSTER, name=name, projectId=project), None)


def cluster_regions(cluster: CloudResource) -> set[str]:
    """Return the regions of a cluster's nodes, by their Atlas names ("EU_WEST_1")."""
    return {region for _, region in located(cluster.inputs, "replicationSpecs[*].regionConfigs[*].regionName")}


def in_cluster(source: Any, *, code: str = "CLUSTER_NOT_FOUND") -> Reference:
    """Return the reference of a resource to its cluster, by name. Deleting the cluster deletes the resource."""
    return Reference(
        path="clusterName", to=CLUSTER, by="name", same=("projectId",), code=code, holds=False, source=source
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


@rule("regions-are-in-atlas-form", Stage.PLAN, source=sdk("advancedcluster"))
def _region_form(call: Call) -> Iterator[Rejection]:
    for at, each in _configs(call):
        region = each.get("regionName")
        if each.get("providerName") == "AWS" and isinstance(region, str) and not re.fullmatch(_AWS_REGION, region):
            yield Rejection(
                f"{at}.regionName",
                f"the region is invalid (got '{region}'). Use Atlas's name '{region.upper().replace('-', '_')}'.",
                "INVALID_REGION",
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
    source=assumed(
        "M30 is the smallest size of a config server in Atlas's limits; page to check:"
        " https://www.mongodb.com/docs/atlas/create-sharded-cluster/"
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


@rule("instance-size-exists", Stage.PLAN, source=_DISKS)
def _sizes(call: Call) -> Iterator[Rejection]:
    for at, each in _configs(call):
        shared = each.get("providerName") in ("TENANT", "FLEX")
        for kind in ("electableSpecs", "readOnlySpecs", "analyticsSpecs"):
            spec = each.get(kind)
            size = spec.get("instanceSize") if isinstance(spec, dict) else None
            if isinstance(size, str) and size not in (_SHARED if shared else _SIZES):
                known = _SHARED if shared else _SIZES
                yield Rejection(
                    f"{at}.{kind}.instanceSize",
                    f"the size is not allowed (got '{size}'). Allowed are {', '.join(known)}.",
                    "INVALID_INSTANCE_SIZE",
                )


@rule("disk-fits-the-tier", Stage.PLAN, source=_DISKS)
def _disks(call: Call) -> Iterator[Rejection]:
    sizes: set[Plain] = set()
    for at, spec in _specs(call):
        disk, limits = spec.get("diskSizeGb"), DISK_GIB.get(str(spec.get("instanceSize")))
        if not isinstance(disk, (int, float)):
            continue
        sizes.add(disk)
        if limits and not 10 <= disk <= limits[1]:
            yield Rejection(
                f"{at}.diskSizeGb",
                f"the size is out of range (got {disk:g} GB). {spec['instanceSize']} allows 10 to {limits[1]:,} GB.",
                "INVALID_DISK_SIZE",
            )
    if len(sizes) > 1:
        yield Rejection(
            "replicationSpecs",
            f"diskSizeGb must be equal in all specs (got {', '.join(map(str, sorted(sizes)))}).",
            INVALID,
        )


@rule(
    "provisioned-iops-need-m30", Stage.PLAN,
    source=assumed(
        "provisioned IOPS begin with M30 on AWS; page to check:"
        " https://www.mongodb.com/docs/atlas/customize-storage/#provision-custom-iops"
    ),
)  # fmt: skip
def _iops(call: Call) -> Iterator[Rejection]:
    for at, spec in _specs(call):
        tier = size_number(spec.get("instanceSize"))
        provisioned = spec.get("ebsVolumeType") == "PROVISIONED" or spec.get("diskIops") not in (None, UNKNOWN)
        if provisioned and spec.get("ebsVolumeType") != "STANDARD" and tier is not None and tier < 30:
            yield Rejection(
                f"{at}.ebsVolumeType",
                f"provisioned IOPS require M30 or larger (got {spec['instanceSize']}). Set STANDARD.",
                "INVALID_ATTRIBUTE",
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
    supported = isinstance(version, str) and re.fullmatch(r"\d+\.\d+", version) and _number(version) >= _OLDEST_VERSION
    if isinstance(version, str) and not supported:
        yield Rejection(
            "mongoDbMajorVersion",
            f"the version is not supported (got '{version}'). Allowed are 6.0 and newer, such as '8.0'.",
            "INVALID_VERSION",
        )


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


# --- rules of the cloud ---


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
    if before.get("paused") is True and call.get("paused") is True:
        yield Rejection(
            "paused", "a paused cluster cannot be changed. Set paused to false first.", "CANNOT_UPDATE_PAUSED_CLUSTER"
        )


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


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


def _specs_with_ids(call: Call) -> list[dict[str, Any]]:
    """Return the specs with the computed fields: one zone for all, an id for each shard."""
    specs = call.inputs.get("replicationSpecs") or []
    zone = digest(f"{call.id}/zone", 24)
    added = [{"zoneId": zone, "externalId": digest(f"{call.id}/shard {n}", 24)} for n in range(len(specs))]
    return [
        {**spec, **ids, "regionConfigs": region_configs(call, place, spec.get("regionConfigs"), DISK_GIB)}
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
        derived={"mongoDbVersion": "{mongoDbMajorVersion}.4", "replicationSpecs": _specs_with_ids},
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
            project_id_shape, _region_form, _priorities, _nodes, _shape, _sizes, _disks, _iops, _scaling,
            _backup, _version,
            _zones, _first_characters, _encryption_at_rest, _no_downgrade, _one_shard_first, _protected,
            *EFFECTIVE_RULES,
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
        name=Name(unique="projectId+clusterName", taken="DUPLICATE_INDEX_NAME", source=ERRORS),
        references=(of_project(), in_cluster(sdk("searchindex"))),
        rules=(_index,),
    ),
)  # fmt: skip
