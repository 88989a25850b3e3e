"""Functions of AWS that do more than look up one resource by its properties: lists, the default VPC, images, values.

Functions that look up one resource need no code: `tierup/sandbox/lookup.py` answers them from the schema.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tierup.sandbox.behaviour import digest
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.lookup import LookupFailedError, look_up, matching
from tierup.sandbox.outputs import plausible_value
from tierup.sandbox.registry import Configuration, Invoke, InvokeError
from tierup.sandbox.schema import function_schema
from tierup.sandbox.seeding import seed

from . import regions
from .network import INTERNET_GATEWAY, SUBNET, VPC

Arguments = Mapping[str, Any]

_ZONES_OF_THE_DEFAULT_VPC = 3
_SECRET, _VERSION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"
_REPOSITORY = "aws:ecr/repository:Repository"
_AWS_POLICY = "arn:aws:iam::aws:policy/"


def _region(arguments: Arguments, configuration: Configuration) -> str:
    return str(arguments.get("region") or configuration.region)


def _result(token: str, seed_text: str, **values: Any) -> dict[str, Any]:
    """Return a result with all the properties of a function's schema, and with these values."""
    shape = function_schema(token)
    plausible = {name: plausible_value(seed_text, shape.objects, name, kind) for name, kind in shape.result.items()}
    return {**plausible, **values}


def _look_up(token: str, arguments: Arguments, cloud: Cloud, configuration: Configuration) -> Mapping[str, Any]:
    try:
        return look_up(token, arguments, cloud, configuration.account, configuration.region)
    except LookupFailedError as error:
        raise InvokeError(str(error)) from error


# --- networks ---


def ensure_default_vpc(cloud: Cloud, account: str, region: str) -> None:
    """Add the default VPC of a region, with its public subnets and internet gateway, if it does not exist.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html (read 2026-11-28).
    """
    if any(found.account == account and found.region == region for found in cloud.find(VPC, default=True)):
        return
    with cloud.alone():
        suffix = digest(f"{account}/{region}/default", 16)

        def add(type: str, id: str, outputs: Mapping[str, Any], **inputs: Any) -> None:
            added = seed(cloud, type, id, inputs, region=region, account=account)
            cloud.change(replace(added, outputs={**added.outputs, **outputs}))

        vpc = f"vpc-0{suffix}"
        dns = {"enableDnsSupport": True, "enableDnsHostnames": True}
        add(VPC, vpc, {"default": True}, cidrBlock="172.31.0.0/16", **dns)
        add(INTERNET_GATEWAY, f"igw-0{suffix}", {}, vpcId=vpc)
        for number, zone in enumerate(regions.zones(region)[:_ZONES_OF_THE_DEFAULT_VPC]):
            add(
                SUBNET,
                f"subnet-{number}{suffix}",
                {"defaultForAz": True},
                vpcId=vpc,
                cidrBlock=f"172.31.{16 * number}.0/20",
                availabilityZone=zone,
                mapPublicIpOnLaunch=True,
            )


def _in_default_vpc(arguments: Arguments) -> bool:
    names = {str(each.get("name")) for each in arguments.get("filters") or ()}
    return (
        arguments.get("default") is True
        or arguments.get("defaultForAz") is True
        or bool(names & {"isDefault", "is-default", "default-for-az", "defaultForAz"})
    )


def _network(token: str) -> Invoke:
    def function(arguments: Arguments, cloud: Cloud, configuration: Configuration) -> Arguments:
        if _in_default_vpc(arguments):
            ensure_default_vpc(cloud, configuration.account, _region(arguments, configuration))
        return _look_up(token, arguments, cloud, configuration)

    return function


def _ids(token: str, type: str) -> Invoke:
    """Return a function whose result has the ids of all matching resources."""

    def function(arguments: Arguments, cloud: Cloud, configuration: Configuration) -> Arguments:
        region = _region(arguments, configuration)
        if _in_default_vpc(arguments):
            ensure_default_vpc(cloud, configuration.account, region)
        found = list(matching(type, arguments, cloud, configuration.account, region))
        values: dict[str, Any] = {"id": region, "region": region, "ids": [each.id for each in found]}
        for output, key in (("arns", "arn"), ("vpcIds", "vpcId")):
            if output in function_schema(token).result:
                values[output] = [each.outputs.get(key) or "" for each in found]
        return _result(token, region, **values, filters=[], tags=dict(arguments.get("tags") or {}))

    return function


# --- images, policies, secrets, registries ---


def _ami(arguments: Arguments, _cloud: Cloud, configuration: Configuration) -> Arguments:
    """Return an image for any criteria: the sandbox has no catalogue of images."""
    text = json.dumps(arguments, sort_keys=True, default=str)
    id = f"ami-0{digest(f'{_region(arguments, configuration)}/{text}', 16)}"
    architecture = "arm64" if "arm64" in text or "aarch64" in text else "x86_64"
    values = {"id": id, "imageId": id, "architecture": architecture, "state": "available", "rootDeviceType": "ebs"}
    return _result("aws:ec2/getAmi:getAmi", id, **values, rootDeviceName="/dev/xvda", filters=[], tags={})


def _iam_policy(arguments: Arguments, cloud: Cloud, configuration: Configuration) -> Arguments:
    token, arn = "aws:iam/getPolicy:getPolicy", str(arguments.get("arn") or "")
    if not arn.startswith(_AWS_POLICY):
        return _look_up(token, arguments, cloud, configuration)
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    path, _, name = arn.removeprefix("arn:aws:iam::aws:policy").rpartition("/")
    return _result(token, arn, id=arn, arn=arn, name=name, path=f"{path}/", policy=json.dumps(document), tags={})


def _secret_version(arguments: Arguments, cloud: Cloud, _configuration: Configuration) -> Arguments:
    token, wanted = "aws:secretsmanager/getSecretVersion:getSecretVersion", arguments.get("secretId")
    secret = next((each for each in cloud.find(_SECRET) if wanted in (each.id, each.outputs.get("name"))), None)
    versions = [each for each in cloud.find(_VERSION) if secret and each.inputs.get("secretId") in (secret.id, wanted)]
    if secret is None or not versions:
        raise InvokeError(f"no value found for the secret '{wanted}'. Create a SecretVersion first.", "secretId")
    found = versions[-1]
    text, binary = (found.inputs.get(key) or "" for key in ("secretString", "secretBinary"))
    values = {"arn": secret.id, "secretId": wanted, "secretString": text, "secretBinary": binary}
    version = found.outputs.get("versionId") or ""
    return _result(token, found.id, id=found.id, **values, versionId=version, versionStages=["AWSCURRENT"])


def _parameter(arguments: Arguments, cloud: Cloud, configuration: Configuration) -> Arguments:
    token, name = "aws:ssm/getParameter:getParameter", str(arguments.get("name") or "")
    if not name.startswith("/aws/service/"):
        return _look_up(token, arguments, cloud, configuration)
    region = _region(arguments, configuration)
    value = f"ami-0{digest(f'{region}/{name}', 16)}" if "ami" in name else digest(name, 8)
    arn = f"arn:aws:ssm:{region}::parameter{name}"
    return _result(token, name, id=name, arn=arn, name=name, value=value, insecureValue=value, type="String", version=1)


def _image(arguments: Arguments, cloud: Cloud, configuration: Configuration) -> Arguments:
    token, name = "aws:ecr/getImage:getImage", arguments.get("repositoryName")
    repository = next(matching(_REPOSITORY, {"name": name}, cloud, configuration.account, configuration.region), None)
    if repository is None:
        raise InvokeError(f"the repository '{name}' does not exist.", "repositoryName")
    tag = str(arguments.get("imageTag") or "latest")
    sha = str(arguments.get("imageDigest") or f"sha256:{digest(f'{repository.id}:{tag}', 64)}")
    uri = f"{repository.outputs.get('repositoryUrl')}@{sha}"
    values = {"imageDigest": sha, "imageTag": tag, "imageTags": [tag], "imageUri": uri, "repositoryName": name}
    return _result(token, sha, id=sha, **values, registryId=configuration.account)


def _registry_token(token: str) -> Invoke:
    def function(_arguments: Arguments, _cloud: Cloud, configuration: Configuration) -> Arguments:
        endpoint = f"https://{configuration.account}.dkr.ecr.{configuration.region}.amazonaws.com"
        password = digest(endpoint, 32)
        values = {"authorizationToken": password, "userName": "AWS", "password": password, "proxyEndpoint": endpoint}
        return {key: value for key, value in _result(token, endpoint, **values).items() if value is not None}

    return function


_LOG_ACCOUNTS: Mapping[str, str] = {
    "af-south-1": "098369216593", "ap-east-1": "754344448648", "ap-northeast-1": "582318560864",
    "ap-northeast-2": "600734575887", "ap-northeast-3": "383597477331", "ap-south-1": "718504428378",
    "ap-southeast-1": "114774131450", "ap-southeast-2": "783225319266", "ap-southeast-3": "589379963580",
    "ca-central-1": "985666609251", "eu-central-1": "054676820928", "eu-north-1": "897822967062",
    "eu-south-1": "635631232127", "eu-west-1": "156460612806", "eu-west-2": "652711504416",
    "eu-west-3": "009996457667", "me-south-1": "076674570225", "sa-east-1": "507241528517",
    "us-east-1": "127311923021", "us-east-2": "033677994240", "us-west-1": "027434742980", "us-west-2": "797873946194",
}  # fmt: skip
"""Region -> the account that writes access logs of load balancers there. Newer regions have none.

AccountIdPerRegionMap in internal/service/elb/service_account_data_source.go of terraform-provider-aws (read 2026-11-28)
"""


def _log_account(region: str) -> Mapping[str, Any]:
    account = _LOG_ACCOUNTS.get(region)
    if account is None:
        raise InvokeError(f'Unknown region ("{region}")', "region")
    return {"id": account, "arn": f"arn:aws:iam::{account}:root", "region": region}


def _constant(token: str, values: Callable[[str], Mapping[str, Any]]) -> Invoke:
    """Return a function whose result depends only on the region."""

    def function(arguments: Arguments, _cloud: Cloud, configuration: Configuration) -> Arguments:
        region = _region(arguments, configuration)
        return _result(token, region, **values(region))

    return function


_TOKENS = {
    name: f"aws:ec2/{name}:{name}" for name in ("getVpc", "getSubnet", "getVpcs", "getSubnets", "getSecurityGroups")
}

INVOKES: Mapping[str, Invoke] = {
    _TOKENS["getVpc"]: _network(_TOKENS["getVpc"]),
    _TOKENS["getSubnet"]: _network(_TOKENS["getSubnet"]),
    _TOKENS["getVpcs"]: _ids(_TOKENS["getVpcs"], VPC),
    _TOKENS["getSubnets"]: _ids(_TOKENS["getSubnets"], SUBNET),
    _TOKENS["getSecurityGroups"]: _ids(_TOKENS["getSecurityGroups"], "aws:ec2/securityGroup:SecurityGroup"),
    "aws:ec2/getAmi:getAmi": _ami,
    "aws:iam/getPolicy:getPolicy": _iam_policy,
    "aws:secretsmanager/getSecretVersion:getSecretVersion": _secret_version,
    "aws:ssm/getParameter:getParameter": _parameter,
    "aws:ecr/getImage:getImage": _image,
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": _registry_token(
        "aws:ecr/getAuthorizationToken:getAuthorizationToken"
    ),
    "aws:ecr/getCredentials:getCredentials": _registry_token("aws:ecr/getCredentials:getCredentials"),
    "aws:eks/getClusterAuth:getClusterAuth": _constant("aws:eks/getClusterAuth:getClusterAuth", lambda _: {}),
    "aws:index/getRegions:getRegions": _constant(
        "aws:index/getRegions:getRegions", lambda _: {"names": list(regions.ZONES), "filters": []}
    ),
    "aws:index/getDefaultTags:getDefaultTags": lambda _arguments, _cloud, configuration: {
        "id": "aws",
        "tags": dict(configuration.default_tags),
    },
    "aws:elb/getServiceAccount:getServiceAccount": _constant(
        "aws:elb/getServiceAccount:getServiceAccount",
        _log_account,
    ),
}
