"""Tests of the behaviour rows of EKS: clusters, access, roles of pods, add-ons and node groups."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tierup.sandbox.aws.eks import ACCESS_ENTRY, ACCESS_POLICY, ADDON, CLUSTER, NODE_GROUP, POD_IDENTITY
from tierup.sandbox.aws.network import SUBNET, VPC
from tierup.sandbox.cloud import CloudResource

from .account import Account

ROLE = "aws:iam/role:Role"
INVALID = {"InvalidParameterException"}
DEPLOY = "arn:aws:iam::123456789012:role/deploy"
ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
POLICIES = (
    *("AmazonEKSBlockStoragePolicy", "AmazonEKSClusterPolicy", "AmazonEKSComputePolicy"),
    *("AmazonEKSLoadBalancingPolicy", "AmazonEKSNetworkingPolicy"),
)


def trust(service: str, *actions: str, **condition: Any) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions), **condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role(account: Account, name: str, document: str, policies: tuple[str, ...] = ()) -> str:
    made = account.make(ROLE, name, name=name, assumeRolePolicy=document)
    for policy in policies:
        arn = f"arn:aws:iam::aws:policy/{policy}"
        account.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", policy, role=name, policyArn=arn)
    return made.outputs["arn"]


class Region:
    """An account with a VPC, subnets in two zones, and the roles of a cluster in Auto Mode."""

    def __init__(self) -> None:
        self.account = Account()
        vpc = self.account.make(VPC, "vpc", cidrBlock="10.0.0.0/16")
        self.vpc_id = vpc.id
        self.subnets = [
            self.account.make(
                SUBNET, zone, vpcId=vpc.id, cidrBlock=f"10.0.{at}.0/24", availabilityZone=f"eu-west-1{zone}"
            ).id
            for at, zone in enumerate("ab")
        ]
        both = ("sts:AssumeRole", "sts:TagSession")
        self.role = role(self.account, "cluster", trust("eks.amazonaws.com", *both), POLICIES)
        self.node_role = role(self.account, "node", trust("ec2.amazonaws.com", "sts:AssumeRole"))

    def inputs(self, **changes: Any) -> dict[str, Any]:
        """Return the inputs of a cluster in Auto Mode."""
        return {
            "name": "app",
            "version": "1.35",
            "roleArn": self.role,
            "vpcConfig": {
                "subnetIds": self.subnets,
                "endpointPrivateAccess": True,
                "endpointPublicAccess": False,
            },
            "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
            "bootstrapSelfManagedAddons": False,
            "computeConfig": {"enabled": True, "nodePools": ["system"], "nodeRoleArn": self.node_role},
            "kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": True}},
            "storageConfig": {"blockStorage": {"enabled": True}},
            **changes,
        }

    def cluster(self, **changes: Any) -> CloudResource:
        return self.account.make(CLUSTER, "app", **self.inputs(**changes))

    def codes(self, **changes: Any) -> set[str]:
        return self.account.codes(CLUSTER, "app", **self.inputs(**changes))


@pytest.fixture
def region() -> Region:
    return Region()


def test_cluster_has_the_network_that_eks_creates(region: Region) -> None:
    cluster = region.cluster()

    config = cluster.outputs["vpcConfig"]
    assert cluster.outputs["arn"] == "arn:aws:eks:eu-west-1:123456789012:cluster/app"
    assert (config["vpcId"], config["publicAccessCidrs"]) == (region.vpc_id, [])
    rule = region.account.make(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "from-alb",
        securityGroupId=config["clusterSecurityGroupId"],
        ipProtocol="tcp",
        fromPort=3000,
        toPort=3000,
        cidrIpv4="10.0.0.0/16",
    )
    assert rule.id


@pytest.mark.parametrize(
    "changes",
    [
        {"storageConfig": {"blockStorage": {"enabled": False}}},
        {"kubernetesNetworkConfig": {"ipFamily": "ipv4"}},
        {"bootstrapSelfManagedAddons": True},
        {"computeConfig": {"enabled": True, "nodePools": ["system"]}},
        {"version": "1.20"},
        {"accessConfig": {"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": False}},
        {"roleArn": "arn:aws:iam::123456789012:role/none"},
        {
            "encryptionConfig": {
                "provider": {"keyArn": "arn:aws:kms:eu-west-1:123456789012:key/1"},
                "resources": ["secrets"],
            }
        },
    ],
)
def test_invalid_cluster_is_rejected(region: Region, changes: dict[str, Any]) -> None:
    assert region.codes(**changes) == INVALID


def test_cluster_without_an_endpoint_and_in_one_zone_is_rejected(region: Region) -> None:
    closed = {"subnetIds": region.subnets, "endpointPrivateAccess": False, "endpointPublicAccess": False}
    one_zone = {"subnetIds": region.subnets[:1], "endpointPrivateAccess": True}

    assert region.codes(vpcConfig=closed) == INVALID
    assert region.codes(vpcConfig=one_zone) == INVALID


def test_cluster_role_needs_trust_session_tags_and_policies(region: Region) -> None:
    both = ("sts:AssumeRole", "sts:TagSession")
    other = role(region.account, "other", trust("ec2.amazonaws.com", *both), POLICIES)
    untagged = role(region.account, "untagged", trust("eks.amazonaws.com", "sts:AssumeRole"), POLICIES)
    bare = role(region.account, "bare", trust("eks.amazonaws.com", *both))

    assert region.codes(roleArn=other) == INVALID
    assert region.codes(roleArn=untagged) == INVALID
    assert region.codes(roleArn=bare) == INVALID


def test_changes_that_replace_and_changes_that_eks_refuses(region: Region) -> None:
    account, cluster = region.account, region.cluster()
    second = role(account, "second", trust("ec2.amazonaws.com", "sts:AssumeRole"))
    compute = {"enabled": True, "nodePools": ["system"], "nodeRoleArn": second}
    config_map = {"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": False}

    assert account.replaced_by(cluster, **region.inputs(computeConfig=compute)) == {"computeConfig.nodeRoleArn"}
    assert account.replaced_by(cluster, **region.inputs(name="other")) == {"name"}
    assert not account.replaced_by(cluster, **region.inputs(deletionProtection=True))
    assert account.change_codes(cluster, **region.inputs(version="1.34")) == INVALID
    assert account.change_codes(cluster, **region.inputs(accessConfig=config_map)) == INVALID


def test_protected_cluster_is_not_deleted(region: Region) -> None:
    cluster = region.cluster(deletionProtection=True)

    assert region.account.delete_codes(cluster) == {"InvalidRequestException"}
    after = region.account.change(cluster, **region.inputs(deletionProtection=False))
    assert region.account.delete_codes(after) == set()


def test_access_policy_needs_an_entry_of_its_principal(region: Region) -> None:
    account = region.account
    region.cluster()
    policy = {"clusterName": "app", "principalArn": DEPLOY, "policyArn": ADMIN, "accessScope": {"type": "cluster"}}

    assert account.codes(ACCESS_POLICY, **policy) == {"ResourceNotFoundException"}
    entry = account.make(ACCESS_ENTRY, clusterName="app", principalArn=DEPLOY)
    association = account.make(ACCESS_POLICY, **policy)
    assert (entry.id, association.id) == (f"app:{DEPLOY}", f"app#{DEPLOY}#{ADMIN}")
    assert account.codes(ACCESS_ENTRY, "again", clusterName="app", principalArn=DEPLOY) == {"ResourceInUseException"}
    assert account.codes(ACCESS_ENTRY, "node", clusterName="app", principalArn=region.node_role) == {
        "ResourceInUseException"
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
        {"accessScope": {"type": "namespace"}},
        {"accessScope": {"type": "cluster", "namespaces": ["app"]}},
    ],
)
def test_invalid_access_policy_is_rejected(region: Region, changes: dict[str, Any]) -> None:
    region.cluster()
    region.account.make(ACCESS_ENTRY, clusterName="app", principalArn=DEPLOY)
    valid = {"clusterName": "app", "principalArn": DEPLOY, "policyArn": ADMIN, "accessScope": {"type": "cluster"}}

    assert region.account.codes(ACCESS_POLICY, **{**valid, **changes}) == INVALID


def test_cluster_of_the_config_map_has_no_access_entries(region: Region) -> None:
    region.cluster(accessConfig={"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": True})

    codes = region.account.codes(ACCESS_ENTRY, clusterName="app", principalArn=DEPLOY)
    assert codes == {"InvalidRequestException"}


@pytest.mark.parametrize(
    "changes",
    [
        {"principalArn": "arn:aws:sts::123456789012:assumed-role/deploy/me"},
        {"kubernetesGroups": ["system:masters"]},
        {"type": "EC2_LINUX", "kubernetesGroups": ["nodes"]},
    ],
)
def test_invalid_access_entry_is_rejected(region: Region, changes: dict[str, Any]) -> None:
    region.cluster()

    assert region.account.codes(ACCESS_ENTRY, **{"clusterName": "app", "principalArn": DEPLOY, **changes}) == INVALID


def test_pod_role_must_trust_pods_of_its_service_account(region: Region) -> None:
    account, cluster = region.account, region.cluster()
    both = ("sts:AssumeRole", "sts:TagSession")

    def condition(service_account: str) -> dict[str, Any]:
        tags = {
            "aws:RequestTag/eks-cluster-arn": cluster.outputs["arn"],
            "aws:RequestTag/kubernetes-service-account": service_account,
        }
        return {"Condition": {"StringEquals": tags}}

    right = role(account, "right", trust("pods.eks.amazonaws.com", *both, **condition("backend")))
    wrong = role(account, "wrong", trust("pods.eks.amazonaws.com", *both, **condition("worker")))
    tasks = role(account, "tasks", trust("ecs-tasks.amazonaws.com", *both))
    pods = {"clusterName": "app", "namespace": "app", "serviceAccount": "backend"}

    assert account.codes(POD_IDENTITY, **pods, roleArn=tasks) == INVALID
    assert account.codes(POD_IDENTITY, **pods, roleArn=wrong) == INVALID
    made = account.make(POD_IDENTITY, **pods, roleArn=right)
    assert made.outputs["associationId"] == made.id
    assert account.codes(POD_IDENTITY, "again", **pods, roleArn=right) == {"ResourceInUseException"}
    assert account.replaced_by(made, **{**pods, "namespace": "other"}, roleArn=right) == {"namespace"}


def test_addon_is_installed_once(region: Region) -> None:
    account = region.account
    region.cluster()
    metrics = {"clusterName": "app", "addonName": "metrics-server", "addonVersion": "v0.8.1-eksbuild.5"}
    addon = account.make(ADDON, **metrics)

    assert addon.id == "app:metrics-server"
    assert account.codes(ADDON, "again", **metrics) == {"ResourceInUseException"}


@pytest.mark.parametrize(
    "changes",
    [
        {"addonName": "metric-server"},
        {"addonName": "vpc-cni"},
        {"addonVersion": "latest"},
        {"configurationValues": "{replicas"},
    ],
)
def test_invalid_addon_is_rejected(region: Region, changes: dict[str, Any]) -> None:
    region.cluster()
    valid = {"clusterName": "app", "addonName": "metrics-server", "addonVersion": "v0.8.1-eksbuild.5"}

    assert region.account.codes(ADDON, **{**valid, **changes}) == INVALID


def _group(region: Region, **changes: Any) -> dict[str, Any]:
    return {
        "clusterName": "app",
        "nodeGroupName": "apps",
        "nodeRoleArn": region.node_role,
        "subnetIds": region.subnets,
        "amiType": "AL2023_ARM_64_STANDARD",
        "instanceTypes": ["m7g.large"],
        "scalingConfig": {"minSize": 2, "desiredSize": 2, "maxSize": 6},
        **changes,
    }


def test_node_group_keeps_its_cluster(region: Region) -> None:
    cluster = region.cluster()
    arn = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"
    region.account.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "nodes", role="node", policyArn=arn)
    group = region.account.make(NODE_GROUP, **_group(region))

    assert group.id == "app:apps"
    assert "ResourceInUseException" in region.account.delete_codes(cluster)
    assert region.account.replaced_by(group, **_group(region, capacityType="SPOT")) == {"capacityType"}


@pytest.mark.parametrize(
    "changes",
    [
        {"scalingConfig": {"minSize": 3, "desiredSize": 2, "maxSize": 6}},
        {"scalingConfig": {"minSize": 1, "desiredSize": 7, "maxSize": 6}},
        {"instanceTypes": ["m7i.large"]},
        {"amiType": "AL2023_x86_64_STANDARD"},
    ],
)
def test_invalid_node_group_is_rejected(region: Region, changes: dict[str, Any]) -> None:
    region.cluster()

    assert region.account.codes(NODE_GROUP, **_group(region, **changes)) == INVALID
