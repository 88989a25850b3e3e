"""Where the AWS tables have their facts from: the documents most rows were read from, each under a short name."""

from __future__ import annotations

from tierup.sandbox.behaviour import Source, assumed, documented


def sdk(page: str) -> Source:
    """The docstrings of one resource in the installed SDK, which the registry prints as its page ("ec2/vpc")."""
    return documented(
        f"https://www.pulumi.com/registry/packages/aws/api-docs/{page}/ as docstrings of pulumi-aws 7.51.1"
    )


def api(service: str, operation: str) -> Source:
    """One operation of AWS's own API model, as botocore 1.43 ships it: errors, lengths, patterns, allowed values."""
    return documented(f"AWS API model of {service} (botocore 1.43), operation {operation}")


def created_only(cloudformation_type: str) -> Source:
    """CloudFormation's list of what cannot change after creation, which the provider mostly shares."""
    return documented(f"CloudFormation schema of {cloudformation_type} (cfn-lint 1.58.0), createOnlyProperties")


FORCE_NEW = assumed("ForceNew in terraform-provider-aws's schema as we know it; not read again for this version")
VPC_QUOTAS = documented("https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html")
EC2_ERRORS = assumed("EC2's error codes as its API answers; the list of codes is no part of the API model")
