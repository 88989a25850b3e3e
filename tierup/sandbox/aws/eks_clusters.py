"""EKS: clusters, their roles, network, versions, Auto Mode and deletion protection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Call, Quota, Rejection, Stage, assumed, documented, located, rule
from .access.needs import untrusted_service
from .eks import (
    AUTO_MODE_ROLES,
    CLUSTER,
    INVALID,
    INVALID_REQUEST,
    NODE_GROUP,
    VERSIONS,
    VERSIONS_SOURCE,
    auto_mode,
    managed_policies_of,
    name_of,
    provider_page,
    untrusted,
)
from .iam import to_role
from .kms import key_exists
from .network import SUBNET, subnets_in_vpc, to_security_group, to_subnet, vpc_of_subnets
from .same_scope import known
from .sources import api, quoted, sdk

_MODES = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")
_AUTO_MODE = provider_page("cluster.go, validateAutoModeCustomizeDiff")
_CLUSTER_POLICY = "AmazonEKSClusterPolicy"
_AUTO_POLICIES = (
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)


@rule("auto-mode-enables-three-capabilities-together", Stage.PLAN, source=_AUTO_MODE)
def three_together(call: Call) -> Iterator[Rejection]:
    paths = (
        "computeConfig.enabled",
        "kubernetesNetworkConfig.elasticLoadBalancing.enabled",
        "storageConfig.blockStorage.enabled",
    )
    values = [call.get(path) for path in paths]
    if UNKNOWN not in values and len({value is True for value in values}) > 1:
        yield Rejection(
            paths[values.index(True)],
            f"{', '.join(paths)} must all be set to either true or false",
            INVALID,
        )


@rule("auto-mode-brings-its-own-addons", Stage.CREATE, source=quoted("bootstrapSelfManagedAddons must be set to false"))
def own_addons(call: Call) -> Iterator[Rejection]:
    if auto_mode(call.inputs) and call.get("bootstrapSelfManagedAddons") is not False:
        yield Rejection(
            "bootstrapSelfManagedAddons",
            "When EKS Auto Mode is enabled, bootstrapSelfManagedAddons must be set to false",
            INVALID,
        )


@rule("built-in-node-pools-need-a-role", Stage.PLAN, source=api("eks", "ComputeConfigRequest"))
def node_pools(call: Call) -> Iterator[Rejection]:
    pools, role = call.get("computeConfig.nodePools"), call.get("computeConfig.nodeRoleArn")
    if isinstance(pools, list) and bool(pools) != (role is not None):
        yield Rejection(
            "computeConfig.nodeRoleArn",
            "nodePools and nodeRoleArn must both be set, or neither: EKS gives the role to the nodes of the pools",
            INVALID,
        )


@rule("cluster-role-trusts-eks", Stage.CREATE, source=AUTO_MODE_ROLES)
def trusted(call: Call) -> Iterator[Rejection]:
    message = "Role could not be assumed because the trusted entity is not correct"
    if not auto_mode(call.inputs):
        cluster = f"arn:aws:eks:{call.region}:{call.account}:cluster/{call.get('name')}"
        yield from untrusted_service(call, "roleArn", "eks.amazonaws.com", message, INVALID, source_arn=cluster)
        return
    yield from untrusted(call, "roleArn", "eks.amazonaws.com", message)
    path = "computeConfig.nodeRoleArn"
    yield from untrusted_service(call, path, "ec2.amazonaws.com", "The node role could not be assumed", INVALID)


@rule("cluster-role-has-the-managed-policies", Stage.CREATE, source=provider_page("cluster.go, resourceClusterCreate"))
def has_policies(call: Call) -> Iterator[Rejection]:
    if call.get("outpostConfig"):
        return  # a local cluster on an Outpost has another policy: AmazonEKSLocalOutpostClusterPolicy
    attached = managed_policies_of(call, call.get("roleArn"))
    wanted = (_CLUSTER_POLICY, *(_AUTO_POLICIES if auto_mode(call.inputs) else ()))
    for policy in wanted:
        if attached is not None and policy not in attached:
            yield Rejection(
                "roleArn",
                "The provided role doesn't have the Amazon EKS Managed Policies associated with it. Please ensure the"
                f" following policy is attached: arn:aws:iam::aws:policy/{policy}",
                INVALID,
                retried=True,
            )


@rule(
    "cluster-subnets-are-in-two-zones",
    Stage.CREATE,
    Stage.UPDATE,
    source=documented(
        "https://docs.aws.amazon.com/eks/latest/userguide/network_reqs.html (stored copy)", read="2026-11-28"
    ),
)
def two_zones(call: Call) -> Iterator[Rejection]:
    subnets = list(located(call.inputs, "vpcConfig.subnetIds[*]"))
    found = [call.cloud.get(SUBNET, str(subnet)) for _, subnet in subnets]
    zones = {each.outputs.get("availabilityZone") for each in found if each is not None}
    if None not in found and len(zones) < 2:
        yield Rejection(
            "vpcConfig.subnetIds",
            "Subnets specified must be in at least two different AZs"
            f" (got {', '.join(sorted(str(zone) for zone in zones))})",
            INVALID,
        )
    vpc = vpc_of_subnets(call, subnets)
    yield from subnets_in_vpc(call, subnets, vpc, code=INVALID)
    if call.this is not None and vpc != (call.this.outputs.get("vpcConfig") or {}).get("vpcId"):
        yield Rejection("vpcConfig.subnetIds", "Provided subnets belong to another VPC than the cluster", INVALID)


@rule(
    "kubernetes-api-has-an-endpoint",
    Stage.CREATE,
    Stage.UPDATE,
    source=quoted("Private and public endpoint access cannot be false"),
)
def some_endpoint(call: Call) -> Iterator[Rejection]:
    public = call.get("vpcConfig.endpointPublicAccess") is not False
    if not public and call.get("vpcConfig.endpointPrivateAccess") is not True:
        yield Rejection(
            "vpcConfig.endpointPrivateAccess", "Private and public endpoint access cannot be false", INVALID
        )


@rule("kubernetes-version-is-offered", Stage.PLAN, source=VERSIONS_SOURCE)
def version_offered(call: Call) -> Iterator[Rejection]:
    version = known(call, "version")
    if version is not None and version not in VERSIONS:
        yield Rejection(
            "version", f"unsupported Kubernetes version (got {version}). Offered are {', '.join(VERSIONS)}.", INVALID
        )


@rule(
    "kubernetes-version-rises-by-one",
    Stage.UPDATE,
    source=documented(
        "https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html (one minor version at a time, and no"
        " downgrade)",
        read="2026-11-28",
    ),
)
def version_step(call: Call) -> Iterator[Rejection]:
    before, after = str((call.old or {}).get("version") or ""), str(call.get("version") or "")
    if before and after and before != after and _minor(after) != _minor(before) + 1:
        yield Rejection("version", f"Unsupported Kubernetes minor version update from {before} to {after}", INVALID)


def _minor(version: str) -> int:
    minor = version.partition(".")[2]
    return int(minor) if minor.isdigit() else -1


@rule(
    "authentication-mode-only-moves-to-api",
    Stage.UPDATE,
    source=documented("https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2881", read="2026-11-28"),
)
def mode_step(call: Call) -> Iterator[Rejection]:
    old = ((call.old or {}).get("accessConfig") or {}).get("authenticationMode", "CONFIG_MAP")
    new = call.get("accessConfig.authenticationMode", old)
    if old in _MODES and new in _MODES and _MODES.index(new) not in (_MODES.index(old), _MODES.index(old) + 1):
        yield Rejection(
            "accessConfig.authenticationMode",
            f"Unsupported authentication mode update from {old} to {new}",
            INVALID,
        )


@rule(
    "config-map-mode-needs-the-creator",
    Stage.CREATE,
    source=documented("https://github.com/terraform-aws-modules/terraform-aws-eks/issues/3026", read="2026-11-28"),
)
def creator(call: Call) -> Iterator[Rejection]:
    mode = call.get("accessConfig.authenticationMode", "CONFIG_MAP")
    if mode == "CONFIG_MAP" and call.get("accessConfig.bootstrapClusterCreatorAdminPermissions") is False:
        yield Rejection(
            "accessConfig.bootstrapClusterCreatorAdminPermissions",
            "bootstrapClusterCreatorAdminPermissions must be true if cluster authentication mode is set to CONFIG_MAP",
            INVALID,
        )


@rule("protected-cluster-is-not-deleted", Stage.DELETE, source=api("eks", "DeleteCluster"))
def protected(call: Call) -> Iterator[Rejection]:
    if call.this is not None and call.this.outputs.get("deletionProtection") is True:
        yield Rejection(
            "deletionProtection",
            f"Cluster {call.this.id} has deletion protection enabled. Disable it with an update first.",
            INVALID_REQUEST,
        )
    for group in call.cloud.find(NODE_GROUP, clusterName=call.this.id if call.this else None):
        yield Rejection(
            "", f"Cluster has nodegroups attached: {group.outputs.get('nodeGroupName')}", "ResourceInUseException"
        )


def _replaces(call: Call) -> Iterable[str]:
    """Yield what the provider's CustomizeDiff replaces for: encryption removed, and another node role."""
    old = call.old or {}
    if old.get("encryptionConfig") and call.inputs.get("encryptionConfig") is None:
        yield "encryptionConfig"
    before = (old.get("computeConfig") or {}).get("nodeRoleArn")
    after = call.get("computeConfig.nodeRoleArn")
    if before and after and after is not UNKNOWN and before != after:
        yield "computeConfig.nodeRoleArn"


def _network(call: Call) -> dict[str, Any]:
    given = dict(call.inputs.get("vpcConfig") or {})
    public = given.get("endpointPublicAccess", True)
    return {
        "endpointPrivateAccess": False,
        "endpointPublicAccess": True,
        "publicAccessCidrs": ["0.0.0.0/0"] if public else [],
        **given,
        "clusterSecurityGroupId": f"sg-{call.hex(17, 'group')}",
        "vpcId": vpc_of_subnets(call, located(call.inputs, "vpcConfig.subnetIds[*]")),
    }


def _kubernetes_network(call: Call) -> dict[str, Any]:
    given = dict(call.inputs.get("kubernetesNetworkConfig") or {})
    return {
        "elasticLoadBalancing": {"enabled": False},
        "ipFamily": "ipv4",
        "serviceIpv4Cidr": "172.20.0.0/16",
        "serviceIpv6Cidr": "",
        **given,
    }


def _identities(call: Call) -> list[dict[str, Any]]:
    issuer = f"https://oidc.eks.{call.region}.amazonaws.com/id/{call.hex(32, 'endpoint').upper()}"
    return [{"oidcs": [{"issuer": issuer}]}]


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=CLUSTER,
        source=sdk("eks/cluster"),
        id="{name}",
        outputs={
            "arn": "arn:aws:eks:{region}:{account}:cluster/{name}",
            "accessConfig": {"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": True},
            "bootstrapSelfManagedAddons": True,
            "certificateAuthority": {"data": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"},
            "clusterId": "",  # of local clusters on Outposts only
            "computeConfig": {"enabled": False, "nodePools": [], "nodeRoleArn": ""},
            "createdAt": "2026-11-28T00:00:00Z",
            "deletionProtection": False,
            "endpoint": lambda call: f"https://{call.hex(32, 'endpoint').upper()}.gr7.{call.region}.eks.amazonaws.com",
            "identities": _identities,
            "platformVersion": "eks.20",
            "status": "ACTIVE",
            "storageConfig": {"blockStorage": {"enabled": False}},
            "upgradePolicy": {"supportType": "EXTENDED"},
            "version": "1.35",
        },
        derived={"vpcConfig": _network, "kubernetesNetworkConfig": _kubernetes_network},
        replaces=frozenset(
            {
                "name",
                "roleArn",
                "bootstrapSelfManagedAddons",
                "accessConfig.bootstrapClusterCreatorAdminPermissions",
                "kubernetesNetworkConfig.ipFamily",
                "kubernetesNetworkConfig.serviceIpv4Cidr",
                "outpostConfig",
            }
        ),
        replaces_when=_replaces,
        replace_source=provider_page("cluster.go"),
        keeps=frozenset({"version", "accessConfig", "upgradePolicy", "computeConfig", "storageConfig"}),
        enums={
            "accessConfig.authenticationMode": _MODES,
            "computeConfig.nodePools[*]": ("general-purpose", "system"),
            "enabledClusterLogTypes[*]": ("api", "audit", "authenticator", "controllerManager", "scheduler"),
            "encryptionConfig.resources[*]": ("secrets",),
            "kubernetesNetworkConfig.ipFamily": ("ipv4", "ipv6"),
            "upgradePolicy.supportType": ("STANDARD", "EXTENDED"),
        },
        name=name_of("name", 100, "ClusterName", unique="region"),
        references=(
            to_role("roleArn", code=INVALID, source=provider_page("cluster.go, resourceClusterCreate")),
            to_role("computeConfig.nodeRoleArn", code=INVALID, source=api("eks", "ComputeConfigRequest")),
            to_subnet("vpcConfig.subnetIds[*]", INVALID),
            to_security_group("vpcConfig.securityGroupIds[*]", INVALID),
        ),
        quotas=(
            Quota(
                limit=100,
                per="region",
                what="EKS clusters per Region",
                code="ResourceLimitExceededException",
                source=assumed("from memory; page to check: .../eks/latest/userguide/service-quotas.html"),
            ),
        ),
        rules=(
            three_together,
            own_addons,
            node_pools,
            trusted,
            has_policies,
            two_zones,
            some_endpoint,
            version_offered,
            version_step,
            mode_step,
            creator,
            protected,
            key_exists("encryptionConfig.provider.keyArn", INVALID),
        ),
    ),
)
