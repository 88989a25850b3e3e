"""Functions of AWS that public programs call, answered from the sandbox's resources."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.cloud import Cloud
from tierup.sandbox.registry import Configuration, InvokeError, registry
from tierup.sandbox.seeding import seed

CONFIGURATION = Configuration(region="eu-west-1", account="123456789012")
VPC, SUBNET = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def call(cloud: Cloud, function: str, **arguments: Any) -> Any:
    return registry().invoke(f"aws:{function}:{function.rpartition('/')[2]}", arguments, cloud, CONFIGURATION)


def test_default_vpc_exists_with_a_subnet_in_each_zone(cloud: Cloud) -> None:
    vpc = call(cloud, "ec2/getVpc", default=True)
    assert (vpc["default"], vpc["cidrBlock"]) == (True, "172.31.0.0/16")
    subnets = call(cloud, "ec2/getSubnets", filters=[{"name": "vpc-id", "values": [vpc["id"]]}])
    assert len(subnets["ids"]) == 3
    zones = {call(cloud, "ec2/getSubnet", id=id)["availabilityZone"] for id in subnets["ids"]}
    assert zones == {"eu-west-1a", "eu-west-1b", "eu-west-1c"}
    assert call(cloud, "ec2/getVpc", default=True)["id"] == vpc["id"]


def test_own_vpc_is_not_the_default_one(cloud: Cloud) -> None:
    seed(cloud, VPC, "vpc-1", {"cidrBlock": "10.0.0.0/16"})
    assert call(cloud, "ec2/getVpc", id="vpc-1")["default"] is False
    assert call(cloud, "ec2/getVpc", default=True)["id"] != "vpc-1"


@pytest.mark.parametrize(
    "arguments",
    [
        {"id": "vpc-1"},
        {"tags": {"Name": "main"}},
        {"cidrBlock": "10.0.0.0/16"},
        {"filters": [{"name": "tag:Name", "values": ["ma*"]}]},
        {"filters": [{"name": "vpc-id", "values": ["vpc-1"]}]},
        {"filters": [{"name": "cidr", "values": ["10.0.0.0/16"]}]},
    ],
)
def test_vpc_is_found_by(cloud: Cloud, arguments: dict[str, Any]) -> None:
    seed(cloud, VPC, "vpc-1", {"cidrBlock": "10.0.0.0/16", "tags": {"Name": "main"}})
    seed(cloud, VPC, "vpc-2", {"cidrBlock": "10.1.0.0/16", "tags": {"Name": "other"}})
    assert call(cloud, "ec2/getVpc", **arguments)["id"] == "vpc-1"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"tags": {"Name": "none"}}, "no matching EC2 VPC found"), ({"state": "available"}, "multiple EC2 VPCs matched")],
)
def test_ambiguous_or_missing_vpc_is_reported(cloud: Cloud, arguments: dict[str, Any], message: str) -> None:
    seed(cloud, VPC, "vpc-1", {})
    seed(cloud, VPC, "vpc-2", {})
    with pytest.raises(InvokeError, match=message):
        call(cloud, "ec2/getVpc", **arguments)


def test_subnets_are_listed_by_filters_and_tags(cloud: Cloud) -> None:
    for number, zone in enumerate("ab"):
        inputs = {"vpcId": "vpc-1", "cidrBlock": f"10.0.{number}.0/24", "tags": {"tier": zone}}
        seed(cloud, SUBNET, f"subnet-{zone}", {**inputs, "availabilityZone": f"eu-west-1{zone}"})
    by_vpc = [{"name": "vpc-id", "values": ["vpc-1"]}]
    assert call(cloud, "ec2/getSubnets", filters=by_vpc)["ids"] == ["subnet-a", "subnet-b"]
    assert call(cloud, "ec2/getSubnets", filters=by_vpc, tags={"tier": "b"})["ids"] == ["subnet-b"]
    zone = [{"name": "availability-zone", "values": ["eu-west-1a"]}]
    assert call(cloud, "ec2/getSubnets", filters=zone)["ids"] == ["subnet-a"]


def test_image_has_the_same_id_for_the_same_criteria(cloud: Cloud) -> None:
    criteria = {"owners": ["amazon"], "mostRecent": True, "filters": [{"name": "name", "values": ["al2023-*-arm64"]}]}
    image = call(cloud, "ec2/getAmi", **criteria)
    assert image["id"].startswith("ami-")
    assert image["architecture"] == "arm64"
    assert call(cloud, "ec2/getAmi", **criteria)["id"] == image["id"]
    assert call(cloud, "ec2/getAmi", owners=["self"])["id"] != image["id"]


def test_policies_of_aws_exist_and_own_ones_are_looked_up(cloud: Cloud) -> None:
    managed = call(cloud, "iam/getPolicy", arn="arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy")
    assert (managed["name"], managed["path"]) == ("AmazonECSTaskExecutionRolePolicy", "/service-role/")
    own = "arn:aws:iam::123456789012:policy/own"
    with pytest.raises(InvokeError, match="no matching IAM Policy found"):
        call(cloud, "iam/getPolicy", arn=own)
    seed(cloud, "aws:iam/policy:Policy", own, {"policy": "{}"})
    assert call(cloud, "iam/getPolicy", name="own")["arn"] == own


def test_secret_value_is_read_by_name_and_by_arn(cloud: Cloud) -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"
    seed(cloud, "aws:secretsmanager/secret:Secret", arn, {"name": "db"})
    with pytest.raises(InvokeError, match="no value found"):
        call(cloud, "secretsmanager/getSecretVersion", secretId="db")
    seed(cloud, "aws:secretsmanager/secretVersion:SecretVersion", f"{arn}|v1", {"secretId": arn, "secretString": "x"})
    for secret in ("db", arn):
        assert call(cloud, "secretsmanager/getSecretVersion", secretId=secret)["secretString"] == "x"


def test_parameter_is_looked_up_and_public_ones_exist(cloud: Cloud) -> None:
    path = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    assert call(cloud, "ssm/getParameter", name=path)["value"].startswith("ami-")
    with pytest.raises(InvokeError, match="no matching SSM Parameter found"):
        call(cloud, "ssm/getParameter", name="/own")
    seed(cloud, "aws:ssm/parameter:Parameter", "/own", {"name": "/own", "type": "String", "value": "v"})
    assert call(cloud, "ssm/getParameter", name="/own")["value"] == "v"


def test_image_of_a_repository_has_a_digest(cloud: Cloud) -> None:
    with pytest.raises(InvokeError, match="does not exist"):
        call(cloud, "ecr/getImage", repositoryName="api", imageTag="1")
    seed(cloud, "aws:ecr/repository:Repository", "api", {})
    image = call(cloud, "ecr/getImage", repositoryName="api", imageTag="1")
    assert image["imageDigest"].startswith("sha256:")
    assert image["imageUri"].endswith(image["imageDigest"])


@pytest.mark.parametrize(
    ("type", "id", "inputs", "function", "arguments", "output"),
    [
        ("aws:eks/cluster:Cluster", "main", {"name": "main"}, "eks/getCluster", {"name": "main"},
         "certificateAuthorities"),
        ("aws:iam/role:Role", "deployer", {}, "iam/getRole", {"name": "deployer"}, "arn"),
        ("aws:s3/bucket:Bucket", "logs", {}, "s3/getBucket", {"bucket": "logs"}, "arn"),
        ("aws:sqs/queue:Queue", "https://q", {"name": "q"}, "sqs/getQueue", {"name": "q"}, "arn"),
        ("aws:lambda/function:Function", "f", {"name": "f"}, "lambda/getFunction", {"functionName": "f"}, "arn"),
        ("aws:acm/certificate:Certificate", "arn:aws:acm:eu-west-1:123456789012:certificate/1",
         {"domainName": "a.example.com"}, "acm/getCertificate", {"domain": "a.example.com", "mostRecent": True}, "arn"),
        ("aws:rds/instance:Instance", "db", {"identifier": "db"}, "rds/getInstance", {"dbInstanceIdentifier": "db"},
         "endpoint"),
    ],
)  # fmt: skip
def test_resource_is_looked_up_by_the_schema_alone(
    cloud: Cloud, type: str, id: str, inputs: dict[str, Any], function: str, arguments: dict[str, Any], output: str
) -> None:
    with pytest.raises(InvokeError, match="no matching"):
        call(cloud, function, **arguments)
    seed(cloud, type, id, inputs)
    assert call(cloud, function, **arguments)[output]


@pytest.mark.parametrize("function", ["eks/getClusterAuth", "ecr/getAuthorizationToken", "elb/getServiceAccount"])
def test_function_without_a_resource_has_a_result(cloud: Cloud, function: str) -> None:
    assert call(cloud, function, name="main")["id"]


def test_access_logs_have_an_account_in_each_older_region(cloud: Cloud) -> None:
    accounts = {
        region: call(cloud, "elb/getServiceAccount", region=region)["id"] for region in ("eu-west-1", "us-east-1")
    }
    assert accounts == {"eu-west-1": "156460612806", "us-east-1": "127311923021"}
    with pytest.raises(InvokeError, match="Unknown region"):
        call(cloud, "elb/getServiceAccount", region="ap-south-2")


def test_regions_are_listed(cloud: Cloud) -> None:
    assert {"eu-west-1", "us-east-1"} <= set(call(cloud, "index/getRegions")["names"])


def test_unknown_function_is_reported(cloud: Cloud) -> None:
    with pytest.raises(InvokeError, match="does not know the function aws:index/getZebra:getZebra"):
        call(cloud, "index/getZebra")
