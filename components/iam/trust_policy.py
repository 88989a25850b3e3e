"""Who may take a role: one AWS service, and only when it works for one of our own resources."""

from __future__ import annotations

import pulumi
from pulumi import Input, Output


def service_trust(service: str, *, account_id: Input[str], source_arn: Input[str]) -> Output[str]:
    """The trust policy (JSON) of a role that `service` (`ecs-tasks.amazonaws.com`) takes.

    `source_arn` may hold `*`. Both conditions keep another account's resource from using our role through the service:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html, as the pages of single services write it
    (.../vpc/latest/userguide/flow-logs-iam-role.html, read 2026-11-24).
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
