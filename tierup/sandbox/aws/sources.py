"""Where the AWS tables have their facts from: the documents most rows were read from, each under a short name."""

from __future__ import annotations

from tierup.sandbox.behaviour import Source, assumed, documented

_READ = "2026-11-24"


def sdk(page: str) -> Source:
    """The docstrings of one resource in the installed SDK, which the registry prints as its page ("ec2/vpc")."""
    return documented(
        f"https://www.pulumi.com/registry/packages/aws/api-docs/{page}/ as docstrings of pulumi-aws 7.51.1", read=_READ
    )


def api(service: str, part: str) -> Source:
    """An operation or a type of AWS's own API model, as botocore ships it: errors, lengths, patterns, its text."""
    return documented(f"AWS API model of {service} (botocore 1.43), {part}", read=_READ)


def created_only(cloudformation_type: str) -> Source:
    """CloudFormation's list of what cannot change after creation, which the provider mostly shares."""
    return documented(
        f"CloudFormation schema of {cloudformation_type} (cfn-lint 1.58.0), createOnlyProperties", read=_READ
    )


def provider(path: str) -> Source:
    """The Terraform provider's own code, near (not exactly at) the bridged version ("elbv2/load_balancer.go")."""
    return documented(
        f"https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/{path}", read=_READ
    )


FORCE_NEW = assumed("ForceNew in terraform-provider-aws's schema as we know it; not read again for this version")
VPC_QUOTAS = documented("https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html", read=_READ)
EC2_ERRORS = assumed("EC2's error codes as its API answers; the list of codes is no part of the API model")
