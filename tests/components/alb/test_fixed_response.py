"""Tests of fixed responses of a listener."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.alb.fixed_response import FixedResponse, FixedResponseArgs
from components.alb.listener_rule import ALL_REQUESTS
from tests.engine_recorder import record

ARGS = FixedResponseArgs(
    listener_arn="arn:listener", match=ALL_REQUESTS, priority=1, body='{"error": "down"}', tags={"Stack": "dev"}
)


def test_the_rule_answers_every_request() -> None:
    recording = record(lambda: FixedResponse("maintenance", ARGS))
    rule = recording.one("aws:lb/listenerRule:ListenerRule").inputs

    assert recording.tree() == {"maintenance": None, "maintenance-rule": "maintenance"}
    assert rule["actions"] == [
        {
            "type": "fixed-response",
            "fixedResponse": {
                "contentType": "application/json",
                "messageBody": '{"error": "down"}',
                "statusCode": "503",
            },
        }
    ]
    assert (rule["priority"], rule["conditions"]) == (1, [{"pathPattern": {"values": ["/*"]}}])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"body": "x" * 1_025}, r"body: too long \(got 1025 bytes\)"),
        ({"status": 301}, r"status: not allowed \(got 301\)"),
        ({"content_type": "image/png"}, "content_type: not supported"),
        ({"priority": 0}, "priority: out of range"),
    ],
)
def test_responses_that_the_load_balancer_refuses_are_rejected(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **changes)
