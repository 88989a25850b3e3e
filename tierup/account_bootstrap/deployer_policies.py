"""The policies of the deployer's role: the generated ones of a phase, a document of your own, or a managed policy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from tierup.deployment.errors import CommandError, ExitCode
from tierup.program_loader import ROOT

GENERATED: Final = ROOT / "docs" / "reference" / "deployer-policy.json"
"""The file with the least-privilege policies of each phase. A wheel does not contain it."""

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (read 2026-11-24)
_MAX_POLICIES: Final = 10

# What `tierup preflight` reads.
PREFLIGHT_ACTIONS: Final = (
    "acm:DescribeCertificate",
    "budgets:ViewBudget",
    "cloudfront:ListCachePolicies",
    "cloudfront:ListDistributions",
    "cloudfront:ListResponseHeadersPolicies",
    "ec2:DescribeAddresses",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeNatGateways",
    "ec2:DescribeRegions",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
    "ecr:DescribeRepositories",
    "ecs:DescribeTasks",
    "ecs:ListClusters",
    "ecs:ListTasks",
    "elasticache:DescribeCacheClusters",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeTargetGroups",
    "iam:GetRole",
    "iam:ListRoles",
    "kms:DescribeKey",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "route53:GetHostedZone",
    "route53:ListHealthChecks",
    "route53:ListHostedZones",
    "route53:ListResourceRecordSets",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketVersioning",
    "s3:GetEncryptionConfiguration",
    "s3:ListAllMyBuckets",
    "s3:ListBucket",
    "secretsmanager:DescribeSecret",
    "servicequotas:ListAWSDefaultServiceQuotas",
    "servicequotas:ListServiceQuotas",
    "tag:GetResources",
    "wafv2:ListWebACLs",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeployerPolicies:
    """The managed policies of the role."""

    documents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """Documents that become customer managed policies, by a suffix of their names."""
    arns: Sequence[str] = ()
    """Managed policies that exist."""


def read_policies(given: Sequence[str], phase: str | None) -> DeployerPolicies:
    """Return the policies of `--policy`: files and ARNs; by default the generated ones of the phase.

    Raises:
        CommandError: a file is missing or no policy, the phase is unknown, or there are more than a role can have.
    """
    arns = [each for each in given if each.startswith("arn:")]
    files = [Path(each) for each in given if not each.startswith("arn:")]
    if not given:
        if not GENERATED.is_file():
            raise CommandError(
                "--policy: must be set, because this installation has no generated deployer policy (got nothing). Give "
                "a file with an IAM policy, or the ARN of a managed policy.",
                ExitCode.SETTINGS,
            )
        files = [GENERATED]
    documents: dict[str, Mapping[str, Any]] = {}
    for file in files:
        for document in _documents(file, phase):
            documents[str(len(documents) + 1)] = document
    if len(documents) + len(arns) > _MAX_POLICIES:
        raise CommandError(
            f"--policy: too many policies (got {len(documents) + len(arns)}). A role has at most {_MAX_POLICIES}.",
            ExitCode.SETTINGS,
        )
    return DeployerPolicies(documents=documents, arns=arns)


def _documents(file: Path, phase: str | None) -> list[Mapping[str, Any]]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(
            f"--policy: the file cannot be read (got {file}: {error.strerror}). Give a file with an IAM policy.",
            ExitCode.SETTINGS,
        ) from error
    except ValueError as error:
        raise CommandError(
            f"--policy: not valid JSON (got {file}: {error}). Correct the file.", ExitCode.SETTINGS
        ) from error
    if isinstance(content, dict) and "Statement" in content:
        return [cast("dict[str, Any]", content)]
    groups = content.get("policies") if isinstance(content, dict) else None
    if not isinstance(groups, dict):
        raise CommandError(
            f"--policy: neither an IAM policy nor tierup's generated policies (got {file}). Give a file with a "
            "Statement, or docs/reference/deployer-policy.json.",
            ExitCode.SETTINGS,
        )
    if phase is None or phase not in groups:
        raise CommandError(
            f"--policy: the file has no policies for the phase of the stack (got {phase}). Phases: "
            f"{', '.join(cast('dict[str, Any]', groups))}.",
            ExitCode.SETTINGS,
        )
    return list(cast("dict[str, Any]", groups)[phase].values())
