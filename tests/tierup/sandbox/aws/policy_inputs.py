"""Policy documents and roles that tests of several services share."""

from __future__ import annotations

import json
from typing import Any

from tierup.sandbox.aws.iam import ROLE, ROLE_POLICY
from tierup.sandbox.cloud import CloudResource

from .account import Account

ACCOUNT_ID = "123456789012"


def document(*statements: dict[str, Any]) -> str:
    """Return a policy as JSON."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """Return a statement that allows actions."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def trust(service: str, **condition: Any) -> str:
    """Return a trust policy for a service."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return document(statement | ({"Condition": condition} if condition else {}))


def key_policy(*services: str) -> str:
    """Return a key policy for the account and for services."""
    root = {**allow("kms:*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"}}
    return document(root, *({**allow("kms:*"), "Principal": {"Service": service}} for service in services))


def make_role(account: Account, name: str, service: str, *statements: dict[str, Any]) -> CloudResource:
    """Create a role that a service assumes, with the statements as its inline policy."""
    role = account.make(ROLE, name, name=name, assumeRolePolicy=trust(service))
    set_policy(account, role, *statements)
    return role


def set_policy(account: Account, role: CloudResource, *statements: dict[str, Any]) -> None:
    """Replace the inline policy of a role; no statements remove it."""
    for existing in list(account.cloud.find(ROLE_POLICY, role=role.id)):
        account.cloud.remove(existing)
    if statements:
        account.make(ROLE_POLICY, role.id, name="inline", role=role.id, policy=document(*statements))
