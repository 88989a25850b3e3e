"""Tests of the behaviour rows of CloudWatch dashboards."""

from __future__ import annotations

import json

import pytest

from .account import Account

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"

WIDGET = {"type": "metric", "width": 12, "x": 12, "properties": {"region": "eu-west-1", "metrics": [["A", "B"]]}}


@pytest.mark.parametrize(
    ("body", "rejected"),
    [
        (json.dumps({"widgets": [WIDGET]}), False),
        (json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "# Hi"}}]}), False),
        ("{", True),
        ("[]", True),
        (json.dumps({}), True),
        (json.dumps({"widgets": [{"type": "chart"}]}), True),
        (json.dumps({"widgets": [{**WIDGET, "x": 13}]}), True),
        (json.dumps({"widgets": [{**WIDGET, "properties": {"metrics": []}}]}), True),
    ],
)
def test_dashboard_body_is_validated(body: str, rejected: bool) -> None:
    assert bool(Account().codes(DASHBOARD, dashboardName="app", dashboardBody=body)) is rejected


def test_dashboard_name_must_be_valid_and_unique() -> None:
    account = Account()
    body = json.dumps({"widgets": []})
    account.make(DASHBOARD, "one", dashboardName="app", dashboardBody=body)
    assert account.codes(DASHBOARD, "two", dashboardName="app", dashboardBody=body) == {"ConflictException"}
    assert account.codes(DASHBOARD, dashboardName="my app", dashboardBody=body)
