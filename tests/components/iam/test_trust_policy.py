"""Tests of trust policies."""

from __future__ import annotations

import json

from components.iam.trust_policy import service_trust
from tests.engine_recorder import record


def test_only_the_service_may_assume_the_role_for_resources_of_the_account() -> None:
    recording = record(
        lambda: service_trust("ecs-tasks.amazonaws.com", account_id="111122223333", source_arn="arn:aws:ecs:*")
    )

    assert json.loads(recording.value(recording.result))["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "111122223333"},
                "ArnLike": {"aws:SourceArn": "arn:aws:ecs:*"},
            },
        }
    ]
