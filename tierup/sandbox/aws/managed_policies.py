"""IAM: the policies that AWS manages, by their ARNs.

`managed_policies.txt` lists path and name of each: those of moto 5.2.5 (iam/aws_managed_policies.py, last update
2026-09-30) and those of the enumeration iam.ManagedPolicy of pulumi-aws 7.51.1, both read 2026-11-28.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tierup.sandbox.behaviour import BehaviourRule, Call, Rejection, Stage, documented, located, rule

PREFIX = "arn:aws:iam::aws:policy/"


@cache
def managed_policies() -> frozenset[str]:
    """Return the path and name of every AWS managed policy ("service-role/AmazonECSTaskExecutionRolePolicy")."""
    return frozenset(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split())


def managed_policy_exists(path: str) -> BehaviourRule:
    """Return a rule: an ARN of an AWS managed policy at `path` exists."""

    @rule(
        "aws-managed-policy-exists",
        Stage.CREATE,
        Stage.UPDATE,
        source=documented(
            "moto 5.2.5, iam/aws_managed_policies.py, and iam.ManagedPolicy of pulumi-aws 7.51.1", read="2026-11-28"
        ),
    )
    def check(call: Call) -> Iterator[Rejection]:
        for at, arn in located(call.inputs, path):
            if not isinstance(arn, str) or not arn.startswith(PREFIX):
                continue
            name = arn.removeprefix(PREFIX)
            if name in managed_policies():
                continue
            bare = name.rpartition("/")[2]
            same = sorted(each for each in managed_policies() if each.rpartition("/")[2] == bare)
            near = same or difflib.get_close_matches(name, managed_policies(), n=1)
            hint = f" Did you mean {PREFIX}{near[0]}?" if near else ""
            yield Rejection(at, f"Policy {arn} does not exist or is not attachable.{hint}", "NoSuchEntity")

    return check
