"""Tests of policy statements."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from components.iam.statement import PolicyStatement


def test_document_has_actions_resources_and_conditions() -> None:
    statement = PolicyStatement(
        actions=["s3:GetObject"],
        resources=["arn:aws:s3:::files/*"],
        conditions={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    )

    assert statement.document() == {
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": ["arn:aws:s3:::files/*"],
        "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    }


@pytest.mark.parametrize(
    ("actions", "resources", "message"),
    [
        ([], ["*"], "a list is empty"),
        (["s3:GetObject"], [], "a list is empty"),
        (["GetObject"], ["*"], r"not the names of actions \(got GetObject\)"),
        (["*"], ["*"], r"not the names of actions \(got \*\)"),
        (["s3:*"], ["*"], "every action on every resource"),
    ],
)
def test_invalid_and_administrator_statements_are_rejected(
    actions: Sequence[str], resources: Sequence[str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        PolicyStatement(actions=actions, resources=resources)
