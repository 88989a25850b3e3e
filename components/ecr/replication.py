"""The replication of ECR images to other regions. Each region can then start tasks while another one is unavailable.

Creates the replication configuration of the account's registry in one region. *A registry has one configuration*: two
stacks of an account and region that both create it overwrite each other's rules. ECR replicates an image when it is
pushed, not the images that exist already, and creates the repository of the same name in the destination.
https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html (read 2026-11-28)
Checklist: Docker containerization; deployment rollback in each region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, ResourceOptions

from components.iam.account_id import check_account_id

MAX_DESTINATIONS = 25
"""Destinations of all rules together: API model of ReplicationRule (botocore 1.44, read 2026-11-28)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EcrReplicationArgs:
    """Arguments of EcrReplication."""

    account_id: str
    """Id of the AWS account, 12 digits."""
    regions: Sequence[str]
    """AWS regions that receive the images, 1 to 25."""
    repository_prefixes: Sequence[Input[str]]
    """Names, or beginnings of names, of the repositories whose images are replicated; 1 or more."""

    def __post_init__(self) -> None:
        check_account_id("account_id", self.account_id)
        if not 1 <= len(self.regions) <= MAX_DESTINATIONS or len(set(self.regions)) != len(self.regions):
            raise ValueError(
                f"regions: no list of different regions (got {', '.join(self.regions) or 'none'}). Name 1 to "
                f"{MAX_DESTINATIONS} regions, each once."
            )
        if not self.repository_prefixes:
            raise ValueError(
                "repository_prefixes: must not be empty (got none). Name a repository; without a filter ECR replicates "
                "every repository of the account."
            )


class EcrReplication(ComponentResource):
    """The replication configuration of the registry."""

    def __init__(self, name: str, args: EcrReplicationArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:EcrReplication", name, None, opts)
        aws.ecr.ReplicationConfiguration(
            f"{name}-registry",
            replication_configuration={
                "rules": [
                    {
                        "destinations": [{"region": region, "registry_id": args.account_id} for region in args.regions],
                        "repository_filters": [
                            {"filter": prefix, "filter_type": "PREFIX_MATCH"} for prefix in args.repository_prefixes
                        ],
                    }
                ]
            },
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})
