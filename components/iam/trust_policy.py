"""Trust policies of service roles: only one AWS service may assume the role, and only for resources of this account."""

from __future__ import annotations

import pulumi
from pulumi import Input, Output


def service_trust(service: str, *, account_id: Input[str], source_arn: Input[str]) -> Output[str]:
    """Return the trust policy (JSON) of a role that `service` (`ecs-tasks.amazonaws.com`) assumes.

    `source_arn` may contain `*`. Both conditions prevent the confused deputy problem, where a resource of another
    account uses the role through the service: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html, in
    the form that the pages of single services show (.../vpc/latest/userguide/flow-logs-iam-role.html, read 2026-11-24).
    """
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": service},
                    "Action": "sts:AssumeRole",
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": account_id},
                        "ArnLike": {"aws:SourceArn": source_arn},
                    },
                }
            ],
        }
    )
