"""Names that are taken: DNS records, aliases of CloudFront, and physical names that the settings fix.

Pulumi names most resources with a random suffix. Only names that a resource's arguments set can be taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

import botocore.exceptions

from tierup.cost.rules import PricedResource
from tierup.preflight.aws_clients import GLOBAL_REGION, error_code, pages
from tierup.preflight.check import PreflightCheck, PreflightFinding, failed, passed
from tierup.preflight.context import PreflightContext, call_or_none, input_text
from tierup.preflight.domain import find_hosted_zone, host_names, in_route53

_ADDRESS_TYPES: Final = ("A", "AAAA", "CNAME")


def _aliases(context: PreflightContext) -> Iterator[PreflightFinding]:
    """Check the aliases of other distributions. CloudFront serves a host name from one distribution only."""
    wanted = {
        alias
        for each in context.resources()
        if each.type == "aws:cloudfront/distribution:Distribution"
        for alias in each.inputs.get("aliases") or ()
        if isinstance(alias, str)
    }
    if not wanted:
        return
    own = context.own_arns()
    taken = False
    for each in pages(context.aws.client("cloudfront", GLOBAL_REGION), "list_distributions", "DistributionList.Items"):
        shared = wanted & set(each.get("Aliases", {}).get("Items") or ())
        if shared and each["ARN"] not in own:
            taken = True
            yield failed(
                f"The distribution {each['Id']} of the account has the alias {', '.join(sorted(shared))}.",
                f"Remove the alias: aws cloudfront get-distribution-config --id {each['Id']}, then update-distribution",
            )
    if not taken:
        yield passed(f"No other distribution of the account has the alias {' or '.join(sorted(wanted))}.")


def _has_own_cdn(context: PreflightContext) -> bool:
    """Return whether the stack has a web ACL of CloudFront, which exists before its distribution."""
    return any(":global/webacl/" in arn for arn in context.own_arns())


def _records(context: PreflightContext) -> Iterator[PreflightFinding]:
    """Check for records of the host names. A stack that exists has its own, unless its CDN changes and the zone is new
    to it."""
    if not in_route53(context):
        return
    if context.exists and (context.settings.cdn_standby is None or _has_own_cdn(context)):
        return
    zone = find_hosted_zone(context)
    if zone is None:
        return
    client = context.aws.client("route53", GLOBAL_REGION)
    hosts = {f"{host}." for host in host_names(context)}
    taken = [
        each
        for each in pages(client, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"])
        if each["Name"] in hosts and each["Type"] in _ADDRESS_TYPES
    ]
    for each in taken:
        name, kind, identity = each["Name"].rstrip("."), each["Type"], zone["Id"].rpartition("/")[2]
        yield failed(
            f"The hosted zone already has a record {name} of type {kind}, which the stack would create.",
            f"Delete it, or import it: pulumi import aws:route53/record:Record NAME {identity}_{name}_{kind} "
            f"--stack {context.plan.stack}",
        )
    if not taken:
        yield passed(f"The hosted zone has no record for {' or '.join(host_names(context))} yet.")


class _Lookup(Protocol):
    def __call__(self, context: PreflightContext, region: str, name: str) -> tuple[str, str] | None:
        """Return what is wrong with a name and the remedy, or None if it is free."""
        ...


def _bucket(context: PreflightContext, region: str, name: str) -> tuple[str, str] | None:
    client = context.aws.client("s3", region)
    try:
        client.head_bucket(Bucket=name)
    except botocore.exceptions.ClientError as error:
        if error_code(error) in ("404", "NoSuchBucket"):
            return None
        if error_code(error) != "403":
            raise
        return "belongs to another account", "Choose another name."
    if f"arn:aws:s3:::{name}" in context.own_arns():
        return None
    return "exists in the account", _import(context, "aws:s3/bucket:Bucket", name)


def _repository(context: PreflightContext, region: str, name: str) -> tuple[str, str] | None:
    client = context.aws.client("ecr", region)
    found = call_or_none(lambda: client.describe_repositories(repositoryNames=[name]), "RepositoryNotFound")
    if found is None or found["repositories"][0]["repositoryArn"] in context.own_arns():
        return None
    return "exists in the account", _import(context, "aws:ecr/repository:Repository", name)


def _log_group(context: PreflightContext, region: str, name: str) -> tuple[str, str] | None:
    groups = pages(context.aws.client("logs", region), "describe_log_groups", "logGroups", logGroupNamePrefix=name)
    found = next((each for each in groups if each["logGroupName"] == name), None)
    if found is None or found["arn"].removesuffix(":*") in context.own_arns():
        return None
    return "exists in the account", _import(context, "aws:cloudwatch/logGroup:LogGroup", name)


def _secret(context: PreflightContext, region: str, name: str) -> tuple[str, str] | None:
    client = context.aws.client("secretsmanager", region)
    found = call_or_none(lambda: client.describe_secret(SecretId=name), "ResourceNotFound")
    if found is None:
        return None
    if found.get("DeletedDate"):
        return (
            "is scheduled for deletion, and its name is taken until then",
            f"aws secretsmanager restore-secret --secret-id {name} --region {region}, then import it or delete it with "
            "--force-delete-without-recovery",
        )
    if found["ARN"] in context.own_arns():
        return None
    return "exists in the account", _import(context, "aws:secretsmanager/secret:Secret", found["ARN"])


def _role(context: PreflightContext, region: str, name: str) -> tuple[str, str] | None:
    del region  # IAM is global
    client = context.aws.client("iam", GLOBAL_REGION)
    found = call_or_none(lambda: client.get_role(RoleName=name), "NoSuchEntity")
    if found is None or context.plan.tags.items() <= _tags(found["Role"].get("Tags")).items():
        return None
    return "exists in the account", _import(context, "aws:iam/role:Role", name)


def _tags(given: Any) -> Mapping[str, str]:
    return {each["Key"]: each["Value"] for each in given or ()}


def _import(context: PreflightContext, type_: str, identity: str) -> str:
    return f"Choose another name, or: pulumi import {type_} NAME {identity} --stack {context.plan.stack}"


# Type → the input that fixes its name, a word for messages, and the lookup.
_NAMED: Final[Mapping[str, tuple[str, str, _Lookup]]] = {
    "aws:s3/bucket:Bucket": ("bucket", "bucket", _bucket),
    "aws:ecr/repository:Repository": ("name", "repository", _repository),
    "aws:cloudwatch/logGroup:LogGroup": ("name", "log group", _log_group),
    "aws:secretsmanager/secret:Secret": ("name", "secret", _secret),
    "aws:iam/role:Role": ("name", "role", _role),
}


def _fixed_names(context: PreflightContext) -> Iterator[PreflightFinding]:
    checked = 0
    taken = False
    for each in context.resources():
        name = _fixed_name(each)
        if name is None:
            continue
        checked += 1
        _, word, look_up = _NAMED[each.type]
        problem = look_up(context, input_text(each, "region") or context.region, name)
        if problem is not None:
            taken = True
            yield failed(f"{each.name}: the {word} {name} {problem[0]}.", problem[1])
    if checked and not taken:
        yield passed(f"The {checked} names that the settings fix are free.")


def _fixed_name(resource: PricedResource) -> str | None:
    row = _NAMED.get(resource.type)
    return input_text(resource, row[0]) if row is not None else None


CHECKS: Final = (
    PreflightCheck(
        name="records",
        area="DNS",
        description="The hosted zone has no records for the host names of a stack that does not exist yet, or that is "
        "new to the zone because its CDN changes.",
        run=_records,
        needs_aws=True,
    ),
    PreflightCheck(
        name="aliases",
        area="AWS",
        description="No other distribution of the account has the host names as aliases.",
        run=_aliases,
        needs_aws=True,
        timeout_seconds=150,
    ),
    PreflightCheck(
        name="names",
        area="AWS",
        description="Physical names that the settings fix are free: buckets, repositories, log groups, secrets (also "
        "those scheduled for deletion), roles.",
        run=_fixed_names,
        needs_aws=True,
        timeout_seconds=150,
    ),
)
