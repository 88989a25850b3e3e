"""Datadog's access to the metrics of an AWS account, by a role that only Datadog can assume.

Creates an external id, the role with a read-only policy, and the account in Datadog. An account can be in one
organization of Datadog only once, so a second stack of the account omits this component. Datadog polls CloudWatch about
every ten minutes, and CloudWatch charges for each metric that is read.

Checklist: monitoring.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components.datadog.monitors import datadog_tags
from components.datadog.queries import NAMESPACES
from components.iam.account_id import check_account_id
from components.optional_sdk import optional_sdk

if TYPE_CHECKING:
    import pulumi_datadog as datadog
else:
    datadog = optional_sdk("pulumi_datadog", "datadog")

DATADOG_ACCOUNT = "464622532012"
"""The AWS account of Datadog's sites in the US and EU.
Source: https://docs.datadoghq.com/integrations/guide/error-datadog-not-authorized-sts-assume-role/ (read 2026-11-28)"""
_OTHER_ACCOUNTS = {"ap1.datadoghq.com": "417141415827", "ap2.datadoghq.com": "412381753143"}  # from memory

ACTIONS = (
    *("cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*"),
    *("ec2:Describe*", "ecs:Describe*", "ecs:List*", "elasticache:Describe*", "elasticache:List*"),
    *("elasticloadbalancing:Describe*", "iam:ListAccountAliases"),
    *("tag:GetResources", "tag:GetTagKeys", "tag:GetTagValues"),
)
"""Of the actions that Datadog lists for its integration, those that read the services of the architecture. Source: the
API's answer to the function getIntegrationIamPermissionsStandard, in the tests of
https://github.com/DataDog/terraform-provider-datadog (read 2026-11-28)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatadogAwsIntegrationArgs:
    """Arguments of DatadogAwsIntegration."""

    account_id: str
    """Id of the AWS account, 12 digits."""
    regions: Sequence[str]
    """Regions whose metrics Datadog collects."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    site: str = "datadoghq.eu"
    """Datadog site of the organization."""

    def __post_init__(self) -> None:
        check_account_id("account_id", self.account_id)
        if not self.regions:
            raise ValueError("regions: empty (got no region). Give the regions of the stack.")
        if not re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", self.site):
            raise ValueError(f"site: not a Datadog site (got {self.site!r}). Give one such as datadoghq.eu.")
        if self.site == "ddog-gov.com":
            raise ValueError(
                "site: the government site reads other AWS partitions (got 'ddog-gov.com'). Use a commercial site."
            )


class DatadogAwsIntegration(pulumi.ComponentResource):
    """The integration of an AWS account with Datadog."""

    integration_id: Output[str]
    """Id of the account's integration in Datadog."""
    role_name: Output[str]
    """Name of the role that Datadog assumes."""

    def __init__(self, name: str, args: DatadogAwsIntegrationArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:datadog:DatadogAwsIntegration", name, None, opts)
        child = ResourceOptions(parent=self)
        # Datadog generates it, so that nobody can connect the role with another organization of Datadog. It expires
        # unless it is used within 48 hours.
        external = datadog.aws.IntegrationExternalId(f"{name}-external-id", opts=child)
        role = aws.iam.Role(
            f"{name}-role",
            description="Datadog reads metrics",
            assume_role_policy=_trust(_OTHER_ACCOUNTS.get(args.site, DATADOG_ACCOUNT), external.id),
            tags={**args.tags, "Name": f"{name}-role"},
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            role=role.id,
            policy=Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": list(ACTIONS), "Resource": "*"}],
                }
            ),
            opts=child,
        )
        account = datadog.aws.IntegrationAccount(
            f"{name}-account",
            aws_account_id=args.account_id,
            aws_partition="aws",
            account_tags=datadog_tags(args.tags),
            auth_config={"aws_auth_config_role": {"role_name": role.name, "external_id": external.id}},
            aws_regions={"include_onlies": sorted(set(args.regions))},
            logs_config={"lambda_forwarder": {}},
            metrics_config={
                "automute_enabled": True,
                "collect_cloudwatch_alarms": False,
                "collect_custom_metrics": False,  # each is billed
                "enabled": True,
                "namespace_filters": {"include_onlies": list(NAMESPACES)},
            },
            resources_config={"cloud_security_posture_management_collection": False, "extended_collection": False},
            traces_config={"xray_services": {}},
            # Datadog assumes the role when the account is created.
            opts=ResourceOptions.merge(child, ResourceOptions(depends_on=[policy])),
        )
        self.integration_id = account.id
        self.role_name = role.name
        self.register_outputs({"integration_id": self.integration_id, "role_name": self.role_name})


def _trust(account: str, external_id: Output[str]) -> Output[str]:
    return Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
                }
            ],
        }
    )
