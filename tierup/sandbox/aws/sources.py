"""Sources that many rows of AWS cite, each under a short name."""

from __future__ import annotations

from tierup.sandbox.behaviour import Source, assumed, documented

_READ = "2026-11-24"


def sdk(page: str) -> Source:
    """Return the docstrings of one resource in the installed SDK, which the registry prints as its page ("ec2/vpc")."""
    return documented(
        f"https://www.pulumi.com/registry/packages/aws/api-docs/{page}/ as docstrings of pulumi-aws 7.51.1", read=_READ
    )


def api(service: str, part: str) -> Source:
    """Return an operation or type of AWS's API model in botocore: errors, lengths, patterns and documentation."""
    return documented(f"AWS API model of {service} (botocore 1.43), {part}", read=_READ)


def unread(service: str, part: str) -> Source:
    """Return an operation or type of AWS's API whose checks were not read in its model: they are from memory."""
    return assumed(f"checks of the API of {service}, {part}, from memory; page to check: its API reference")


def created_only(cloudformation_type: str) -> Source:
    """Return CloudFormation's list of create-only properties, most of which the provider replaces for, too."""
    return documented(
        f"CloudFormation schema of {cloudformation_type} (cfn-lint 1.58.0), createOnlyProperties", read=_READ
    )


def provider(path: str) -> Source:
    """Return a file of terraform-provider-aws, near (not exactly at) the bridged version ("elbv2/load_balancer.go")."""
    return documented(
        f"https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/{path}", read=_READ
    )


def schema_of(path: str) -> Source:
    """Return a file of terraform-provider-aws whose schema was read for ForceNew and CustomizeDiff."""
    return documented(
        f"https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/{path}", read="2026-11-28"
    )


def quoted(message: str) -> Source:
    """Return an error message of AWS that public repositories quote from their runs; they are found by its text."""
    return documented(f"AWS's error as public repositories quote it: '{message}'", read="2026-11-28")


RECORDED = documented(
    "the schema that the AWS provider of 2020 reports, as recorded in"
    " https://github.com/pulumi/pulumi-terraform-bridge/blob/master/pkg/tf2pulumi/testdata/providers/aws.json",
    read="2026-11-28",
)
"""An old schema, which states for each input whether it replaces, and whether it is optional and computed."""
FORCE_NEW = documented(
    "ForceNew in the schema of each type in terraform-provider-aws of April 2024, as"
    " https://github.com/nuno407/terraform-provider-aws has it. Inputs that are newer: from memory",
    read="2026-11-28",
)
VPC_QUOTAS = documented("https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html", read=_READ)
EC2_ERRORS = documented(
    "EC2's error codes in internal/service/ec2/errors.go of terraform-provider-aws and in moto's ec2/exceptions.py;"
    " DuplicateSubnetsInSameZone and InvalidVolume.ZoneMismatch as public repositories quote them",
    read="2026-11-28",
)
