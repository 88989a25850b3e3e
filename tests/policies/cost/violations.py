"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.evaluation import ABSENT
from tests.policies.violations import Violation

REGIONS = ("eu-west-1", "eu-west-3", "eu-central-1", "us-east-1", "us-east-2", "us-west-2")

VIOLATIONS: Mapping[str, Violation] = {
    "COST-001": Violation("aws:budgets/budget:Budget", {}),
    "COST-002": Violation(
        "aws:lb/loadBalancer:LoadBalancer",
        {"region": "ap-southeast-2"},
        parameters={"regions": REGIONS},
        also=dict.fromkeys(("MON-003", "MON-004", "REG-004"), "its alarms stay in the first region"),
    ),
    "COST-003": Violation("aws:lb/loadBalancer:LoadBalancer", {"tags": ABSENT}),
}
