"""ElastiCache: replication groups (Redis OSS and Valkey), their subnet and parameter groups, users and user groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tierup.sandbox.behaviour import (
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

from .network import APPLY, SUBNET, to_security_group, to_subnet, vpc_of_group
from .same_scope import known, output_of
from .sources import api, created_only, provider, sdk

SUBNET_GROUP = "aws:elasticache/subnetGroup:SubnetGroup"
PARAMETER_GROUP = "aws:elasticache/parameterGroup:ParameterGroup"
REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
USER = "aws:elasticache/user:User"
USER_GROUP = "aws:elasticache/userGroup:UserGroup"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"

CREATE = api("elasticache", "CreateReplicationGroup")
PROVIDER = provider("elasticache/replication_group.go")
QUOTAS = assumed("ElastiCache's default quotas in Service Quotas, from memory")

ENGINE_VERSIONS: dict[str, tuple[str, ...]] = {
    "redis": ("4.0.10", "5.0.0", "5.0.3", "5.0.4", "5.0.5", "5.0.6", "6.x", "6.0", "6.2", "7.0", "7.1"),
    "valkey": ("7.2", "8.0", "8.1", "8.2", "9.0"),
}
"""The engine versions, by engine; from 7 on without the patch version (assumed: only an API call lists them)."""

_PATCHES = {"7.0": "7.0.7", "7.1": "7.1.0", "6.2": "6.2.6", "6.0": "6.0.5", "6.x": "6.2.6", "7.2": "7.2.6"}

NODE_SIZES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("t2", "t3", "t4g"), ("micro", "small", "medium")),
    **dict.fromkeys(("m5", "r5"), ("large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge")),
    **dict.fromkeys(
        ("m6g", "r6g", "m7g", "r7g"),
        ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
    ),
    "r6gd": ("xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
    "c7gn": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
    "m4": ("large", "xlarge", "2xlarge", "4xlarge", "10xlarge"),
    "r4": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"),
}
"""The node types of the current generations, by family."""

AUTH_TOKEN_SIGNS = "!&#$^<>-"  # noqa: S105  # the signs a token may hold
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES_A_WEEK = 7 * 24 * 60
_LOWER_HYPHENATED = r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]*(?<!-)"


# ---------------------------------------------------------------------------------------------------------------
# Engines, families, sizes
# ---------------------------------------------------------------------------------------------------------------


def engine_of(inputs: Plain) -> str:
    """Return the engine: redis or valkey."""
    return str(inputs.get("engine") or "redis").lower()


def version_of(text: Plain) -> tuple[int, ...]:
    """Return the parts of a version: (7, 1) for "7.1"; "x" counts as higher than any digit."""
    return tuple(int(part) if part.isdigit() else 999 for part in str(text).split("."))


def family_of(engine: str, version: str) -> str:
    """Return the parameter group family of an engine version: redis7, redis6.x, redis5.0, valkey8."""
    major = version.partition(".")[0]
    if engine == "valkey" or int(major) >= 7:
        return f"{engine}{major}"
    return "redis6.x" if major == "6" else f"redis{'.'.join(version.split('.')[:2])}"


@rule("engine-version-is-known", Stage.PLAN, source=PROVIDER)
def engine_version(call: Call) -> Iterator[Rejection]:
    version = known(call, "engineVersion")
    if version is None or call.get("engine") is UNKNOWN:
        return
    engine = engine_of(call.inputs)
    allowed = ENGINE_VERSIONS.get(engine, ())
    if version not in allowed:
        hint = ". From 7 on, omit the patch version" if re.fullmatch(r"[789]\.\d+\.\d+", version) else ""
        yield Rejection(
            "engineVersion",
            f"unknown version of {engine} (got '{version}'). Allowed: {', '.join(allowed)}{hint}.",
            "InvalidParameterValue",
        )


@rule("node-type-is-known", Stage.PLAN, source=CREATE)
def node_type(call: Call) -> Iterator[Rejection]:
    wanted = known(call, "nodeType")
    if call.get("nodeType") is None:
        if call.get("globalReplicationGroupId") is None:
            yield Rejection(
                "nodeType", "nodeType is required. Set for example cache.t4g.small.", "InvalidParameterValue"
            )
        return
    if wanted is None:
        return
    prefix, _, rest = wanted.partition(".")
    family, _, size = rest.partition(".")
    if prefix != "cache" or family not in NODE_SIZES:
        yield Rejection(
            "nodeType",
            f"unknown node type (got '{wanted}'). Write cache.<family>.<size> with one of the families"
            f" {', '.join(NODE_SIZES)}.",
            "InvalidParameterValue",
        )
    elif size not in NODE_SIZES[family]:
        yield Rejection(
            "nodeType",
            f"unknown size of cache.{family} (got '{size}'). Allowed: {', '.join(NODE_SIZES[family])}.",
            "InvalidParameterValue",
        )
    tiered = call.get("dataTieringEnabled")
    if (family == "r6gd") != bool(tiered) and tiered is not UNKNOWN:
        yield Rejection(
            "dataTieringEnabled",
            "data tiering is supported only for r6gd node types, and required for them",
            "InvalidParameterCombination",
        )


# ---------------------------------------------------------------------------------------------------------------
# Replication groups: shape and failover
# ---------------------------------------------------------------------------------------------------------------


def is_sharded(inputs: Plain) -> bool:
    """Return whether cluster mode is enabled, by clusterMode, the shards or the default parameter group."""
    return (
        inputs.get("clusterMode") in ("enabled", "compatible")
        or (inputs.get("numNodeGroups") or 1) > 1
        or str(inputs.get("parameterGroupName") or "").endswith(".cluster.on")
    )


def nodes_of(inputs: Plain) -> int:
    """Return the number of nodes in all shards."""
    if inputs.get("numNodeGroups") is not None or inputs.get("replicasPerNodeGroup") is not None:
        return (inputs.get("numNodeGroups") or 1) * (1 + (inputs.get("replicasPerNodeGroup") or 0))
    return inputs.get("numCacheClusters") or 1


def _sizes_known(call: Call) -> bool:
    return UNKNOWN not in (call.get(path) for path in ("numCacheClusters", "numNodeGroups", "replicasPerNodeGroup"))


@rule("multi-az-requires-failover-and-two-nodes", Stage.PLAN, source=PROVIDER)
def failover(call: Call) -> Iterator[Rejection]:
    automatic, multi_az = call.get("automaticFailoverEnabled"), call.get("multiAzEnabled")
    if multi_az is True and not automatic and automatic is not UNKNOWN:
        yield Rejection(
            "multiAzEnabled", "multiAzEnabled requires automaticFailoverEnabled", "InvalidParameterCombination"
        )
    if not _sizes_known(call):
        return
    if automatic is True and not is_sharded(call.inputs) and nodes_of(call.inputs) < 2:
        yield Rejection(
            "automaticFailoverEnabled",
            f"automatic failover requires at least two nodes (got numCacheClusters {nodes_of(call.inputs)}).",
            "InvalidParameterCombination",
        )
    if is_sharded(call.inputs) and automatic is False:
        yield Rejection(
            "automaticFailoverEnabled",
            "automatic failover must be enabled in cluster mode",
            "InvalidParameterCombination",
        )
    if nodes_of(call.inputs) > 90:
        yield Rejection(
            "numNodeGroups",
            f"too many nodes (got {nodes_of(call.inputs)}). The quota is 90 nodes per cluster.",
            "NodeQuotaForClusterExceeded",
        )


@rule("one-preferred-zone-per-node", Stage.PLAN, source=PROVIDER)
def preferred_zones(call: Call) -> Iterator[Rejection]:
    zones = call.get("preferredCacheClusterAzs")
    if isinstance(zones, list) and _sizes_known(call) and len(zones) != nodes_of(call.inputs):
        yield Rejection(
            "preferredCacheClusterAzs",
            f"the number of zones differs from the number of nodes (got {len(zones)} zones, {nodes_of(call.inputs)}"
            " nodes). Set one zone for each node.",
            "InvalidParameterCombination",
        )


# ---------------------------------------------------------------------------------------------------------------
# Replication groups: secrets, encryption, snapshots, windows
# ---------------------------------------------------------------------------------------------------------------


@rule("auth-token", Stage.PLAN, source=CREATE)
def auth_token(call: Call) -> Iterator[Rejection]:
    """Validate the token. The message never contains it."""
    for path in ("authToken", "authTokenWo"):
        token = call.get(path)
        if token is None:
            continue
        if call.get("transitEncryptionEnabled") in (None, False):
            yield Rejection(path, f"{path} requires transitEncryptionEnabled", "InvalidParameterCombination")
        if token is UNKNOWN:
            continue
        if not 16 <= len(token) <= 128:
            yield Rejection(
                path,
                f"invalid token length (got {len(token)} characters). Allowed: 16 to 128.",
                "InvalidParameterValue",
            )
        if wrong := sorted(
            {sign for sign in token if not (sign.isascii() and sign.isalnum()) and sign not in AUTH_TOKEN_SIGNS}
        ):
            yield Rejection(
                path,
                f"the token contains {len(wrong)} characters that are not allowed. Allowed: letters, digits and"
                f" {AUTH_TOKEN_SIGNS}.",
                "InvalidParameterValue",
            )


@rule("user-groups-require-encryption", Stage.PLAN, source=CREATE)
def user_groups_inputs(call: Call) -> Iterator[Rejection]:
    groups = call.get("userGroupIds")
    if not groups:
        return
    if call.get("transitEncryptionEnabled") in (None, False):
        yield Rejection("userGroupIds", "user groups require transitEncryptionEnabled", "InvalidParameterCombination")
    if isinstance(groups, list) and len(groups) > 1:
        yield Rejection(
            "userGroupIds",
            f"too many user groups (got {len(groups)}). A replication group has at most one.",
            "InvalidParameterCombination",
        )


@rule(
    "token-strategy-fits", Stage.PLAN,
    source=documented(
        "https://github.com/hashicorp/terraform-provider-aws/pull/45518 (authTokenUpdateStrategyValidate of"
        " internal/service/elasticache/replication_group.go)",
        read="2026-11-24",
    ),
)  # fmt: skip
def token_strategy(call: Call) -> Iterator[Rejection]:
    strategy = known(call, "authTokenUpdateStrategy")
    token = any(call.inputs.get(path) is not None for path in ("authToken", "authTokenWo"))
    if strategy == "DELETE" and token:
        yield Rejection(
            "authToken",
            "not allowed with authTokenUpdateStrategy DELETE. Omit authToken.",
            "InvalidParameterCombination",
        )
    if strategy in ("SET", "ROTATE") and not token:
        yield Rejection("authTokenUpdateStrategy", f"{strategy} requires authToken", "InvalidParameterCombination")


@rule(
    "users-take-the-tokens-place", Stage.UPDATE,
    source=documented("https://github.com/hashicorp/terraform-provider-aws/issues/39546", read="2026-11-24"),
)  # fmt: skip
def token_to_users(call: Call) -> Iterator[Rejection]:
    had_token = (call.old or {}).get("authToken") is not None
    if had_token and call.get("userGroupIds") and call.get("authTokenUpdateStrategy") != "DELETE":
        yield Rejection(
            "userGroupIds",
            "a user group cannot be associated while the AUTH token is enabled. Set authTokenUpdateStrategy to DELETE.",
            "InvalidParameterCombination",
        )


MODIFY_MODE = api("elasticache", "ModifyReplicationGroupMessage")


def mode_of(inputs: Plain) -> str:
    """Return the cluster mode: disabled, compatible or enabled; by the shards if clusterMode is not set."""
    return inputs.get("clusterMode") or ("enabled" if is_sharded(inputs) else "disabled")


def _clustered_parameters(call: Call, name: Plain) -> bool:
    found = next(call.nearby(PARAMETER_GROUP, name=name), None)
    given = found.inputs.get("parameters") or [] if found else []
    return str(name).endswith(".cluster.on") or {"name": "cluster-enabled", "value": "yes"} in given


@rule("cluster-mode-changes-by-compatible", Stage.UPDATE, source=MODIFY_MODE)
def cluster_mode_steps(call: Call) -> Iterator[Rejection]:
    """Reject skipped steps (disabled, compatible, enabled), steps back, and new shards before the mode is enabled."""
    old = call.old or {}
    before, after = mode_of(old), mode_of(call.inputs)
    if before == "disabled" and after == "enabled":
        yield Rejection(
            "clusterMode",
            "cluster mode is disabled. Set it to compatible first, then to enabled.",
            "InvalidParameterCombination",
        )
    if before == "enabled" and after != "enabled":
        yield Rejection("clusterMode", "cluster mode cannot be disabled again", "InvalidParameterCombination")
    if before != "enabled" and (call.get("numNodeGroups") or 1) > 1:
        yield Rejection(
            "numNodeGroups",
            f"the provider changes the shards before clusterMode, which is still {before}. Set clusterMode to enabled"
            " first.",
            "InvalidParameterCombination",
        )


@rule("cluster-mode-matches-parameter-group", *APPLY, source=MODIFY_MODE)
def cluster_mode_needs(call: Call) -> Iterator[Rejection]:
    mode, group = mode_of(call.inputs), call.get("parameterGroupName")
    if group is not None and _clustered_parameters(call, group) != (mode != "disabled"):
        yield Rejection(
            "parameterGroupName",
            f"cluster mode {mode} requires a parameter group with cluster-enabled"
            f" {'no' if mode == 'disabled' else 'yes'}",
            "InvalidParameterCombination",
        )
    if call.get("clusterMode") == "compatible" and nodes_of(call.inputs) < 2:
        yield Rejection("clusterMode", "compatible requires at least one replica", "InvalidParameterCombination")


@rule("encryption-in-transit", Stage.PLAN, source=CREATE)
def encryption(call: Call) -> Iterator[Rejection]:
    encrypted = call.get("transitEncryptionEnabled")
    if call.get("transitEncryptionMode") is not None and encrypted in (None, False):
        yield Rejection(
            "transitEncryptionMode",
            "transitEncryptionMode requires transitEncryptionEnabled",
            "InvalidParameterCombination",
        )
    if encrypted is True and call.get("subnetGroupName") is None and call.get("globalReplicationGroupId") is None:
        yield Rejection(
            "subnetGroupName", "encryption in transit requires subnetGroupName (a VPC)", "InvalidParameterCombination"
        )
    at_rest = call.get("atRestEncryptionEnabled", engine_of(call.inputs) == "valkey")
    if call.get("kmsKeyId") is not None and at_rest in (None, False) and at_rest is not UNKNOWN:
        yield Rejection("kmsKeyId", "kmsKeyId requires atRestEncryptionEnabled", "InvalidParameterCombination")


@rule("transit-encryption-changes-by-preferred", Stage.UPDATE, source=sdk("elasticache/replicationgroup"))
def transit_steps(call: Call) -> Iterator[Rejection]:
    before, after = (call.old or {}).get("transitEncryptionEnabled"), call.get("transitEncryptionEnabled")
    if not before and after and call.get("transitEncryptionMode") != "preferred":
        yield Rejection(
            "transitEncryptionMode",
            "encryption in transit is enabled in two updates: first preferred, then required",
            "InvalidParameterCombination",
        )


def _daily(text: str) -> tuple[int, int] | None:
    """Return the minutes of the day of "05:00-09:00" (the end may exceed a day), or None if the format is wrong."""
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", text)
    if not found:
        return None
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    return start, end if end > start else end + 24 * 60


def _weekly(text: str) -> tuple[int, int] | None:
    """Return the minutes of the week of "sun:05:00-sun:09:00" (the end may exceed a week), or None if invalid."""
    clock = r"([01]\d|2[0-3]):([0-5]\d)"
    found = re.fullmatch(rf"({'|'.join(_DAYS)}):{clock}-({'|'.join(_DAYS)}):{clock}", text.lower())
    if not found:
        return None
    start = _DAYS.index(found[1]) * 1440 + int(found[2]) * 60 + int(found[3])
    end = _DAYS.index(found[4]) * 1440 + int(found[5]) * 60 + int(found[6])
    return start, end if end > start else end + _MINUTES_A_WEEK


@rule("windows", Stage.PLAN, source=CREATE)
def windows(call: Call) -> Iterator[Rejection]:
    snapshot, maintenance = known(call, "snapshotWindow"), known(call, "maintenanceWindow")
    daily = _daily(snapshot) if snapshot else None
    weekly = _weekly(maintenance) if maintenance else None
    for path, text, span, form in (
        ("snapshotWindow", snapshot, daily, "hh24:mi-hh24:mi as 03:00-04:00"),
        ("maintenanceWindow", maintenance, weekly, "ddd:hh24:mi-ddd:hh24:mi as sun:05:00-sun:06:00"),
    ):
        if text and span is None:
            yield Rejection(path, f"invalid window (got '{text}'). Write it as {form} (UTC).", "InvalidParameterValue")
        if span and span[1] - span[0] < 60:
            yield Rejection(
                path,
                f"the window is too short (got '{text}', {span[1] - span[0]} minutes). Allowed: 60 minutes or more.",
                "InvalidParameterValue",
            )
    if daily and weekly and _overlap(daily, weekly):
        yield Rejection(
            "snapshotWindow",
            f"snapshotWindow {snapshot} overlaps maintenanceWindow {maintenance}",
            "InvalidParameterCombination",
        )


def _overlap(daily: tuple[int, int], weekly: tuple[int, int]) -> bool:
    return any(daily[0] + day * 1440 < weekly[1] and weekly[0] < daily[1] + day * 1440 for day in range(-1, 15))


# ---------------------------------------------------------------------------------------------------------------
# Replication groups: rules on other resources
# ---------------------------------------------------------------------------------------------------------------


@rule("parameter-group-matches-engine", *APPLY, source=CREATE)
def parameter_family(call: Call) -> Iterator[Rejection]:
    name = call.get("parameterGroupName")
    version = call.get("engineVersion")
    if not name or not version:
        return
    wanted = family_of(engine_of(call.inputs), version)
    found = next(call.nearby(PARAMETER_GROUP, name=name), None)
    family = found.outputs.get("family") if found else re.sub(r"^default\.|\.cluster\.on$", "", name)
    if family != wanted:
        yield Rejection(
            "parameterGroupName",
            f"parameter group {name} is of family {family}. {engine_of(call.inputs)} {version} requires {wanted}.",
            "InvalidParameterCombination",
        )


@rule("security-groups-in-vpc-of-subnet-group", *APPLY, source=CREATE)
def groups_in_vpc(call: Call) -> Iterator[Rejection]:
    group = next(call.nearby(SUBNET_GROUP, name=call.get("subnetGroupName")), None)
    vpc = group.outputs.get("vpcId") if group else None
    for at, value in located(call.inputs, "securityGroupIds[*]"):
        theirs = vpc_of_group(call, value)
        if vpc and theirs and theirs != vpc:
            yield Rejection(
                at, f"{value} belongs to {theirs}, the subnet group belongs to {vpc}", "InvalidParameterValue"
            )


@rule("multi-az-requires-two-zones", *APPLY, source=CREATE)
def zones_of_subnets(call: Call) -> Iterator[Rejection]:
    group = next(call.nearby(SUBNET_GROUP, name=call.get("subnetGroupName")), None)
    if not group:
        return
    zones = {output_of(call, SUBNET, subnet, "availabilityZone") for subnet in group.outputs.get("subnetIds") or ()}
    if call.get("multiAzEnabled") and len(zones) < 2:
        yield Rejection(
            "multiAzEnabled",
            f"the subnet group covers {len(zones)} zone. Multi-AZ requires two.",
            "InvalidParameterCombination",
        )
    for at, zone in located(call.inputs, "preferredCacheClusterAzs[*]"):
        if zone not in zones:
            yield Rejection(at, f"the subnet group has no subnet in {zone}", "InvalidParameterValue")


@rule("user-group-matches-engine", *APPLY, source=assumed("a valkey user group is not supported for redis"))
def user_group_engine(call: Call) -> Iterator[Rejection]:
    for at, group in located(call.inputs, "userGroupIds[*]"):
        found = next(call.nearby(USER_GROUP, userGroupId=group), None)
        if found and engine_of(found.outputs) == "valkey" and engine_of(call.inputs) == "redis":
            yield Rejection(
                at,
                f"the user group {group} has engine valkey, the replication group has redis",
                "InvalidParameterCombination",
            )


@rule("log-destinations-exist", *APPLY, source=CREATE)
def log_destinations(call: Call) -> Iterator[Rejection]:
    kinds = [value for _, value in located(call.inputs, "logDeliveryConfigurations[*].logType")]
    if len(set(kinds)) != len(kinds):
        yield Rejection(
            "logDeliveryConfigurations",
            f"each log type has only one destination (got {', '.join(kinds)}).",
            "InvalidParameterValue",
        )
    for at, entry in located(call.inputs, "logDeliveryConfigurations[*]"):
        if (
            entry.get("destinationType") == "cloudwatch-logs"
            and next(call.nearby(LOG_GROUP, name=entry.get("destination")), None) is None
        ):
            yield Rejection(
                f"{at}.destination", f"log group '{entry.get('destination')}' does not exist", "InvalidParameterValue"
            )


def replication_group_replaced(call: Call) -> Iterable[str]:
    """A lower version, a change from valkey to redis, and encryption of old engine versions replace."""
    old = call.old or {}
    before, after = old.get("engineVersion"), call.get("engineVersion")
    same_engine = engine_of(old) == engine_of(call.inputs)
    if engine_of(old) == "valkey" and engine_of(call.inputs) == "redis":
        yield "engine"
    if same_engine and before and after and after is not UNKNOWN and version_of(after) < version_of(before):
        yield "engineVersion"
    old_engine = before is not None and version_of(before) < (7, 0) and engine_of(old) == "redis"
    if old_engine and bool(old.get("transitEncryptionEnabled")) != bool(call.get("transitEncryptionEnabled")):
        yield "transitEncryptionEnabled"
    if [_shard(each) for each in old.get("nodeGroupConfigurations") or ()] != [
        _shard(each) for each in known(call, "nodeGroupConfigurations") or ()
    ]:
        yield "nodeGroupConfigurations"


def _shard(configuration: Plain) -> Plain:
    return {key: value for key, value in dict(configuration).items() if value is not None}


# ---------------------------------------------------------------------------------------------------------------
# Subnet groups, users
# ---------------------------------------------------------------------------------------------------------------


def _vpc_of_subnets(call: Call) -> str | None:
    return next(
        (vpc for subnet in call.get("subnetIds") or () if (vpc := output_of(call, SUBNET, subnet, "vpcId"))), None
    )


@rule("subnet-group-in-one-vpc", *APPLY, source=api("elasticache", "CreateCacheSubnetGroup"))
def subnets_of_one_vpc(call: Call) -> Iterator[Rejection]:
    vpc = _vpc_of_subnets(call)
    for at, subnet in located(call.inputs, "subnetIds[*]"):
        theirs = output_of(call, SUBNET, subnet, "vpcId")
        if theirs and theirs != vpc:
            yield Rejection(at, f"{subnet} belongs to {theirs}, the first subnet belongs to {vpc}", "InvalidSubnet")


@rule("subnet-group-is-not-empty", Stage.PLAN, source=api("elasticache", "CreateCacheSubnetGroup"))
def subnet_group_size(call: Call) -> Iterator[Rejection]:
    subnets = call.get("subnetIds")
    if isinstance(subnets, list) and not 1 <= len(subnets) <= 20:
        yield Rejection(
            "subnetIds", f"invalid number of subnets (got {len(subnets)}). Allowed: 1 to 20.", "InvalidParameterValue"
        )


@rule("user-has-one-authentication", Stage.PLAN, source=sdk("elasticache/user"))
def user_authentication(call: Call) -> Iterator[Rejection]:
    given = [
        path for path in ("passwords", "passwordsWo", "authenticationMode", "noPasswordRequired") if call.get(path)
    ]
    if not given and UNKNOWN not in (call.get(path) for path in ("passwords", "passwordsWo", "authenticationMode")):
        yield Rejection(
            "authenticationMode",
            "set exactly one of passwords, authenticationMode and noPasswordRequired",
            "InvalidParameterCombination",
        )
    for path in ("passwords[*]", "authenticationMode.passwords[*]"):
        for at, password in located(call.inputs, path):
            if isinstance(password, str) and not 16 <= len(password) <= 128:
                yield Rejection(
                    at,
                    f"invalid password length (got {len(password)} characters). Allowed: 16 to 128.",
                    "InvalidParameterValue",
                )
    if known(call, "authenticationMode.type") == "iam" and known(call, "userName") != known(call, "userId"):
        yield Rejection("userName", "with IAM, userName must equal userId", "InvalidParameterCombination")


@rule("user-group-has-default-user", *APPLY, source=api("elasticache", "CreateUserGroup"))
def default_user(call: Call) -> Iterator[Rejection]:
    names: list[str] = []
    for at, user in located(call.inputs, "userIds[*]"):
        found = next(call.nearby(USER, userId=user), None)
        name = str(found.outputs.get("userName")) if found else user
        if name in names:
            yield Rejection(at, f"two users are named '{name}'", "DuplicateUserName")
        names.append(name)
    if "default" not in names and engine_of(call.inputs) == "redis":
        yield Rejection(
            "userIds", "a redis user group requires a user whose userName is default", "DefaultUserRequired"
        )


# ---------------------------------------------------------------------------------------------------------------
# Computed outputs
# ---------------------------------------------------------------------------------------------------------------


def _suffix(call: Call) -> str:
    # Every host name of an account and region has the same part: "abc123.euw1".
    area, *middle, number = call.region.split("-")
    account = digest(f"{call.account}/{call.region}", 6)
    return f"{account}.{area}{''.join(part[0] for part in middle)}{number}.cache.amazonaws.com"


def _host(role: str) -> object:
    def host(call: Call) -> str:
        name = str(call.get("replicationGroupId")).lower()
        prefix = "master" if role == "primary" else "replica"
        if mode_of(call.inputs) == "enabled":
            return ""
        if call.get("transitEncryptionEnabled"):
            return f"{prefix}.{name}.{_suffix(call)}"
        return f"{name}{'' if role == 'primary' else '-ro'}.{_suffix(call).replace('.', '.ng.0001.', 1)}"

    return host


def _configuration_host(call: Call) -> str:
    name = str(call.get("replicationGroupId")).lower()
    return f"clustercfg.{name}.{_suffix(call)}" if is_sharded(call.inputs) else ""


def _members(call: Call) -> list[str]:
    name = str(call.get("replicationGroupId")).lower()
    if mode_of(call.inputs) != "enabled":
        return [f"{name}-{number:03d}" for number in range(1, nodes_of(call.inputs) + 1)]
    shards, replicas = call.get("numNodeGroups") or 1, call.get("replicasPerNodeGroup") or 0
    return [f"{name}-{shard:04d}-{node:03d}" for shard in range(1, shards + 1) for node in range(1, replicas + 2)]


def _version(call: Call) -> str:
    return call.get("engineVersion") or {"redis": "7.1", "valkey": "8.1"}[engine_of(call.inputs)]


def _actual_version(call: Call) -> str:
    version = _version(call)
    return _PATCHES.get(version, version if version.count(".") == 2 else f"{version}.0")


def _parameter_group(call: Call) -> str:
    suffix = ".cluster.on" if is_sharded(call.inputs) else ""
    return f"default.{family_of(engine_of(call.inputs), _version(call))}{suffix}"


def _valkey(call: Call) -> bool:
    return engine_of(call.inputs) == "valkey"


def _name(property: str, longest: int, taken: str, operation: str, *, automatic: bool = True) -> Name:
    return Name(
        property=property,
        longest=longest,
        pattern=_LOWER_HYPHENATED,
        allowed="letters, digits and hyphens, starting with a letter, without a trailing hyphen or two in a row",
        automatic=automatic,
        taken=taken,
        source=api("elasticache", operation),
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
        derived={"vpcId": _vpc_of_subnets},
        replaces=frozenset({"name"}),
        replace_source=created_only("AWS::ElastiCache::SubnetGroup"),
        name=_name("name", 255, "CacheSubnetGroupAlreadyExists", "CreateCacheSubnetGroup"),
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
        name=_name("name", 255, "CacheParameterGroupAlreadyExists", "CreateCacheParameterGroup"),
        quotas=(
            Quota(
                limit=300,
                per="region",
                what="cache parameter groups",
                code="CacheParameterGroupQuotaExceeded",
                source=QUOTAS,
            ),
        ),
    ),
    Behaviour(
        type=REPLICATION_GROUP,
        source=sdk("elasticache/replicationgroup"),
        id=lambda call: str(call.get("replicationGroupId")).lower(),
        outputs={
            "arn": lambda call: f"arn:aws:elasticache:{call.region}:{call.account}:replicationgroup:{call.id}",
            "applyImmediately": False,
            "atRestEncryptionEnabled": _valkey,
            "autoMinorVersionUpgrade": True,
            "automaticFailoverEnabled": False,
            "clusterMode": lambda call: "enabled" if is_sharded(call.inputs) else "disabled",
            "dataTieringEnabled": False,
            "durability": "disabled",
            "engine": "redis",
            "engineVersion": _version,
            "globalReplicationGroupId": "",
            "ipDiscovery": "ipv4",
            "maintenanceWindow": "sun:05:00-sun:06:00",
            "multiAzEnabled": False,
            "networkType": "ipv4",
            "nodeGroupConfigurations": [],
            "nodeType": "",
            "numNodeGroups": 1,
            "parameterGroupName": _parameter_group,
            "port": 6379,
            "securityGroupIds": [],
            "securityGroupNames": [],
            "snapshotRetentionLimit": 0,
            "snapshotWindow": "03:00-04:00",
            "subnetGroupName": "default",
            "transitEncryptionEnabled": False,
            "transitEncryptionMode": lambda call: "required" if call.get("transitEncryptionEnabled") else "",
        },
        derived={
            "primaryEndpointAddress": _host("primary"),
            "readerEndpointAddress": _host("reader"),
            "configurationEndpointAddress": _configuration_host,
            "clusterEnabled": lambda call: is_sharded(call.inputs),
            "engineVersionActual": _actual_version,
            "memberClusters": _members,
            "numCacheClusters": lambda call: nodes_of(call.inputs),
            "replicasPerNodeGroup": lambda call: (
                nodes_of(call.inputs) - 1
                if call.get("replicasPerNodeGroup") is None and not is_sharded(call.inputs)
                else call.get("replicasPerNodeGroup", 0)
            ),
        },
        replaces=frozenset(
            {
                "replicationGroupId",
                "atRestEncryptionEnabled",
                "kmsKeyId",
                "port",
                "subnetGroupName",
                "networkType",
                "dataTieringEnabled",
                "securityGroupNames",
                "snapshotArns",
                "snapshotName",
                "globalReplicationGroupId",
            }
        ),
        replaces_when=replication_group_replaced,
        replace_source=PROVIDER,
        enums={
            "engine": ("redis", "valkey"),
            "clusterMode": ("enabled", "disabled", "compatible"),
            "durability": ("default", "async", "sync", "disabled"),
            "ipDiscovery": ("ipv4", "ipv6"),
            "networkType": ("ipv4", "ipv6", "dual_stack"),
            "transitEncryptionMode": ("preferred", "required"),
            "authTokenUpdateStrategy": ("SET", "ROTATE", "DELETE"),
            "logDeliveryConfigurations[*].destinationType": ("cloudwatch-logs", "kinesis-firehose"),
            "logDeliveryConfigurations[*].logFormat": ("json", "text"),
            "logDeliveryConfigurations[*].logType": ("slow-log", "engine-log"),
        },
        ranges={
            "numCacheClusters": (1, 6),
            "numNodeGroups": (1, 500),
            "replicasPerNodeGroup": (0, 5),
            "snapshotRetentionLimit": (0, 35),
            "port": (1, 65535),
        },
        conflicts=(
            ("numCacheClusters", "numNodeGroups"),
            ("numCacheClusters", "replicasPerNodeGroup"),
            ("authToken", "userGroupIds"),
            ("authToken", "authTokenWo"),
            ("nodeGroupConfigurations", "preferredCacheClusterAzs"),
            ("globalReplicationGroupId", "nodeType"),
        ),
        requires={
            "authTokenWo": ("authTokenWoVersion",),
            "replicasPerNodeGroup": ("numNodeGroups",),
            "nodeGroupConfigurations": ("numNodeGroups",),
        },
        secrets=frozenset({"authToken"}),
        name=_name("replicationGroupId", 40, "ReplicationGroupAlreadyExists", "CreateReplicationGroup"),
        references=(
            Reference(
                path="subnetGroupName",
                to=SUBNET_GROUP,
                by="name",
                external="default",
                code="CacheSubnetGroupNotFoundFault",
                in_use="CacheSubnetGroupInUse",
                source=CREATE,
            ),
            Reference(
                path="parameterGroupName",
                to=PARAMETER_GROUP,
                by="name",
                external=r"default\..*",
                code="CacheParameterGroupNotFound",
                in_use="InvalidCacheParameterGroupState",
                source=CREATE,
            ),
            Reference(
                path="userGroupIds[*]",
                to=USER_GROUP,
                by="userGroupId",
                code="UserGroupNotFound",
                in_use="InvalidUserGroupState",
                source=CREATE,
            ),
            Reference(path="kmsKeyId", to="aws:kms/key:Key", by="arn", code="InvalidKMSKeyFault", source=CREATE),
            Reference(
                path="notificationTopicArn",
                to="aws:sns/topic:Topic",
                by="arn",
                code="InvalidParameterValue",
                holds=False,
                source=CREATE,
            ),
            to_security_group("securityGroupIds[*]", "InvalidParameterValue"),
        ),
        rules=(
            engine_version,
            node_type,
            failover,
            preferred_zones,
            auth_token,
            user_groups_inputs,
            token_strategy,
            token_to_users,
            cluster_mode_steps,
            cluster_mode_needs,
            encryption,
            windows,
            transit_steps,
            parameter_family,
            groups_in_vpc,
            zones_of_subnets,
            user_group_engine,
            log_destinations,
        ),
    ),
    Behaviour(
        type=USER,
        source=sdk("elasticache/user"),
        id=lambda call: str(call.get("userId")).lower(),
        outputs={
            "arn": "arn:aws:elasticache:{region}:{account}:user:{userId}",
            "authenticationMode": lambda call: {
                "type": "no-password" if call.get("noPasswordRequired") else "password",
                "passwordCount": len(call.get("passwords") or ()),
            },
            "noPasswordRequired": False,
        },
        replaces=frozenset({"userId", "userName"}),
        replace_source=created_only("AWS::ElastiCache::User"),
        enums={
            "engine": ("redis", "valkey", "REDIS", "VALKEY"),
            "authenticationMode.type": ("password", "iam", "no-password-required"),
        },
        conflicts=(
            ("passwords", "passwordsWo"),
            ("passwordsWo", "authenticationMode"),
            ("passwords", "authenticationMode"),
            ("noPasswordRequired", "passwords"),
        ),
        requires={"passwordsWo": ("passwordsWoVersion",)},
        secrets=frozenset({"passwords"}),
        name=_name("userId", 40, "UserAlreadyExists", "CreateUser", automatic=False),
        quotas=(Quota(limit=1000, per="region", what="ElastiCache users", code="UserQuotaExceeded", source=QUOTAS),),
        rules=(user_authentication,),
    ),
    Behaviour(
        type=USER_GROUP,
        source=sdk("elasticache/usergroup"),
        id=lambda call: str(call.get("userGroupId")).lower(),
        outputs={"arn": "arn:aws:elasticache:{region}:{account}:usergroup:{userGroupId}"},
        replaces=frozenset({"userGroupId"}),
        replace_source=created_only("AWS::ElastiCache::UserGroup"),
        enums={"engine": ("redis", "valkey", "REDIS", "VALKEY")},
        name=_name("userGroupId", 40, "UserGroupAlreadyExists", "CreateUserGroup", automatic=False),
        references=(
            Reference(
                path="userIds[*]",
                to=USER,
                by="userId",
                external="default",
                code="UserNotFound",
                in_use="InvalidUserState",
                source=api("elasticache", "CreateUserGroup"),
            ),
        ),
        quotas=(
            Quota(
                limit=100, per="region", what="ElastiCache user groups", code="UserGroupQuotaExceeded", source=QUOTAS
            ),
        ),
        rules=(default_user,),
    ),
)
