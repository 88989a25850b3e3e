"""Tests of the behaviour rows of RDS and Aurora."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.network import SECURITY_GROUP, SUBNET
from tierup.sandbox.aws.rds import CLUSTER, CLUSTER_INSTANCE, INSTANCE, PARAMETER_GROUP, SUBNET_GROUP
from tierup.sandbox.behaviour import UNKNOWN

from .account import Account

PASSWORD = "correct-horse-battery"  # pragma: allowlist secret


@pytest.fixture
def account() -> Account:
    account = Account()
    for zone in "ab":
        account.add_existing(SUBNET, f"subnet-{zone}", vpcId="vpc-1", availabilityZone=f"eu-west-1{zone}")
    account.add_existing(SECURITY_GROUP, "sg-1", vpcId="vpc-1")
    account.add_existing(SECURITY_GROUP, "sg-2", vpcId="vpc-2")
    account.make(SUBNET_GROUP, "data", name="data", subnetIds=["subnet-a", "subnet-b"])
    return account


def instance(**changes: Any) -> dict[str, Any]:
    given = {
        "engine": "postgres",
        "engineVersion": "16.4",
        "instanceClass": "db.t4g.micro",
        "allocatedStorage": 20,
        "username": "app",
        "password": PASSWORD,
        "dbSubnetGroupName": "data",
        "vpcSecurityGroupIds": ["sg-1"],
        "skipFinalSnapshot": True,
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def cluster(**changes: Any) -> dict[str, Any]:
    given = {
        "engine": "aurora-postgresql",
        "masterUsername": "app",
        "masterPassword": PASSWORD,
        "clusterIdentifier": "c",
    }
    return {name: value for name, value in {**given, **changes}.items() if value is not None}


def test_instance_has_endpoint_and_port(account: Account) -> None:
    made = account.make(INSTANCE, "db", identifier="db", **instance())

    assert made.outputs["port"] == 5432
    assert made.outputs["endpoint"] == f"{made.outputs['address']}:5432"
    assert made.outputs["address"].startswith("db.")
    assert account.replaced_by(made, engine="mysql") == {"engine"}
    assert account.replaced_by(made, storageEncrypted=True) == {"storageEncrypted"}
    assert not account.replaced_by(made, instanceClass="db.t4g.small")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"engine": "postgresql"}, "engine"),
        ({"engine": "aurora-mysql"}, "engine"),
        ({"engine": None}, "engine"),
        ({"allocatedStorage": None}, "allocatedStorage"),
        ({"allocatedStorage": 4}, "allocatedStorage"),
        ({"username": None}, "username"),
        ({"username": "admin"}, "username"),
        ({"username": "1app"}, "username"),
        ({"password": None}, "password"),
        ({"password": "short"}, "password"),
        ({"password": "with a space and @"}, "password"),
        ({"manageMasterUserPassword": True}, "manageMasterUserPassword"),
        ({"instanceClass": "t4g.micro"}, "instanceClass"),
        ({"storageType": "io1", "allocatedStorage": 100}, "iops"),
        ({"storageType": "gp2", "iops": 3000}, "iops"),
        ({"maxAllocatedStorage": 10}, "maxAllocatedStorage"),
        ({"multiAz": True, "availabilityZone": "eu-west-1a"}, "availabilityZone"),
        ({"monitoringInterval": 60}, "monitoringRoleArn"),
        ({"performanceInsightsRetentionPeriod": 30}, "performanceInsightsRetentionPeriod"),
        ({"backupRetentionPeriod": 36}, "backupRetentionPeriod"),
        ({"backupWindow": "3:00-4:00"}, "backupWindow"),
        ({"maintenanceWindow": "sunday:05:00-06:00"}, "maintenanceWindow"),
        ({"dbSubnetGroupName": "other"}, "dbSubnetGroupName"),
        ({"vpcSecurityGroupIds": ["sg-2"]}, "vpcSecurityGroupIds[0]"),
        ({"identifier": "Upper"}, "identifier"),
        ({"identifier": "two--hyphens"}, "identifier"),
    ],
)
def test_invalid_instance_is_rejected(account: Account, changes: dict[str, Any], path: str) -> None:
    assert path in [rejection.path for rejection in account.rejections(INSTANCE, "db", **instance(**changes))]


def test_managed_password_has_a_secret(account: Account) -> None:
    managed = account.make(INSTANCE, "db", **instance(password=None, manageMasterUserPassword=True))
    own = account.make(INSTANCE, "own", **instance())

    assert managed.outputs["masterUserSecrets"][0]["secretArn"].startswith(
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-"
    )
    assert own.outputs["masterUserSecrets"] == []


def test_rotation_of_a_managed_password_can_be_scheduled(account: Account) -> None:
    database = account.make(INSTANCE, "db", **instance(password=None, manageMasterUserPassword=True))
    arn = database.outputs["masterUserSecrets"][0]["secretArn"]
    schedule = {"rotationRules": {"automaticallyAfterDays": 30}}
    assert not account.codes("aws:secretsmanager/secretRotation:SecretRotation", secretId=arn, **schedule)
    assert account.codes("aws:secretsmanager/secretVersion:SecretVersion", secretId=arn, secretString="x") == {
        "ResourceNotFoundException"
    }


OTHER_ACCOUNT = "arn:aws:rds:eu-west-1:210987654321:db:other"


@pytest.mark.parametrize(
    "changes",
    [
        {"password": None, "manageMasterUserPassword": True},
        {**dict.fromkeys(("engine", "username", "password", "allocatedStorage")), "replicateSourceDb": OTHER_ACCOUNT},
        {"storageType": "gp3", "allocatedStorage": 400, "iops": 12_000},
        {"performanceInsightsRetentionPeriod": 62},
        {"maintenanceWindow": "Sun:05:00-Sun:06:00", "backupWindow": "03:00-04:00"},
        {"instanceClass": "db.r6i.8xlarge.tpc2.mem4x", "engine": "oracle-ee"},
    ],
)
def test_valid_instance_is_accepted(account: Account, changes: dict[str, Any]) -> None:
    assert account.rejections(INSTANCE, "db", **instance(**changes)) == []


def test_instance_without_final_snapshot_cannot_be_deleted(account: Account) -> None:
    made = account.make(INSTANCE, "db", **instance(skipFinalSnapshot=False))
    assert account.delete_codes(made) == {"MissingInput"}
    kept = account.make(INSTANCE, "kept", **instance(deletionProtection=True))
    assert account.delete_codes(kept) == {"InvalidParameterCombination"}


def test_storage_cannot_shrink(account: Account) -> None:
    made = account.make(INSTANCE, "db", **instance(allocatedStorage=100))
    assert account.change_codes(made, **instance(allocatedStorage=50)) == {"InvalidParameterCombination"}


def test_subnet_group_needs_two_zones_of_one_vpc(account: Account) -> None:
    assert account.codes(SUBNET_GROUP, "one", name="one", subnetIds=["subnet-a"]) == {
        "DBSubnetGroupDoesNotCoverEnoughAZs"
    }
    assert account.planned(SUBNET_GROUP, "later", name="later", subnetIds=[UNKNOWN]) == []
    assert account.codes(SUBNET_GROUP, "loud", name="Loud", subnetIds=["subnet-a", "subnet-b"])


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"engine": "aurora"}, "engine"),
        ({"masterUsername": None}, "masterUsername"),
        ({"masterPassword": None}, "masterPassword"),
        ({"masterPassword": "short"}, "masterPassword"),
        ({"engine": "aurora-mysql", "backtrackWindow": 300_000}, "backtrackWindow"),
    ],
)
def test_invalid_cluster_is_rejected(account: Account, changes: dict[str, Any], path: str) -> None:
    assert [rejection.path for rejection in account.rejections(CLUSTER, "c", **cluster(**changes))] == [path]


def test_cluster_instance_follows_its_cluster(account: Account) -> None:
    account.make(CLUSTER, "c", **cluster())
    member = {"clusterIdentifier": "c", "engine": "aurora-postgresql", "instanceClass": "db.r7g.large"}

    assert account.rejections(CLUSTER_INSTANCE, "one", **member) == []
    assert [r.path for r in account.rejections(CLUSTER_INSTANCE, "one", **{**member, "engine": "aurora-mysql"})] == [
        "engine"
    ]
    serverless = {**member, "instanceClass": "db.serverless"}
    assert [r.path for r in account.rejections(CLUSTER_INSTANCE, "one", **serverless)] == ["instanceClass"]
    assert account.codes(CLUSTER_INSTANCE, "one", **{**member, "clusterIdentifier": "other"}) == {
        "DBClusterNotFoundFault"
    }


@pytest.mark.parametrize(("family", "valid"), [("postgres16", True), ("postgres", False), ("postgresql16", False)])
def test_family_of_a_parameter_group_is_checked(account: Account, family: str, valid: bool) -> None:
    rejections = account.rejections(PARAMETER_GROUP, "p", name="p", family=family)
    assert ([rejection.path for rejection in rejections] == []) is valid
