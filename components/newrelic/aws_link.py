"""New Relic's link to an AWS account, which receives metrics by a stream and reads tags by a role.

Creates the role that only New Relic's account assumes, with the id of the New Relic account as external id, its
read-only policy, and the link in mode PUSH.

Checklist: monitoring.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components.optional_sdk import optional_sdk

if TYPE_CHECKING:
    import pulumi_newrelic as newrelic
else:
    newrelic = optional_sdk("pulumi_newrelic", "newrelic")

NEW_RELIC_ACCOUNT = "754728514883"
"""The AWS account of New Relic. Source: examples/modules/cloud-integrations/aws/main.tf of
https://github.com/newrelic/terraform-provider-newrelic (read 2026-11-28), like the modes and the endpoints."""

ENDPOINTS: Mapping[str, str] = {
    "US": "https://aws-api.newrelic.com/cloudwatch-metrics/v1",
    "EU": "https://aws-api.eu01.nr-data.net/cloudwatch-metrics/v1",
}
"""The address that a metric stream sends to, by the region of the New Relic account."""

_ACTIONS = (
    *("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DescribeVpcs", "tag:GetResources"),
    *("config:BatchGetResourceConfig", "config:ListDiscoveredResources"),
)


def check_new_relic_account(argument: str, account_id: str) -> None:
    """Raise ValueError unless `account_id` is the id of a New Relic account."""
    if not re.fullmatch(r"[0-9]{1,12}", account_id):
        raise ValueError(f"{argument}: not the id of a New Relic account (got {account_id!r}). Give its digits.")


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRelicAwsLinkArgs:
    """Arguments of NewRelicAwsLink."""

    title: str
    """Name of the link."""
    new_relic_account_id: str
    """Id of the New Relic account."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""

    def __post_init__(self) -> None:
        check_new_relic_account("new_relic_account_id", self.new_relic_account_id)


class NewRelicAwsLink(pulumi.ComponentResource):
    """The link of an AWS account to a New Relic account."""

    link_id: Output[str]
    """Id of the link."""

    def __init__(self, name: str, args: NewRelicAwsLinkArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:newrelic:NewRelicAwsLink", name, None, opts)
        child = ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            description="New Relic reads tags and the configuration of resources",
            assume_role_policy=Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": f"arn:aws:iam::{NEW_RELIC_ACCOUNT}:root"},
                            "Action": "sts:AssumeRole",
                            "Condition": {"StringEquals": {"sts:ExternalId": args.new_relic_account_id}},
                        }
                    ],
                }
            ),
            tags={**args.tags, "Name": f"{name}-role"},
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            role=role.id,
            policy=Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": list(_ACTIONS), "Resource": "*"}],
                }
            ),
            opts=child,
        )
        link = newrelic.cloud.AwsLinkAccount(
            f"{name}-link",
            account_id=args.new_relic_account_id,
            arn=role.arn,
            metric_collection_mode="PUSH",
            name=args.title,
            # New Relic assumes the role when the link is created.
            opts=ResourceOptions.merge(child, ResourceOptions(depends_on=[policy])),
        )
        self.link_id = link.id
        self.register_outputs({"link_id": self.link_id})
